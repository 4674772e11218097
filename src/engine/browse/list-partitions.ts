import { toErrorRecord } from '../../base/errors.ts';
import { openImageFile } from '../../image/file-source.ts';
import type { ManifestPartition } from '../../image/manifest.ts';
import { unlock } from '../../image/password.ts';
import { readTail } from '../../image/reader.ts';
import type { BackedUpPartition } from '../../protocol/files.ts';
import type { JobContext } from '../job-context.ts';
import { findPoint } from '../load/open-image.ts';
import type { PartitionsRequest } from '../requests/files.ts';
import { asImageDamage } from './image-damage.ts';
import { isUnreadable } from './read-files.ts';
import type { Sessions } from './sessions.ts';

/** File systems that the image itself names, and whose files can be read. */
const known = new Set(['NTFS', 'FAT12', 'FAT16', 'FAT32', 'exFAT', 'ext']);

/**
 * The partitions of a backup, by disk and number. What the image does not name is looked at in its blocks.
 * @throws AfterimageError `password-needed`, `wrong-password`, `source-missing`, `file-missing`, `image-damaged`, `cancelled`
 */
export async function listPartitions(
	request: PartitionsRequest,
	sessions: Sessions,
	context: JobContext,
): Promise<readonly BackedUpPartition[]> {
	const { disks } = await readManifest(request, context);
	const listed: BackedUpPartition[] = [];
	for (const disk of disks) {
		for (const partition of disk.partitions) {
			listed.push(await describePartition(disk._header.disk_number, partition, request, sessions, context));
		}
	}
	return listed.sort((a, b) => a.disk - b.disk || a.partition - b.partition);
}

async function readManifest({ image, password }: PartitionsRequest, context: JobContext) {
	const codec = context.createCodec();
	try {
		const { point } = await findPoint(image, codec, context.signal);
		await unlock(point.member.encryption, point.member.header.imageid, password);
		const file = await openImageFile(point.member.path);
		try {
			return (await readTail(file, { codec })).manifest;
		} finally {
			await file.close();
		}
	} finally {
		codec.dispose();
	}
}

async function describePartition(
	disk: number,
	{ _header, _geometry, _file_system }: ManifestPartition,
	{ image, password }: PartitionsRequest,
	sessions: Sessions,
	context: JobContext,
): Promise<BackedUpPartition> {
	const partition = _header.partition_number;
	const facts = { disk, partition, label: _file_system.volume_label, size: _geometry.length };
	if (known.has(_file_system.type)) return { ...facts, fileSystem: _file_system.type };
	try {
		const fileSystem = await sessions.use(
			{ image, disk, partition },
			password,
			context,
			async (session) => session.partition.fileSystem,
		);
		return { ...facts, fileSystem };
	} catch (error) {
		const said = asImageDamage(error);
		if (!isUnreadable(said)) throw said;
		const objection = toErrorRecord(said);
		const found = objection.details?.['fileSystem'];
		return { ...facts, fileSystem: typeof found === 'string' ? found : _file_system.type, objection };
	}
}
