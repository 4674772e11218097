import { realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { AfterimageError } from '../../base/errors.ts';
import { estimateMerge, mergeRange, type RangeOfSet } from '../chain/merge-range.ts';
import { clearLeftovers } from '../backup/destination/leftovers.ts';
import { lockFolder } from '../folder-lock.ts';
import { logInfo, type JobContext } from '../job-context.ts';
import { findPoint, supersededError, type NamedPoint } from '../load/open-image.ts';
import { expectFolder } from '../ports/expect-path.ts';
import { Progress } from '../progress.ts';
import type { MergeRequest, MergeResult } from '../requests/retention.ts';

/** Makes one file of a range of a set; the merge that begins with the full rolls it forward (synthetic full). */
export async function runMerge(request: MergeRequest, context: JobContext): Promise<MergeResult> {
	const { clock, processes } = context.ports;
	const started = clock.passed();
	const [first] = request.files;
	if (first === undefined) throw new AfterimageError('invalid-argument', 'A merge needs at least two files');
	const codec = context.createCodec();
	const folder = dirname(resolve(first));
	expectFolder(folder, 'source-missing');
	const say = (message: string) => logInfo(context, message);
	const lock = request.dryRun ? undefined : lockFolder(folder, 'merge', processes, clock, say);
	const progress = new Progress(clock, context.emit);
	try {
		if (!request.dryRun) await clearLeftovers(folder, context);
		const named = await findPoint(first, codec, context.signal);
		const range = { folder: named.folder, set: named.set, ...rangeOf(named, request.files) };
		const result = request.dryRun
			? await estimateMerge(range, codec, context.signal)
			: await mergeRange(range, codec, progress, context);
		return { ...result, dryRun: request.dryRun, seconds: (clock.passed() - started) / 1000 };
	} finally {
		progress.stop();
		lock?.release();
		codec.dispose();
	}
}

/**
 * File numbers of the oldest and newest backup that are named.
 * @throws AfterimageError `invalid-argument` for a gap, a single backup, a copy or a file of no backup
 */
function rangeOf({ set }: NamedPoint, files: readonly string[]): Pick<RangeOfSet, 'oldest' | 'newest'> {
	const known = new Map(set.points.flatMap(({ parts }, i) => parts.map((part) => [realPath(part.path), i] as const)));
	const places = files.map((file) => {
		const path = resolve(file);
		const real = realPath(path);
		const place = known.get(real);
		if (place !== undefined) return place;
		const copy = set.superseded.find((one) => realPath(one.path) === real);
		if (copy !== undefined) throw supersededError(set, copy, path);
		throw new AfterimageError('invalid-argument', `${path} is no backup of set ${set.imageid}`, { details: { path } });
	});
	const [from, to] = [Math.min(...places), Math.max(...places)];
	if (from === to) {
		const names = [...new Set(files.map((file) => resolve(file)))];
		const what = names.length === 1 ? `${names[0]!} alone is named` : `${names.join(' and ')} are one backup`;
		throw new AfterimageError('invalid-argument', `${what}: nothing to merge`, {
			advice: 'Name at least two backups of the set.',
		});
	}
	const gap = set.points.slice(from, to + 1).find((_, i) => !places.includes(from + i));
	if (gap !== undefined) {
		throw new AfterimageError('invalid-argument', `${gap.member.path} lies between the files and is not named`, {
			advice: 'Name every file of the range.',
			details: { path: gap.member.path },
		});
	}
	return { oldest: set.points[from]!.fileNumber, newest: set.points[to]!.fileNumber };
}

/** One path for all that lead to a file; the path itself where there is none. */
function realPath(path: string): string {
	try {
		return realpathSync.native(path);
	} catch {
		return path;
	}
}
