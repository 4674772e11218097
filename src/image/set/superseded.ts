import type { BackupSet } from './backup-set.ts';
import { bearsOwnName, numbersOf, type SetMember } from './set-member.ts';

/** What a file of a set is that is none of its members, as far as tails tell. */
export interface SupersededFile {
	/**
	 * `leftover`: a merge absorbed it and was interrupted before it had removed it. `copy`: the same as the member.
	 * `copy-of-absorbed`, `copy-from-before`: somebody's copy, made before the member was merged, of a file that the member
	 * has absorbed, or of the member. `other`: another backup that claims a number of the member.
	 */
	readonly kind: 'leftover' | 'copy' | 'copy-of-absorbed' | 'copy-from-before' | 'other';
	/** The member that stands for its number; undefined when sets were mixed so that none does. */
	readonly member: SetMember | undefined;
}

/** @param file one of `set.superseded` */
export function explainSuperseded(set: Pick<BackupSet, 'members'>, file: SetMember): SupersededFile {
	const number = file.header.file_number;
	const member = set.members.find((one) => numbersOf(one).includes(number));
	return { kind: member === undefined ? 'other' : kindOf(file, member), member };
}

function kindOf(file: SetMember, member: SetMember): SupersededFile['kind'] {
	if (file.header.backup_time > member.header.backup_time) return 'other';
	if (member.header.file_number !== file.header.file_number) {
		// What a merge leaves has the name that the set gave it; under another name somebody keeps it.
		return bearsOwnName(file) && bearsOwnName(member) ? 'leftover' : 'copy-of-absorbed';
	}
	if (member.header.merged_files.length > file.header.merged_files.length) return 'copy-from-before';
	return file.header.backup_time === member.header.backup_time && file.size === member.size ? 'copy' : 'other';
}

/** `copy.mrimgx is a copy of X-01-01.mrimgx` @param called what the sentence calls the file */
export function supersededPhrase(set: Pick<BackupSet, 'members'>, file: SetMember, called = file.name): string {
	const { kind, member } = explainSuperseded(set, file);
	const name = member?.name ?? 'a file of its set';
	switch (kind) {
		case 'leftover':
			return `${called} was merged into ${name}`;
		case 'copy':
			return `${called} is a copy of ${name}`;
		case 'copy-of-absorbed':
			return `${called} is a copy of a backup that was merged into ${name}`;
		case 'copy-from-before':
			return `${called} is a copy of ${name} from before others were merged into it`;
		case 'other':
			return `${called} is another backup with a number that ${name} has`;
	}
}
