import { counted } from '../../base/quantity.ts';
import type { BackupSet, RestorePoint } from '../../image/set/backup-set.ts';
import type { SetMember } from '../../image/set/set-member.ts';
import { supersededPhrase } from '../../image/set/superseded.ts';
import type { BackupFileInfo, BackupSetInfo } from '../../protocol/backups.ts';
import { fileSystemName } from '../../protocol/file-system-name.ts';
import { pointDamage, setDamage } from './set-damage.ts';
import { verifiedOn, wasDamaged, type readVerified } from '../verified-record.ts';

/** A file of a set as clients see it. */
export function describeFile(
	set: BackupSet,
	point: RestorePoint,
	member: SetMember,
	noted: ReturnType<typeof readVerified>,
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
		verifiedOn: verifiedOn(noted, member),
		wasDamaged: wasDamaged(noted, member),
		damage: pointDamage(set, point),
	};
}

/** Names of partitions that the line of a set has for each disk. */
const mostNames = 6;

export function describeSet(set: BackupSet, folder: string, noted: ReturnType<typeof readVerified>): BackupSetInfo {
	const newest = set.points.at(-1)?.member ?? set.members.at(-1);
	const sources = (newest?.disks ?? []).map((partitions, d) => {
		const id = partitions[0]?.disk ?? '';
		const names = (newest?.contents[d] ?? []).map(fileSystemName);
		const more = names.length > mostNames ? ', …' : '';
		const list = names.length === 0 ? '' : `: ${names.slice(0, mostNames).join(', ')}${more}`;
		return `${id === '' ? 'Disk without id' : `Disk ${id}`}, ${counted(partitions.length, 'partition')}${list}`;
	});
	return {
		imageId: set.imageid,
		folder,
		files: set.points.flatMap((point) => point.parts.map((member) => describeFile(set, point, member, noted))),
		sources: sources.join('; '),
		size: [...set.members, ...set.superseded].reduce((sum, member) => sum + member.size, 0),
		damage: setDamage(set),
		aside: set.superseded.map((file) => supersededPhrase(set, file)),
	};
}
