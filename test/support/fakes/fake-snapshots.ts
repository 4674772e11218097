import { AfterimageError } from '../../../src/base/errors.ts';
import type { DiskDevice } from '../../../src/engine/ports/disk-port.ts';
import type {
	FormerBytes,
	ShadowCopies,
	SnapshotListener,
	SnapshotPort,
	VolumeLock,
	VolumePart,
} from '../../../src/engine/ports/snapshot-port.ts';
import { MemoryDisk, type FakeDisks } from './memory-disk.ts';

/** Shadow copies of volumes whose bytes a test states. As on Linux, what has none is frozen until a test says otherwise. */
export class FakeSnapshots implements SnapshotPort {
	readonly name = 'shadow copies';
	readonly technology = 'VSS';
	readonly atOnce = true;
	/** Bytes of the shadow copy by volume; every other volume has none. */
	readonly contents = new Map<string, Uint8Array>();
	/** Where volumes lie, by volume, and what lay there before. */
	readonly parts = new Map<string, VolumePart[]>();
	readonly former: FormerBytes[] = [];
	/** Why the copies have lost what they held. */
	lost: AfterimageError | undefined;
	/** As on Windows, see {@link FakeSnapshots.lockVolumes}. */
	lock: ((volume: string) => Promise<VolumeLock | undefined>) | undefined;
	/** Paths of disks for whose images there are none. */
	readonly withoutOn = new Set<string>();
	/** Volumes on which files are open. */
	readonly inUse = new Set<string>();
	/** What was done, in order. */
	readonly log: string[] = [];
	/** Why no set can be made. */
	failure: AfterimageError | undefined;
	/** Why a set cannot be removed. */
	stubborn: AfterimageError | undefined;
	/** What is told while a set is made. */
	warning: string | undefined;
	readonly #disks: FakeDisks;

	constructor(disks: FakeDisks) {
		this.#disks = disks;
	}

	async objectionTo(volume: string, { path }: Pick<DiskDevice, 'path'>): Promise<string | undefined> {
		if (this.withoutOn.has(path)) return 'not on this disk';
		return this.contents.has(volume) ? undefined : 'not in this test';
	}

	async create(volumes: readonly string[], _signal: AbortSignal, tell: SnapshotListener): Promise<ShadowCopies> {
		if (this.failure !== undefined) throw this.failure;
		if (this.warning !== undefined) tell('warning', this.warning);
		this.log.push(`create ${volumes.join(' ')}`);
		const copies = volumes.map((volume, i) => new MemoryDisk(`shadow${i + 1}`, this.contents.get(volume)!));
		this.#disks.disks.push(...copies);
		let there = true;
		return {
			copies: new Map(
				copies.map((copy, i) => [volumes[i]!, { device: copy.device.path, parts: this.parts.get(volumes[i]!) }]),
			),
			former: this.former,
			check: async () => {
				if (this.lost !== undefined) throw this.lost;
			},
			remove: async (complete) => {
				if (!there) return;
				there = false;
				for (const copy of copies) {
					if (copy.openCount > 0) throw new AfterimageError('failed', `${copy.device.path} is still open`);
					this.#disks.disks.splice(this.#disks.disks.indexOf(copy), 1);
				}
				this.log.push(complete ? 'remove' : 'abort');
				if (this.stubborn !== undefined) throw this.stubborn;
			},
		};
	}

	/** What has no copies is locked from now on. */
	lockVolumes(): void {
		this.lock = async (volume) => {
			if (this.inUse.has(volume)) return undefined;
			this.log.push(`lock ${volume}`);
			return { release: async () => void this.log.push(`unlock ${volume}`) };
		};
	}
}
