import { AfterimageError, isAfterimageError } from '../../base/errors.ts';
import type { Chain } from '../../image/set/chain.ts';
import type { RestorePreview } from '../../protocol/restore.ts';
import { nameDamage } from '../file-walk/name-damage.ts';
import { toWalk } from '../file-walk/open-partition.ts';
import type { PartitionDamage } from '../file-walk/results.ts';
import { logWarning, type JobContext } from '../job-context.ts';
import { planLoad } from '../load/load-plan.ts';
import { findPoint, neededFiles, openChainFiles, openNamed, type ChainFiles } from '../load/open-image.ts';
import { removeMade } from '../ports/raw-file.ts';
import { Progress } from '../progress.ts';
import type { RestoreRequest, RestoreResult } from '../requests/restore.ts';
import type { BadBlockReport } from '../requests/verify.ts';
import { preparePlan } from '../restore/prepare.ts';
import type { RestoreSource } from '../restore/restore-source.ts';
import { ShrinkWork } from '../restore/shrink/shrink-work.ts';
import { previewOf } from '../restore/preview.ts';
import { partitionReader } from '../restore/read-partition.ts';
import { writeTarget } from '../restore/write/write-target.ts';

/**
 * Writes a disk of an image, or some of its partitions, to a device or raw file, through one descriptor; data first, the
 * partition table last. Whatever can be refused is refused before the first write.
 */
export async function runRestore(request: RestoreRequest, context: JobContext): Promise<RestoreResult> {
	const { disks, clock } = context.ports;
	const started = clock.passed();
	return withSource(request, context, async (source, opened) => {
		const { shrinking: tools } = context.ports;
		const shrinking = tools && request.shrink ? new ShrinkWork(opened, tools, context) : undefined;
		const access = {
			create: (path: string, createSize: number) => disks.openTarget(path, { createSize }),
			open: (path: string, identity: string | undefined) => disks.openTarget(path, { identity }),
			shrinking,
		};
		try {
			const plan = await preparePlan(request, source, access, context.ports);
			try {
				const result = await writeTarget(request, plan, opened, context);
				const damage = await namesOf(result.bad, source, context);
				return { ...result, damage, seconds: (clock.passed() - started) / 1000 };
			} catch (error) {
				if (plan.created) await removeMade(plan.target);
				throw error;
			} finally {
				await plan.target.close();
			}
		} finally {
			await shrinking?.remove();
		}
	});
}

/** What was lost. All is restored by then, so that nobody who does not want to wait for the names loses it. */
async function namesOf(
	bad: readonly BadBlockReport[],
	{ chain, loads }: RestoreSource,
	context: JobContext,
): Promise<readonly PartitionDamage[]> {
	try {
		const progress = new Progress(context.ports.clock, context.emit);
		return await nameDamage(toWalk(loads, bad), neededFiles(chain), progress, context);
	} catch (error) {
		if (!isAfterimageError(error, 'cancelled')) throw error;
		logWarning(context, 'Cancelled while files in damaged blocks were looked for: all else is restored');
		return [];
	}
}

/** Refuses what {@link runRestore} would, and tells what it would write and where; opens the target only to read it. */
export async function previewRestore(request: RestoreRequest, context: JobContext): Promise<RestorePreview> {
	const { disks } = context.ports;
	return withSource(request, context, async (source) => {
		const access = {
			create: async () => undefined,
			open: (path: string) => disks.openSource(path),
			shrinking: undefined,
		};
		const plan = await preparePlan(request, source, access, context.ports);
		try {
			return previewOf(request, plan);
		} finally {
			await plan.target?.close();
		}
	});
}

async function withSource<R>(
	request: RestoreRequest,
	context: JobContext,
	use: (source: RestoreSource, opened: ChainFiles) => Promise<R>,
): Promise<R> {
	const codec = context.createCodec();
	try {
		const named = await findPoint(request.file, codec, context.signal);
		const chain = await openNamed(named, codec, request.password);
		const place = chooseDisk(chain, request.disk);
		const choice = { disk: place, partitions: request.partitions, sample: undefined };
		const loads = await planLoad(chain, choice, context.signal);
		const { members, superseded } = named.set;
		const images = [...members, ...superseded].map((member) => member.path);
		const opened = await openChainFiles(chain);
		try {
			const read = partitionReader(chain, context);
			return await use({ chain, place, loads, images, read, signal: context.signal }, opened);
		} finally {
			await opened.close();
		}
	} finally {
		codec.dispose();
	}
}

function chooseDisk(chain: Chain, number: number | undefined): number {
	const numbers = chain.manifest.disks.map((disk) => disk._header.disk_number);
	const place = number === undefined ? (numbers.length === 1 ? 0 : -1) : numbers.indexOf(number);
	if (place !== -1) return place;
	throw new AfterimageError(
		'invalid-argument',
		number === undefined
			? `The image holds disks ${numbers.join(', ')}: which of them?`
			: `The image holds no disk ${number}; it holds ${numbers.join(', ')}`,
		{ advice: 'Choose one with --disk.' },
	);
}
