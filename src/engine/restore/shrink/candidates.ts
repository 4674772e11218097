import { AfterimageError, isAfterimageError } from '../../../base/errors.ts';
import { counted, formatBytes } from '../../../base/quantity.ts';
import { shrinkableVolume } from '../../../disk/shrinkable.ts';
import { asImageDamage } from '../../browse/image-damage.ts';
import { checkNumber, type PartitionLoad } from '../../load/load-plan.ts';
import type { ShrinkKind } from '../../ports/shrink-port.ts';
import type { RestoreRequest, ShrinkWish } from '../../requests/restore.ts';
import type { RestoreSource } from '../restore-source.ts';
import { alignment } from '../table/pack.ts';
import { insteadOfShrinking } from './instead.ts';
import type { Shareable } from './share-lengths.ts';

/** A partition whose file system can be made smaller. */
export interface Candidate extends Shareable {
	readonly load: PartitionLoad;
	readonly kind: ShrinkKind;
	/** `Partition 2 (ext4)`, for messages. */
	readonly what: string;
}

/**
 * What may become smaller, by the wishes of a request. Reads of the image how much of each partition is in use.
 * @throws AfterimageError `invalid-argument` for wishes that contradict each other or the image, `not-supported` for what cannot be
 * made smaller, with what can be done instead
 */
export async function candidatesOf(
	wishes: readonly ShrinkWish[],
	source: RestoreSource,
	signal: AbortSignal,
): Promise<Candidate[]> {
	const candidates: Candidate[] = [];
	for (const { partition: number, size } of wishes) {
		const load = loadOf(number, source);
		if (candidates.some((one) => one.load === load)) throw invalid(`Partition ${number} is to shrink twice`);
		const found = await lookAt(load, source, signal);
		if (typeof found === 'string') {
			throw new AfterimageError('not-supported', `Partition ${number} (${found}) cannot be made smaller`, {
				advice: insteadOfShrinking(found),
				details: { partition: number },
			});
		}
		const { start, length } = load.partition._geometry;
		const { kind, type, least } = found;
		const what = `Partition ${number} (${type})`;
		if (size !== undefined) checkWish(what, size, length);
		const whole = size === undefined ? undefined : Math.floor(size / alignment) * alignment;
		candidates.push({ load, number, start, length, size: whole, least, kind, what });
	}
	return candidates;
}

/** Everything of a source that can become smaller. @throws AfterimageError `read-error`, `image-damaged`, `cancelled` */
export async function allCandidates(source: RestoreSource, signal: AbortSignal): Promise<Candidate[]> {
	const wishes: ShrinkWish[] = [];
	for (const load of source.loads) {
		const found = await lookAt(load, source, signal);
		if (typeof found !== 'string') wishes.push({ partition: load.partition._header.partition_number, size: undefined });
	}
	return candidatesOf(wishes, source, signal);
}

/** @throws AfterimageError `invalid-argument` for options that `--shrink` excludes */
export function checkShrinking({ shrink, temporary, into, grow, skipBadBlocks }: RestoreRequest): void {
	if (shrink === undefined) {
		if (temporary === undefined) return;
		throw invalid('A folder for temporary copies is named, but no partition is to shrink', 'Leave out --temporary.');
	}
	if (shrink.length === 0) throw invalid('No partition is named that is to shrink');
	if (grow !== undefined) throw invalid('No partition can grow while others are made smaller', 'Leave out --grow.');
	if (into !== undefined) {
		throw invalid(
			'What is made smaller gets a place of its own in a new partition table',
			'Leave out --into, or restore to a raw file with --into volume and use resize2fs or ntfsresize on that.',
		);
	}
	if (skipBadBlocks) {
		throw invalid(
			'What has lost blocks cannot be made smaller',
			'Restore with --skip-bad-blocks to a raw file, repair what is damaged there, and take an image of that.',
		);
	}
}

function loadOf(number: number, { chain, place, loads }: RestoreSource): PartitionLoad {
	checkNumber(chain.manifest.disks[place]!, number);
	const load = loads.find(({ partition }) => partition._header.partition_number === number);
	if (load !== undefined) return load;
	throw invalid(`Partition ${number} is to shrink, but is not restored`, `Choose it with --partition ${number} too.`);
}

async function lookAt(load: PartitionLoad, { read }: RestoreSource, signal: AbortSignal) {
	try {
		return await read(load, (bytes) => shrinkableVolume(bytes, signal));
	} catch (error) {
		const said = asImageDamage(error);
		if (!isAfterimageError(said, 'image-damaged')) throw said;
		throw new AfterimageError('image-damaged', said.message, {
			advice: 'Restore an older backup; afterimage verify tells the extent of the damage.',
			details: said.details,
			cause: said,
		});
	}
}

function checkWish(what: string, size: number, length: number): void {
	if (size > length) {
		throw invalid(
			`${what} has ${counted(length, 'byte')} (${formatBytes(length)}), less than the ${size} that it is to shrink to`,
			'Name a smaller size, or leave out --shrink.',
		);
	}
	if (size < alignment) throw invalid(`${what} cannot shrink to ${size} bytes: partitions have whole MiB`);
}

function invalid(message: string, advice?: string): AfterimageError {
	return new AfterimageError('invalid-argument', message, advice === undefined ? {} : { advice });
}
