import { checkRange } from '../../../src/base/bytes.ts';
import type { DiskDevice } from '../../../src/engine/ports/disk-port.ts';
import { FdDisk, type FdCalls } from '../../../src/engine/ports/fd-disk.ts';

/** Memory of its own begins at such an address; no driver asks for more of what the system copies anyway. */
const addressBytes = 16;
/** Bytes that are read or written at a time where a request has to go through another buffer. */
const pieceBytes = 1024 * 1024;

/**
 * A device behind a descriptor. Windows reads and writes devices in whole sectors, from addresses that suit the
 * hardware; requests that are not like that go through a buffer of their own.
 */
export class SectorDisk extends FdDisk {
	readonly #sector: number;
	readonly #release: () => void;

	/** @param release called when the disk is closed: what was held for it */
	constructor(fd: number, device: DiskDevice, calls: FdCalls, release: () => void) {
		super(fd, device, calls);
		this.#sector = device.sectorSize;
		this.#release = release;
	}

	override async read(offset: number, target: Uint8Array): Promise<void> {
		checkRange(`Read of ${this.device.path}`, offset, target.length, this.size);
		if (this.#isWhole(offset, target)) return super.read(offset, target);
		for (let done = 0; done < target.length;) {
			const { start, skip, length, sectors } = this.#piece(offset + done, target.length - done);
			await super.read(start, sectors);
			target.set(sectors.subarray(skip, skip + length), done);
			done += length;
		}
	}

	override async write(offset: number, data: Uint8Array): Promise<void> {
		checkRange(`Write to ${this.device.path}`, offset, data.length, this.size);
		if (this.#isWhole(offset, data)) return super.write(offset, data);
		for (let done = 0; done < data.length;) {
			const { start, skip, length, sectors } = this.#piece(offset + done, data.length - done);
			if (length < sectors.length) await super.read(start, sectors);
			sectors.set(data.subarray(done, done + length), skip);
			await super.write(start, sectors);
			done += length;
		}
	}

	override async close(): Promise<void> {
		try {
			await super.close();
		} finally {
			this.#release();
		}
	}

	#isWhole(offset: number, bytes: Uint8Array): boolean {
		return offset % this.#sector === 0 && bytes.length % this.#sector === 0 && bytes.byteOffset % addressBytes === 0;
	}

	/** The sectors around the first bytes of a range: a buffer for them, where they begin, and which bytes of them are meant. */
	#piece(offset: number, length: number) {
		const skip = offset % this.#sector;
		const room = Math.min(Math.ceil((skip + length) / this.#sector) * this.#sector, pieceBytes);
		return {
			start: offset - skip,
			skip,
			length: Math.min(length, room - skip),
			sectors: new Uint8Array(new ArrayBuffer(room)),
		};
	}
}
