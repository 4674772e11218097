import type { ImageRequest } from '../../src/engine/requests/image.ts';
import type { RestoreRequest } from '../../src/engine/requests/restore.ts';

/** A full image of whole sources, as the command line asks for it without options. */
export function imageRequest(folder: string, paths: readonly string[], more: Partial<ImageRequest> = {}): ImageRequest {
	return {
		sources: paths.map((path) => ({ path, partitions: undefined })),
		folder,
		type: 'full',
		name: '',
		compression: 'medium',
		password: undefined,
		aes: 'aes-256',
		splitSize: undefined,
		allSectors: false,
		verify: false,
		comment: '',
		skipBadSectors: false,
		minFree: undefined,
		...more,
	};
}

/** A restore of the whole of an image that holds one disk, read back; free space is left alone. */
export function restoreRequest(file: string, target: string, more: Partial<RestoreRequest> = {}): RestoreRequest {
	return {
		file,
		target,
		disk: undefined,
		partitions: undefined,
		password: undefined,
		delta: false,
		verify: true,
		freeSpace: 'keep',
		newDiskId: false,
		skipBadBlocks: false,
		into: undefined,
		grow: undefined,
		...more,
	};
}
