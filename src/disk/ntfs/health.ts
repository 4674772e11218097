import type { ByteSource } from '../../base/bytes.ts';
import { isAfterimageError } from '../../base/errors.ts';
import type { OpenOptions } from '../filesystem.ts';
import { attributeTypes } from './records/attribute.ts';
import type { Geometry } from './boot-sector.ts';
import { logDirtyReason } from './log-file.ts';
import { mirrorDirtyReason } from './mirror.ts';
import { systemRecords, type Mft } from './records/mft.ts';
import { findPagingFiles, isHibernated, type PagingFile } from './paging-files.ts';
import { StreamSource, systemStream } from './records/stream.ts';
import { readVolumeInfo } from './volume-info.ts';

export interface VolumeHealth {
	readonly label: string;
	/** Why the maps on disk cannot be trusted; undefined when they can. */
	readonly dirty: string | undefined;
	readonly pagingFiles: readonly PagingFile[];
}

/**
 * Looks for every sign that the maps on disk are not the truth: the dirty flag, a hibernated Windows, a log to replay, a
 * mirror of the $MFT that disagrees, a damaged structure on the way to one of these.
 * @throws AfterimageError `read-error`, `cancelled`
 */
export async function inspectHealth(
	volume: ByteSource,
	geometry: Geometry,
	mft: Mft,
	options: OpenOptions,
): Promise<VolumeHealth> {
	let label = '';
	let pagingFiles: readonly PagingFile[] = [];
	const inspect = async () => {
		const info = readVolumeInfo(await mft.file({ number: systemRecords.volume, sequence: 0 }));
		label = info.label;
		if (info.dirty !== undefined) return info.dirty;
		pagingFiles = await findPagingFiles(volume, geometry, mft, options.signal);
		if (await isHibernated(pagingFiles, volume, geometry.clusterSize))
			return 'Windows is hibernated (hiberfil.sys): it keeps metadata of the volume in memory';
		// A shadow copy is taken while Windows has the volume in use, so that its log never looks cleanly closed. Before,
		// NTFS must force its structures on disk into a consistent and up-to-date state and let nobody change them until
		// the copy is there (IOCTL_VOLSNAP_FLUSH_AND_HOLD_WRITES, ntifs.h); what the log still holds is on disk already. This is
		// Microsoft's word: a volume that breaks it cannot be told from one that keeps it. One shadow copy of a real Windows was
		// held against what Macrium Reflect stored of it, block by block (test/interop). The dirty flag and a hibernated
		// Windows count all the same.
		if (options.frozen === true) return undefined;
		const { attributes } = await mft.file({ number: systemRecords.logFile, sequence: 0 });
		const log = systemStream(attributes, attributeTypes.data, '$LogFile', geometry);
		return (
			(await logDirtyReason(new StreamSource(volume, geometry.clusterSize, log))) ??
			(await mirrorDirtyReason(volume, geometry, mft))
		);
	};
	const dirty = await inspect().catch((error: unknown) => {
		if (isAfterimageError(error, 'structure-damaged')) return error.message;
		throw error;
	});
	return { label, dirty, pagingFiles };
}
