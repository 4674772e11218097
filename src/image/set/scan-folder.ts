import { throwIfAborted } from '../../base/abort.ts';
import { isAfterimageError, toErrorRecord } from '../../base/errors.ts';
import { buildSet, type BackupSet, type DamagedFile } from './backup-set.ts';
import { imageExtension } from '../../base/image-file-name.ts';
import { isPathTo } from './file-name.ts';
import { TailSource, type ImageFolder } from './image-folder.ts';
import type { PayloadKeys } from '../metadata/metadata-read.ts';
import { readTail } from '../reader.ts';
import { memberOf, type SetMember } from './set-member.ts';

export interface FolderScan {
	/** Newest first, by the time of the last backup. */
	readonly sets: readonly BackupSet[];
	/** Files with an image's name that cannot be read and that no set here is known to have. */
	readonly damaged: readonly DamagedFile[];
}

/** What is read of each file at once: root list and footer, in nearly every file. */
const tailLength = 16 * 1024;
/** Files between two pauses that let other work run. */
const filesPerTurn = 32;

/**
 * Finds the backup sets of a folder. Of each file only the tail is read.
 * @throws AfterimageError `cancelled`, or what listing the folder throws
 */
export async function scanFolder(folder: ImageFolder, keys: PayloadKeys, signal?: AbortSignal): Promise<FolderScan> {
	const files = new Map<string, SetMember[]>();
	const damaged: DamagedFile[] = [];
	const names = (await folder.list()).filter((name) => name.toLowerCase().endsWith(imageExtension)).sort();
	for (const [i, name] of names.entries()) {
		if (i % filesPerTurn === 0) {
			await new Promise((resume) => setImmediate(resume));
			throwIfAborted(signal);
		}
		try {
			const member = await readMember(folder, name, keys);
			const id = member.header.imageid.toUpperCase();
			const set = files.get(id);
			if (set === undefined) files.set(id, [member]);
			else set.push(member);
		} catch (error) {
			if (isAfterimageError(error, 'cancelled')) throw error;
			damaged.push({ name, path: folder.pathOf(name), error: toErrorRecord(error) });
		}
	}
	const claimed = new Set<DamagedFile>();
	const ofSet = (id: string, members: readonly SetMember[]) => {
		const own = damaged.filter((file) => file.name.toUpperCase().startsWith(id) || isInHistory(members, file.name));
		for (const file of own) claimed.add(file);
		return own;
	};
	const newest = (set: BackupSet) => set.members.reduce((time, { header }) => Math.max(time, header.backup_time), 0);
	const sets = [...files].map(([id, members]) => buildSet(id, members, ofSet(id, members)));
	return {
		sets: sets.sort((a, b) => newest(b) - newest(a)),
		damaged: damaged.filter((file) => !claimed.has(file)),
	};
}

function isInHistory(members: readonly SetMember[], name: string): boolean {
	return members.some(({ history }) => [...history.values()].some((path) => isPathTo(path, name)));
}

/** Reads the tail of one file. @throws AfterimageError `image-damaged`, or what opening and reading throw */
export async function readMember(folder: ImageFolder, name: string, keys: PayloadKeys): Promise<SetMember> {
	const { size, bytes } = await folder.tail(name, tailLength);
	const source = new TailSource(size, bytes, () => folder.open(name));
	return memberOf(name, folder.pathOf(name), await readTail(source, keys));
}
