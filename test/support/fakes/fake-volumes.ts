import { existsSync } from 'node:fs';
import { AfterimageError } from '../../../src/base/errors.ts';
import type { DiskDevice } from '../../../src/engine/ports/disk-port.ts';
import type { Freeze, Place, VolumePort, VolumeUse } from '../../../src/engine/ports/volume-port.ts';

/** Mounts as a test states them. Every path that exists lies on one place. */
export class FakeVolumes implements VolumePort {
	readonly uses = new Map<string, VolumeUse[]>();
	/** Freezes and thaws, in order. */
	readonly log: string[] = [];
	/** Mount points whose freeze fails. */
	readonly stubborn = new Set<string>();
	place: Place = {
		fileSystem: 'ext4',
		free: 2 ** 40,
		total: 2 ** 41,
		maxFileSize: undefined,
		mountPoint: '/elsewhere',
		on: [],
	};

	async usesOf(disk: DiskDevice): Promise<VolumeUse[]> {
		return this.uses.get(disk.path) ?? [];
	}

	async placeOf(path: string): Promise<Place> {
		if (!existsSync(path)) throw new AfterimageError('destination-missing', `${path} is not there`);
		return this.place;
	}

	async settle(folder: string): Promise<void> {
		this.log.push(`settle ${folder}`);
	}

	canFreeze(fileSystem: string): boolean {
		return fileSystem === 'ext4';
	}

	async freeze(mountPoint: string): Promise<Freeze> {
		if (this.stubborn.has(mountPoint)) throw new AfterimageError('failed', `${mountPoint} cannot be frozen`);
		this.log.push(`freeze ${mountPoint}`);
		return { how: 'frozen', thaw: async () => void this.log.push(`thaw ${mountPoint}`) };
	}
}

/** A writable ext4 mount of the whole range, to be changed where a test is about something else. */
export function mountAt(at: string, start: number, length: number, more: Partial<VolumeUse> = {}): VolumeUse {
	return {
		kind: 'mount',
		at,
		volume: at,
		start,
		length,
		readOnly: false,
		fileSystem: 'ext4',
		system: false,
		...more,
	};
}
