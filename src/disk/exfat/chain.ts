import { throwIfAborted } from '../../base/abort.ts';
import { readBytes, type ByteSource } from '../../base/bytes.ts';
import { damaged } from '../../base/errors.ts';
import type { ExfatGeometry } from './boot-sector.ts';

const windowLength = 64 * 1024;
const endOfChain = 0xffff_ffff;

/**
 * The clusters of a chain in the FAT, as runs: cluster numbers and lengths.
 * @param most clusters that the chain may have; a longer one has a loop or belongs to something else
 * @throws AfterimageError `structure-damaged`
 */
export async function followChain(
	volume: ByteSource,
	geometry: ExfatGeometry,
	first: number,
	most: number,
	signal: AbortSignal | undefined,
): Promise<{ starts: number[]; lengths: number[]; clusters: number }> {
	const starts: number[] = [];
	const lengths: number[] = [];
	let clusters = 0;
	let window: DataView = new DataView(new ArrayBuffer(0));
	let windowAt = -1;
	let at = -1;
	for (let cluster = first; cluster !== endOfChain;) {
		if (cluster < 2 || cluster > geometry.clusterCount + 1) {
			const where = Math.max(at, 0);
			throw damaged('structure-damaged', 'exFAT chain', where, `2 to ${geometry.clusterCount + 1}`, cluster);
		}
		if (++clusters > most) {
			throw damaged('structure-damaged', `exFAT chain from cluster ${first}`, at, `at most ${most} clusters`, 'more');
		}
		const run = starts.length - 1;
		if (run >= 0 && starts[run]! + lengths[run]! === cluster) {
			lengths[run]!++;
		} else {
			starts.push(cluster);
			lengths.push(1);
		}
		at = geometry.fatOffset + cluster * 4;
		const wanted = Math.floor((cluster * 4) / windowLength) * windowLength;
		if (wanted !== windowAt) {
			throwIfAborted(signal);
			const length = Math.min(windowLength, geometry.fatLength - wanted);
			window = new DataView((await readBytes(volume, geometry.fatOffset + wanted, length)).buffer);
			windowAt = wanted;
		}
		cluster = window.getUint32(cluster * 4 - windowAt, true);
	}
	return { starts, lengths, clusters };
}
