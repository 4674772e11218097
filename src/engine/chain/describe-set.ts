import { counted } from '../../base/quantity.ts';
import type { BackupSet, RestorePoint } from '../../image/backup-set.ts';
import type { SetMember } from '../../image/set-member.ts';
import { supersededPhrase } from '../../image/superseded.ts';
import type { BackupFileInfo, BackupSetInfo } from '../../protocol/backups.ts';
import { pointDamage, setDamage } from './set-damage.ts';
import { verifiedOn, type readVerified } from '../verified-record.ts';

/** A file of a set as clients see it. */
export function describeFile(
	set: BackupSet,
	point: RestorePoint,
	member: SetMember,
	verified: string | undefined,
): BackupFileInfo {
	const { header } = member;
	return {
		path: member.path,
		name: member.name,
		type: header.backup_type,
		time: new Date(header.backup_time * 1000).toISOString(),
		size: member.size,
		uniqueBytes: member.dataEnd,
		fileNumber: header.file_number,
		incrementNumber: header.increment_number,
		merged: header.merged_files,
		parent: point.parent?.member.name,
		encrypted: member.encryption.enable,
		split: point.parts.length > 1,
		comment: member.comment,
		verifiedOn: verified,
		damage: pointDamage(set, point),
	};
}

export function describeSet(set: BackupSet, folder: string, verified: ReturnType<typeof readVerified>): BackupSetInfo {
	const newest = set.points.at(-1)?.member ?? set.members.at(-1);
	const sources = (newest?.disks ?? []).map((partitions) => {
		const id = partitions[0]?.disk ?? '';
		return `${id === '' ? 'Disk without id' : `Disk ${id}`}, ${counted(partitions.length, 'partition')}`;
	});
	return {
		imageId: set.imageid,
		folder,
		files: set.points.flatMap((point) =>
			point.parts.map((member) => describeFile(set, point, member, verifiedOn(verified, member))),
		),
		sources: sources.join('; '),
		size: [...set.members, ...set.superseded].reduce((sum, member) => sum + member.size, 0),
		damage: setDamage(set),
		aside: set.superseded.map((file) => supersededPhrase(set, file)),
	};
}
