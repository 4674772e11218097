import { damaged } from '../../../base/errors.ts';
import type { NonResidentAttribute } from './attribute.ts';

/**
 * Runs of one stream. Windows limits an attribute list to 256 KiB, so to some 8,000 extent records of a few hundred
 * runs each; more than this is no stream of NTFS.
 */
const maxRuns = 1 << 22;

/** LCN of a run without clusters (sparse). */
export const hole = -1;

/** Where a stream's clusters lie: contiguous VCN ranges from 0 on, each at an LCN or a hole. Three plain columns. */
export class RunList {
	readonly starts: number[] = [];
	readonly lcns: number[] = [];
	readonly lengths: number[] = [];
	/** VCN behind the last run: the next extent must begin there. */
	end = 0;

	get count(): number {
		return this.starts.length;
	}

	push(lcn: number, length: number): void {
		this.starts.push(this.end);
		this.lcns.push(lcn);
		this.lengths.push(length);
		this.end += length;
	}

	/** Index of the run that holds `vcn`, which is below `end`. */
	find(vcn: number): number {
		let low = 0;
		let high = this.starts.length - 1;
		while (low < high) {
			const middle = (low + high + 1) >>> 1;
			if (this.starts[middle]! <= vcn) low = middle;
			else high = middle - 1;
		}
		return low;
	}
}

/**
 * Appends the runs that an extent's mapping pairs describe. Each pair: a byte with the widths of the two numbers
 * (low nibble length, high nibble offset), the length in clusters, the signed distance from the previous LCN; no
 * offset means a hole; a zero byte ends the list.
 * @throws AfterimageError `structure-damaged` when the extent does not follow the runs so far, a number is cut off or out
 * of range, a run leaves the volume, or the extent maps another number of clusters than it says
 */
export function appendRuns(runs: RunList, extent: NonResidentAttribute, totalClusters: number): void {
	const { mappingPairs: pairs, at } = extent;
	if (extent.lowestVcn !== runs.end)
		throw damaged('structure-damaged', 'Run list, lowest VCN', at, runs.end, extent.lowestVcn);
	let lcn = 0;
	let position = 0;
	while (position < pairs.length && pairs[position] !== 0) {
		const lengthBytes = pairs[position]! & 0x0f;
		const offsetBytes = pairs[position]! >>> 4;
		const next = position + 1 + lengthBytes + offsetBytes;
		if (lengthBytes === 0 || lengthBytes > 8 || offsetBytes > 8 || next > pairs.length)
			throw damaged('structure-damaged', 'Run list, mapping pair', at, 'widths of 1 to 8 that fit', pairs[position]!);
		const length = signed(pairs, position + 1, lengthBytes);
		if (length <= 0 || !Number.isSafeInteger(runs.end + length))
			throw damaged('structure-damaged', 'Run list, run length', at, '1 to 2^53 clusters', length);
		if (offsetBytes === 0) {
			runs.push(hole, length);
		} else {
			lcn += signed(pairs, position + 1 + lengthBytes, offsetBytes);
			if (!(lcn >= 0 && lcn + length <= totalClusters))
				throw damaged('structure-damaged', 'Run list, clusters', at, `inside ${totalClusters}`, `${length} at ${lcn}`);
			runs.push(lcn, length);
		}
		if (runs.count > maxRuns)
			throw damaged('structure-damaged', 'Run list, runs', at, `at most ${maxRuns}`, runs.count);
		position = next;
	}
	if (position >= pairs.length) throw damaged('structure-damaged', 'Run list, end mark', at, 'a zero byte', 'none');
	if (extent.highestVcn !== undefined && extent.highestVcn + 1 !== runs.end)
		throw damaged('structure-damaged', 'Run list, highest VCN', at, runs.end - 1, extent.highestVcn);
}

/** Little-endian two's complement of 1 to 8 bytes; exact below 2^53, and never rounded to below it from above. */
function signed(bytes: Uint8Array, start: number, width: number): number {
	let value = (bytes[start + width - 1]! << 24) >> 24;
	for (let i = width - 2; i >= 0; i--) value = value * 256 + bytes[start + i]!;
	return value;
}
