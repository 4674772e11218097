import type { BackupFile, BackupSet as RetentionSet } from '../../definition/retention/types.ts';
import type { BackupSet } from '../../image/set/backup-set.ts';
import type { SetMember } from '../../image/set/set-member.ts';
import { explainSuperseded } from '../../image/set/superseded.ts';
import type { VerifiedNotes } from '../verified-record.ts';
import { notedDamage } from './noted-damage.ts';
import { setDamage } from './set-damage.ts';

/**
 * A set as the retention planner knows it. One whose newest backup was found damaged does not make an older one superfluous.
 * @param matching it holds exactly the partitions that the rules are about
 * @param noted what was noted of verifications in its folder
 */
export function retentionSet(set: BackupSet, matching: boolean, noted: VerifiedNotes): RetentionSet {
	const tip = set.points.at(-1);
	const found = tip === undefined ? undefined : notedDamage(tip, noted);
	const damage = [...setDamage(set), ...(found === undefined ? [] : [found])];
	const newest = set.members.at(-1) ?? set.superseded.at(-1);
	return {
		id: set.imageid,
		time: (newest?.header.backupset_time ?? 0) * 1000,
		files: [...set.members, ...absorbedFiles(set)].map(retentionFile),
		matching,
		damage: damage.length === 0 ? undefined : damage.join('; '),
	};
}

/** Files that a merge has absorbed and that are still there. What somebody has copied is nobody's leftover. */
export function absorbedFiles(set: BackupSet): SetMember[] {
	return set.superseded.filter((file) => explainSuperseded(set, file).kind === 'leftover');
}

function retentionFile({ path, size, header, encryption }: SetMember): BackupFile {
	return {
		name: path,
		fileNumber: header.file_number,
		incrementNumber: header.increment_number,
		type: header.backup_type,
		time: header.backup_time * 1000,
		bytes: size,
		split: header.split_file,
		mergedFiles: header.merged_files,
		encrypted: encryption.enable,
	};
}
