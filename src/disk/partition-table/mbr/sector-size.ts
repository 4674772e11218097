import { SubSource, type ByteSource } from '../../../base/bytes.ts';
import { isAfterimageError } from '../../../base/errors.ts';
import { boundPartitions } from '../bounds.ts';
import type { DetectedSectorSize, SectorSize } from '../layout.ts';
import { recogniseFileSystem } from '../../recognise.ts';
import { readMbr } from './read.ts';

/** How well a disk agrees with its MBR, read with sectors of one size. */
interface Agreement {
	/** Partitions that begin with a file system or container that is known and sound. */
	readonly known: number;
	/** Everything lies on the disk, nothing overlaps, and the chain of logical partitions is whole. */
	readonly fits: boolean;
}

/**
 * Sector size of a raw disk file with an MBR, which counts in sectors without saying of what size: the one with which
 * more partitions begin with a file system; with as many, the one with which all lies where it can. When that does not
 * settle it either, 512 with a warning.
 * @param sector the MBR
 */
export async function mbrSectorSize(source: ByteSource, sector: Uint8Array): Promise<DetectedSectorSize> {
	const small = await agreement(source, sector, 512);
	const large = await agreement(source, sector, 4096);
	if (small.known !== large.known) return { sectorSize: large.known > small.known ? 4096 : 512 };
	if (small.fits !== large.fits) return { sectorSize: large.fits ? 4096 : 512 };
	if (!small.fits) return { sectorSize: 512 };
	return {
		sectorSize: 512,
		warning: {
			message:
				'The MBR does not say whether it counts in sectors of 512 or 4096 bytes, and its partitions begin with ' +
				`${small.known === 0 ? 'nothing known' : 'as many file systems'} in either case; 512 was taken`,
			advice:
				'If it comes from a disk with sectors of 4096 bytes, what is taken for its partitions is wrong: ' +
				'image it through a device with such sectors (Linux: losetup --sector-size 4096 --find --show FILE).',
		},
	};
}

async function agreement(source: ByteSource, sector: Uint8Array, sectorSize: SectorSize): Promise<Agreement> {
	try {
		const { partitions, extended, warnings } = await readMbr(source, sector, sectorSize);
		const bounded = boundPartitions(partitions, source.size);
		let known = 0;
		for (const { start, length } of bounded.partitions) {
			if (await isKnown(new SubSource(source, start, length))) known++;
		}
		const held = extended.every(({ start, length }) => start + length <= source.size);
		return { known, fits: held && warnings.length + bounded.warnings.length === 0 };
	} catch (error) {
		return { known: 0, fits: unreadable(error) };
	}
}

async function isKnown(volume: ByteSource): Promise<boolean> {
	try {
		const { fileSystem, amiss } = await recogniseFileSystem(volume);
		return fileSystem !== undefined || !amiss;
	} catch (error) {
		return unreadable(error);
	}
}

/** What cannot be read speaks for no size, and may lie where the disk has nothing. */
function unreadable(error: unknown): false {
	if (isAfterimageError(error, 'read-error')) return false;
	throw error;
}
