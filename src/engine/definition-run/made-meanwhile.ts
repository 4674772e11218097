import type { BackupType } from '../../definition/retention/types.ts';
import type { RestorePoint } from '../../image/set/backup-set.ts';
import { openImageFolder } from '../../image/set/image-folder.ts';
import { scanFolder } from '../../image/set/scan-folder.ts';
import type { JobContext } from '../job-context.ts';
import type { ImageResult } from '../requests/image.ts';

const minute = 60_000;

/** A full has all that a differential would have, and that all that an incremental would have. */
export const ranks: Readonly<Record<BackupType, number>> = { full: 2, diff: 1, inc: 0 };

/**
 * A sound backup of the same or a greater type that the same definition has made since the minute in which a run of it
 * began, newest first: of schedules that were due at one minute, or while another backup took long, one is enough. What a
 * wrong clock has dated ahead was not made meanwhile: runs would make nothing until that date.
 * @param since milliseconds since 1970
 */
export async function madeMeanwhile(
	folder: string,
	definition: string,
	type: BackupType,
	since: number,
	context: JobContext,
): Promise<ImageResult | undefined> {
	const codec = context.createCodec();
	const due = Math.floor(since / minute) * minute;
	// Backups of one second are dated a second apart.
	const latest = context.ports.clock.now() + minute;
	const serves = (point: RestorePoint) =>
		point.time * 1000 >= due &&
		point.time * 1000 <= latest &&
		point.missing.length === 0 &&
		ranks[point.type] >= ranks[type] &&
		point.member.definitionFile === definition;
	try {
		const { sets } = await scanFolder(openImageFolder(folder), { codec }, context.signal);
		for (const { imageid, points } of sets) {
			const point = points.findLast(serves);
			if (point !== undefined) return asResult(imageid, point);
		}
		return undefined;
	} finally {
		codec.dispose();
	}
}

function asResult(imageId: string, { type, fileNumber, parts }: RestorePoint): ImageResult {
	return {
		files: parts.map(({ path }) => path),
		imageId,
		backupType: type,
		fileNumber,
		partitions: [],
		bytesRead: 0,
		bytesWritten: 0,
		seconds: 0,
		codec: 'none',
	};
}
