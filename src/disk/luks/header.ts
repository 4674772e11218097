import { createHash } from 'node:crypto';
import { readBytes, type ByteSource } from '../../base/bytes.ts';
import { AfterimageError, damaged } from '../../base/errors.ts';
import { latin, text, view } from '../container/signature.ts';
import { dataSegment } from './segment.ts';

/** Where a LUKS container keeps what it encrypts. What lies before and behind belongs to its header. Bytes of its volume. */
export interface LuksHeader {
	/** As in the header, with hyphens. */
	readonly uuid: string;
	readonly dataStart: number;
	/** Exclusive. */
	readonly dataEnd: number;
}

const sectorSize = 512;
/** Of LUKS1 all of it; the binary part of LUKS2, behind which its JSON comes. */
const binarySize = 4096;
/** LUKS2 specification, section 2: headers of 16 KiB to 4 MiB. */
const headerSizes = Array.from({ length: 9 }, (_, i) => 0x4000 << i);

/**
 * Reads the header of a volume that {@link recogniseFileSystem} has found to be LUKS. LUKS1 On-Disk Format 1.2.3, section 2.1:
 * u32be payload sector at 0x68; LUKS2 On-Disk Format 1.1.1, sections 2.1 and 3.3: u64be size at 8, checksum at 0x1c0.
 * @throws AfterimageError `structure-damaged`, `not-supported` for a container whose data cannot be told from its header;
 * `read-error`
 */
export async function readLuksHeader(volume: ByteSource): Promise<LuksHeader> {
	if (volume.size < binarySize) throw damaged('structure-damaged', 'LUKS header', 0, binarySize, volume.size);
	const binary = await readBytes(volume, 0, binarySize);
	const version = latin(binary, 0, 6) === 'LUKS\xba\xbe' ? view(binary).getUint16(6, false) : 0;
	const uuid = text(binary, 0xa8, 40);
	if (version === 1) return within(volume, uuid, view(binary).getUint32(0x68, false) * sectorSize, volume.size);
	if (version !== 2) {
		throw new AfterimageError('not-supported', `LUKS version: expected 1 or 2, found ${version}`);
	}
	const size = Number(view(binary).getBigUint64(8, false));
	if (!headerSizes.includes(size) || size > volume.size) {
		throw damaged('structure-damaged', 'LUKS2 header size', 8, '16 KiB to 4 MiB', size);
	}
	const header = await readBytes(volume, 0, size);
	checkSum(header);
	const { start, length } = dataSegment(text(header, binarySize, size - binarySize));
	return within(volume, uuid, start, length === undefined ? volume.size : start + length);
}

function checkSum(header: Uint8Array): void {
	const algorithm = text(header, 0x48, 32);
	if (algorithm !== 'sha256') {
		throw new AfterimageError('not-supported', `LUKS2 checksum: expected sha256, found ${algorithm}`);
	}
	const blank = header.slice();
	blank.fill(0, 0x1c0, 0x1c0 + 64);
	const sum = createHash('sha256').update(blank).digest('hex');
	const found = Buffer.from(header.subarray(0x1c0, 0x1c0 + 32)).toString('hex');
	if (sum !== found) throw damaged('structure-damaged', 'LUKS2 checksum', 0x1c0, sum, found);
}

function within(volume: ByteSource, uuid: string, dataStart: number, dataEnd: number): LuksHeader {
	if (dataStart >= sectorSize && dataStart < dataEnd && dataEnd <= volume.size) return { uuid, dataStart, dataEnd };
	throw new AfterimageError(
		'structure-damaged',
		`LUKS data: expected within the volume's ${volume.size} bytes and behind its header, found bytes ${dataStart} to ${dataEnd}`,
	);
}
