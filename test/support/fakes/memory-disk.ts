import { checkRange } from '../../../src/base/bytes.ts';
import { AfterimageError } from '../../../src/base/errors.ts';
import type { DiskDevice, DiskPort, OpenDisk, PartitionNode } from '../../../src/engine/ports/disk-port.ts';

/** A disk in memory. Its descriptor is a number that no system gives out; see {@link MemoryPool}. */
export class MemoryDisk {
	readonly fd: number;
	readonly device: DiskDevice;
	readonly bytes: Uint8Array;
	/** Bytes that cannot be read. */
	readonly bad = new Set<number>();
	/** What was done to it, in order. */
	readonly log: string[] = [];
	/** Whether the system takes over a new partition table. */
	rereads = true;
	#opened = 0;

	static #nextFd = -100;

	constructor(path: string, bytes: Uint8Array, device: Partial<DiskDevice> = {}) {
		this.fd = MemoryDisk.#nextFd--;
		this.bytes = bytes;
		this.device = {
			path,
			kind: 'device',
			size: bytes.length,
			sectorSize: 512,
			physicalSectorSize: 512,
			vendor: '',
			model: 'Memory',
			revision: '',
			serial: '',
			removable: false,
			readOnly: false,
			number: 0,
			partitions: [],
			...device,
		};
	}

	get openCount(): number {
		return this.#opened;
	}

	checkReadable(offset: number, length: number): void {
		for (const byte of this.bad) {
			if (byte >= offset && byte < offset + length) {
				throw new AfterimageError('read-error', `${this.device.path} cannot be read at byte ${byte}`, {
					details: { offset: byte },
				});
			}
		}
	}

	open(): OpenDisk {
		this.#opened++;
		const note = (text: string) => void this.log.push(text);
		return {
			fd: this.fd,
			device: this.device,
			size: this.bytes.length,
			read: async (offset, target) => {
				checkRange('Read', offset, target.length, this.bytes.length);
				this.checkReadable(offset, target.length);
				target.set(this.bytes.subarray(offset, offset + target.length));
			},
			write: async (offset, data) => {
				checkRange('Write', offset, data.length, this.bytes.length);
				note(`write ${offset} ${data.length}`);
				this.bytes.set(data, offset);
			},
			refresh: () => note('refresh'),
			flush: async () => note('flush'),
			rereadPartitions: () => {
				note('reread partitions');
				return this.rereads;
			},
			discard: async (offset, length) => {
				note(`discard ${offset} ${length}`);
				return true;
			},
			close: async () => {
				this.#opened--;
			},
		};
	}
}

/** The disks of a machine in memory. */
export class FakeDisks implements DiskPort {
	readonly disks: MemoryDisk[];
	readonly nodes = new Map<string, { readonly disk: string; readonly node: PartitionNode }>();

	constructor(...disks: MemoryDisk[]) {
		this.disks = disks;
	}

	async list(): Promise<DiskDevice[]> {
		return this.disks.map((disk) => disk.device);
	}

	async describe(path: string): Promise<DiskDevice> {
		return this.#find(path, 'source-missing').device;
	}

	async parentOf(path: string): Promise<{ readonly disk: string; readonly node: PartitionNode } | undefined> {
		return this.nodes.get(path);
	}

	async openSource(path: string): Promise<OpenDisk> {
		return this.#find(path, 'source-missing').open();
	}

	async openTarget(path: string): Promise<OpenDisk> {
		return this.#find(path, 'destination-missing').open();
	}

	#find(path: string, missing: 'source-missing' | 'destination-missing'): MemoryDisk {
		const disk = this.disks.find((one) => one.device.path === path);
		if (disk === undefined) throw new AfterimageError(missing, `${path} is not there`);
		return disk;
	}
}
