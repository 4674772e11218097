import { dirname } from 'node:path';
import { checkLoads } from '../load/check-loads.ts';
import { checkFileSystems } from '../file-walk/check-file-systems.ts';
import { nameDamage } from '../file-walk/name-damage.ts';
import { toWalk } from '../file-walk/open-partition.ts';
import { problemsIn } from '../file-walk/words.ts';
import type { JobContext } from '../job-context.ts';
import { bytesOf, planLoad } from '../load/load-plan.ts';
import { findPoint, neededFiles, openChainFiles, openNamed } from '../load/open-image.ts';
import type { LoadedBatch } from '../pipeline/types.ts';
import { Progress } from '../progress.ts';
import type { BadBlockReport, VerifyRequest, VerifyResult } from '../requests/verify.ts';
import { noteDamaged, noteVerified } from '../verified-record.ts';
import { FileStates } from '../verify/file-states.ts';
import { tellUnnotedDamage } from '../verify/unnoted.ts';

/**
 * Decodes every block that a restore of the file would read, in whatever file of the set it lies, and compares its MD5. Tells
 * which files lie in bad ones, and when it is asked for, whether the file systems in the image can be read.
 */
export async function runVerify(request: VerifyRequest, context: JobContext): Promise<VerifyResult> {
	const { clock } = context.ports;
	const started = clock.passed();
	const codec = context.createCodec();
	try {
		const named = await findPoint(request.file, codec, context.signal);
		const { parts } = named.point;
		const states = new FileStates(parts);
		const chain = await openNamed(named, codec, request.password);
		const loads = await planLoad(
			chain,
			{ disk: undefined, partitions: undefined, sample: request.sample },
			context.signal,
		);
		const opened = await openChainFiles(chain);
		const pool = context.createPool();
		const progress = new Progress(clock, context.emit);
		try {
			progress.start('verify', bytesOf(loads));
			const count = ({ rawBytes, storedBytes }: LoadedBatch) => progress.add(rawBytes, storedBytes, 0);
			const bad: BadBlockReport[] = [];
			await checkLoads(loads, opened.files, pool, count, (report) => bad.push(report), context.signal);
			progress.stop();
			const partitions = toWalk(loads, bad);
			const files = neededFiles(chain);
			const damage = await nameDamage(partitions, files, progress, context);
			const fileSystems =
				request.fileSystems === true ? await checkFileSystems(partitions, files, progress, context) : undefined;
			const sampled = request.sample !== undefined && request.sample < 1;
			const paths = parts.map((part) => part.path);
			// What a merge has put in its place meanwhile was not read.
			const same = states.changed(parts) === undefined;
			if (same && bad.length > 0) {
				if (!noteDamaged(paths)) tellUnnotedDamage(dirname(named.path), context);
			} else if (same && !sampled && problemsIn(fileSystems ?? []) === 0) noteVerified(paths, new Date(clock.now()));
			const steps = loads.flatMap((load) => load.steps);
			return {
				file: named.path,
				files: [...new Set([...opened.files.values()].map((file) => file.path))],
				blocks: steps.reduce((sum, step) => sum + step.blocks, 0),
				bytes: bytesOf(loads),
				sampled,
				bad,
				damage,
				fileSystems,
				seconds: (clock.passed() - started) / 1000,
			};
		} finally {
			progress.stop();
			await pool.close();
			await opened.close();
		}
	} finally {
		codec.dispose();
	}
}
