import { checkRange, SubSource, type ByteSource } from '../../../base/bytes.ts';
import type { Partition } from '../../../disk/partition-table/layout.ts';

/** Bytes that worker threads read by a descriptor, and this one as a source. */
export interface SharedBytes extends ByteSource {
	/** For messages. */
	readonly name: string;
	readonly fd: number;
}

/** A range of a partition that is read from elsewhere than its disk. */
export interface Overlay {
	/** Byte of the partition. */
	readonly start: number;
	readonly length: number;
	readonly source: SharedBytes;
	/** Byte of `source` that is the range's first. */
	readonly at: number;
}

/** Consecutive bytes of a partition that one source holds. */
export interface Stretch {
	readonly start: number;
	readonly end: number;
	/** Undefined: the disk. */
	readonly overlay: Overlay | undefined;
}

/**
 * A partition cut into stretches, in order and without gaps. Where overlays overlap, those that come first in the list count.
 * @param length bytes of the partition
 */
export function stretchesOf(overlays: readonly Overlay[], length: number): Stretch[] {
	const cuts = new Set([0, length]);
	for (const { start, length: reach } of overlays) {
		cuts.add(Math.min(length, Math.max(0, start))).add(Math.min(length, Math.max(0, start + reach)));
	}
	const places = [...cuts].sort((a, b) => a - b);
	const stretches: Stretch[] = [];
	for (const [i, start] of places.slice(0, -1).entries()) {
		const overlay = overlays.find((one) => one.start <= start && start < one.start + one.length);
		const last = stretches.at(-1);
		const end = places[i + 1]!;
		if (last !== undefined && last.overlay === overlay) stretches[stretches.length - 1] = { ...last, end };
		else stretches.push({ start, end, overlay });
	}
	return stretches;
}

/** A partition's bytes: those of its overlays where there are some, of its disk elsewhere. */
export function volumeSource(disk: ByteSource, partition: Partition, overlays: readonly Overlay[]): ByteSource {
	const rest = new SubSource(disk, partition.start, partition.length);
	if (overlays.length === 0) return rest;
	const stretches = stretchesOf(overlays, partition.length);
	return {
		size: rest.size,
		async read(offset, target) {
			checkRange('Read', offset, target.length, rest.size);
			const stop = offset + target.length;
			let at = stretches.findIndex((stretch) => offset < stretch.end);
			for (let from = offset; from < stop; at++) {
				const { end, overlay } = stretches[at]!;
				const piece = target.subarray(from - offset, Math.min(end, stop) - offset);
				if (overlay === undefined) await rest.read(from, piece);
				else await overlay.source.read(overlay.at + from - overlay.start, piece);
				from += piece.length;
			}
		},
	};
}
