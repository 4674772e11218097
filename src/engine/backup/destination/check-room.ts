import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { imageExtension } from '../../../base/image-file-name.ts';
import { formatBytes } from '../../../base/quantity.ts';
import { logWarning, type JobContext } from '../../job-context.ts';
import type { ImageRequest } from '../../requests/image.ts';

/**
 * Warns when a full may not fit: more is in use than its folder has room for. It is no error, as compression may make it
 * fit. Where the run deletes the oldest sets to keep room free, theirs counts as free.
 * @param used bytes that the full stores before compression
 */
export async function checkRoom(request: ImageRequest, used: number, context: JobContext): Promise<void> {
	const { folder, minFree, compression } = request;
	const { free } = await context.ports.volumes.placeOf(folder);
	if (free === undefined) return;
	const room = minFree === undefined ? free : free + imageBytes(folder) - minFree;
	if (used <= room) return;
	const kept = minFree === undefined ? '' : `, of which ${formatBytes(minFree)} are to stay free`;
	const outlook = compression === 'none' ? 'it does not fit' : 'only compression can make it fit';
	logWarning(
		context,
		`${formatBytes(used)} are in use and go into the image, ${formatBytes(free)} are free in ${folder}${kept}: ${outlook}`,
		'Make room there, choose another folder, or leave partitions out. A backup that does not fit leaves earlier ones as they are.',
	);
}

/** Bytes of the images of a folder. */
function imageBytes(folder: string): number {
	return readdirSync(folder)
		.filter((name) => name.endsWith(imageExtension))
		.reduce((sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0), 0);
}
