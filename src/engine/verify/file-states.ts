import { statSync, type Stats } from 'node:fs';
import type { SetMember } from '../../image/set/set-member.ts';
import { isSameTime } from '../ports/file-times.ts';
import { openFailure } from '../ports/system-errors.ts';

/** Files of a set as they were: another run may merge and delete some while they are read, and they take no harm from it. */
export class FileStates {
	readonly #before: ReadonlyMap<SetMember, Stats | undefined>;

	constructor(members: readonly SetMember[]) {
		this.#before = new Map(members.map((member) => [member, stateOf(member)]));
	}

	/** What has become of the first of the members that is no more what it was, in words; undefined when all are. */
	changed(members: readonly SetMember[]): string | undefined {
		for (const member of members) {
			const [before, now] = [this.#before.get(member), stateOf(member)];
			if (now === undefined) return `${member.path} has gone: another run has merged or deleted it meanwhile`;
			// Not by the number of its inode: some network file systems make up another one at any time.
			const same = before !== undefined && isSameTime(before.mtimeMs, now.mtimeMs) && now.size === member.size;
			if (!same) return `${member.path} has changed: another run has merged or replaced it meanwhile`;
		}
		return undefined;
	}
}

function stateOf({ path }: SetMember): Stats | undefined {
	try {
		return statSync(path, { throwIfNoEntry: false });
	} catch (error) {
		throw openFailure(error, path, 'file-missing');
	}
}
