import type { BackupSet, RestorePoint } from '../image/backup-set.ts';
import type { SetMember } from '../image/set-member.ts';
import type { BackupFileInfo } from '../protocol/backups.ts';

/** A file of a set as clients see it. */
export function describeFile(
	set: BackupSet,
	point: RestorePoint,
	member: SetMember,
	verifiedOn?: string,
): BackupFileInfo {
	const { header } = member;
	return {
		path: member.path,
		name: member.name,
		type: header.backup_type,
		time: new Date(header.backup_time * 1000).toISOString(),
		size: member.size,
		fileNumber: header.file_number,
		incrementNumber: header.increment_number,
		merged: header.merged_files,
		parent: point.parent?.member.name,
		encrypted: member.encryption.enable,
		split: point.parts.length > 1,
		comment: member.comment,
		verifiedOn,
		damage: damageOf(set, point),
	};
}

/** What a point lacks, in words; undefined when nothing. */
export function damageOf(set: BackupSet, point: RestorePoint): string | undefined {
	if (point.missing.length > 0) {
		const names = point.missing.map((file) => file.path ?? `file number ${file.fileNumber}`);
		return `missing: ${names.join(', ')}`;
	}
	if (point.type !== 'full' && point.parent === undefined) return `the full of set ${set.imageid} is missing`;
	return undefined;
}
