import type { ByteSource } from '../../base/bytes.ts';
import { isAfterimageError } from '../../base/errors.ts';
import type { FileSystem, HeldVolume, UsedSink } from '../filesystem.ts';
import { recogniseFileSystem } from '../recognise.ts';
import { extentsOf, type Range } from './extents.ts';
import type { VolumeGroup } from './group.ts';
import type { VolumeSource } from './volume-source.ts';
import { isVisible, openVolume, sharedOrigins, snapshotParts } from './volumes.ts';

export interface LookOptions {
	/** Whether bytes of the physical volume (`end` is exclusive) are as a file system left them when it was frozen. */
	readonly isFrozen: (start: number, end: number) => boolean;
	readonly signal?: AbortSignal;
}

/** A logical volume, and what of the physical one it uses. */
export interface LogicalVolume {
	/** Undefined for what is a part of others, or lies elsewhere. Complete once used bytes are collected. */
	readonly told: HeldVolume | undefined;
	/** Bytes. */
	readonly used: number;
	/** As {@link FileSystem.collectUsed}; all of a file system whose structures contradict each other is in use. */
	collectUsed(sink: UsedSink, signal?: AbortSignal): Promise<void>;
}

/**
 * Looks into the logical volumes of a group, as far as they lie on one physical volume.
 * @throws AfterimageError `structure-damaged` when it is not sure where one of them lies, `read-error`, `cancelled`
 */
export async function lookAtVolumes(
	physical: ByteSource,
	group: VolumeGroup,
	options: LookOptions,
): Promise<LogicalVolume[]> {
	const parts = snapshotParts(group);
	const origins = sharedOrigins(group);
	const volumes: LogicalVolume[] = [];
	for (const [name, section] of group.volumes) {
		const extents = extentsOf(name, section, group);
		if (!isVisible(section, name)) {
			volumes.push(new WholeVolume(extents, undefined));
			continue;
		}
		const opened = parts.get(name) ?? openVolume(physical, group, name, section);
		if (typeof opened === 'string') {
			const wholeReason = 'its blocks are not those of one linear or striped volume here';
			volumes.push(new WholeVolume(extents, { name, type: opened, label: '', wholeReason, amiss: false }));
		} else volumes.push(await lookInto(name, opened, extents, origins.has(name), options));
	}
	return volumes;
}

async function lookInto(
	name: string,
	volume: VolumeSource,
	extents: readonly Range[],
	isOrigin: boolean,
	{ isFrozen, signal }: LookOptions,
): Promise<LogicalVolume> {
	const frozen = extents.every(([start, end]) => isFrozen(start, end));
	const recognised = await recogniseFileSystem(volume, { frozen, ...(signal === undefined ? {} : { signal }) });
	const { type, label, fileSystem } = recognised;
	const reason = isOrigin ? 'its snapshots read from it what they have not kept' : recognised.wholeReason;
	if (fileSystem !== undefined && reason === undefined) {
		return new MappedVolume(name, volume, extents, fileSystem);
	}
	// Disks of virtual machines and of databases are nothing amiss.
	const amiss = !isOrigin && recognised.amiss && type !== 'unknown';
	return new WholeVolume(extents, { name, type, label, wholeReason: reason ?? `${type} has no map`, amiss });
}

class WholeVolume implements LogicalVolume {
	readonly told: HeldVolume | undefined;
	readonly used: number;
	readonly #extents: readonly Range[];

	constructor(extents: readonly Range[], told: Omit<HeldVolume, 'size' | 'used'> | undefined) {
		this.#extents = extents;
		this.used = extents.reduce((sum, [start, end]) => sum + end - start, 0);
		if (told !== undefined && this.used > 0) this.told = { ...told, size: this.used, used: this.used };
	}

	async collectUsed(sink: UsedSink): Promise<void> {
		for (const extent of this.#extents) sink.add(...extent);
	}
}

class MappedVolume implements LogicalVolume {
	told: HeldVolume;
	readonly #volume: VolumeSource;
	readonly #extents: readonly Range[];
	readonly #fileSystem: FileSystem;

	constructor(name: string, volume: VolumeSource, extents: readonly Range[], fileSystem: FileSystem) {
		const { type, label, size, used } = fileSystem.info;
		// What lies behind a file system belongs to it too, as in a partition.
		const all = used + Math.max(0, volume.size - size);
		this.told = { name, type, label, size: volume.size, used: all, wholeReason: undefined, amiss: false };
		this.#volume = volume;
		this.#extents = extents;
		this.#fileSystem = fileSystem;
	}

	get used(): number {
		return this.told.used;
	}

	async collectUsed(sink: UsedSink, signal?: AbortSignal): Promise<void> {
		const { size } = this.#volume;
		const add = (start: number, end: number) => {
			for (const place of this.#volume.places(start, Math.min(end, size))) sink.add(...place);
		};
		try {
			await this.#fileSystem.collectUsed({ add }, signal);
			add(this.#fileSystem.info.size, size);
		} catch (error) {
			if (!isAfterimageError(error, 'structure-damaged')) throw error;
			for (const extent of this.#extents) sink.add(...extent);
			this.told = { ...this.told, used: size, wholeReason: error.message, amiss: true };
		}
	}
}
