import type { OpenedDisk } from '../browse/open-disks.ts';
import type { SparseSource } from '../browse/sparse-source.ts';

/** What clients can choose by its name. */
export interface Export {
	readonly name: string;
	/** For people. */
	readonly description: string;
	readonly source: SparseSource;
	/** Bytes, a power of two. */
	readonly sectorSize: number;
}

/** What is served. */
export class Exports {
	/** Each once, in the order in which it is listed. */
	readonly list: readonly Export[];
	readonly #byName: ReadonlyMap<string, Export>;

	/** @param standard what a client gets that gives no name; undefined = nothing */
	constructor(list: readonly Export[], standard: Export | undefined) {
		this.list = list;
		this.#byName = new Map([
			...(standard === undefined ? [] : [['', standard] as const]),
			...list.map((one) => [one.name, one] as const),
		]);
	}

	find(name: string): Export | undefined {
		return this.#byName.get(name);
	}
}

export function diskName({ number }: Pick<OpenedDisk, 'number'>): string {
	return `disk-${number}`;
}

export function partitionName(disk: Pick<OpenedDisk, 'number'>, partition: number): string {
	return `${diskName(disk)}/partition-${partition}`;
}

/** Bytes of a logical sector. */
export function sectorSizeOf({ manifest }: OpenedDisk): number {
	return manifest._geometry.bytes_per_sector === 4096 ? 4096 : 512;
}

/** Every disk, and behind each its partitions. A single disk is also what a client gets that gives no name. */
export function exportsOf(disks: readonly OpenedDisk[], image: string): Exports {
	const whole: Export[] = [];
	const list = disks.flatMap((disk) => {
		const sectorSize = sectorSizeOf(disk);
		const source = disk.bytes;
		whole.push({ name: diskName(disk), description: `Disk ${disk.number} of ${image}`, source, sectorSize });
		const partitions = disk.partitions.map(({ number, bytes }): Export => ({
			name: partitionName(disk, number),
			description: `Partition ${number} of disk ${disk.number} of ${image}`,
			source: bytes,
			sectorSize,
		}));
		return [whole.at(-1)!, ...partitions];
	});
	return new Exports(list, whole.length === 1 ? whole[0] : undefined);
}
