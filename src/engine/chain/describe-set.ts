import { counted } from '../../base/quantity.ts';
import type { BackupSet, DamagedFile, RestorePoint } from '../../image/set/backup-set.ts';
import { reasonOf } from '../../image/set/missing-files.ts';
import type { SetMember } from '../../image/set/set-member.ts';
import { supersededPhrase } from '../../image/set/superseded.ts';
import type { BackupFileInfo, BackupSetInfo, UnreadableImage } from '../../protocol/backups.ts';
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
	const disks = (newest?.disks ?? []).map((partitions, d) => ({
		id: partitions[0]?.disk ?? '',
		count: partitions.length,
		contents: (newest?.contents[d] ?? []).map(fileSystemName),
	}));
	const sources = disks.map(({ id, count, contents }) => {
		const more = contents.length > mostNames ? ', …' : '';
		const list = contents.length === 0 ? '' : `: ${contents.slice(0, mostNames).join(', ')}${more}`;
		return `${id === '' ? 'Disk without id' : `Disk ${id}`}, ${counted(count, 'partition')}${list}`;
	});
	return {
		imageId: set.imageid,
		folder,
		files: set.points.flatMap((point) => point.parts.map((member) => describeFile(set, point, member, noted))),
		sources: sources.join('; '),
		disks: disks.map(({ id, contents }) => ({ id, contents })),
		size: [...set.members, ...set.superseded].reduce((sum, member) => sum + member.size, 0),
		damage: setDamage(set),
		unreadable: set.damaged.map(describeUnreadable),
		aside: set.superseded.map((file) => supersededPhrase(set, file)),
	};
}

export function describeUnreadable(file: DamagedFile): UnreadableImage {
	return { path: file.path, reason: reasonOf(file), denied: file.error.code === 'permission-denied' };
}
