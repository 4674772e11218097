import { open } from 'node:fs/promises';
import type { DiskLayout, SectorSize } from '../../../../src/disk/partition-table/layout.ts';
import { readDiskLayout } from '../../../../src/disk/partition-table/read-layout.ts';
import type { PlannedWrite } from '../../../../src/disk/partition-table/planned-write.ts';
import { readTrack0 } from '../../../../src/disk/partition-table/track0.ts';
import { fileSource } from '../../../support/byte-files.ts';
import { run } from '../../../support/run.ts';

export async function layoutOf(image: string, sectorSize: SectorSize = 512): Promise<DiskLayout> {
	const source = await fileSource(image);
	return readDiskLayout(source, sectorSize).finally(() => source.close());
}

export async function track0Of(image: string, sectorSize: SectorSize = 512): Promise<Uint8Array> {
	const source = await fileSource(image);
	const track0 = await readTrack0(source, await readDiskLayout(source, sectorSize));
	await source.close();
	return track0;
}

/** Partitions as util-linux reads them, in our terms. */
export interface Told {
	readonly id: string;
	readonly partitions: readonly {
		number: number;
		start: number;
		length: number;
		type: string;
		name: string;
		guid: string;
	}[];
}

interface SfdiskJson {
	readonly partitiontable: {
		readonly label: 'gpt' | 'dos';
		readonly id: string;
		readonly partitions?: readonly {
			node: string;
			start: number;
			size: number;
			type: string;
			name?: string;
			uuid?: string;
		}[];
	};
}

/** What sfdisk reads; extended partitions left out. @param device a file, or a loop device with other sectors */
export async function sfdiskReads(device: string, sectorSize = 512): Promise<Told> {
	const { stdout } = await run('sfdisk', ['--json', device]);
	const { partitiontable: table } = JSON.parse(stdout) as SfdiskJson;
	const gpt = table.label === 'gpt';
	const extended = new Set(['5', 'f', '85']);
	return {
		id: gpt ? table.id : table.id.slice(2).toUpperCase().padStart(8, '0'),
		partitions: (table.partitions ?? [])
			.filter(({ type }) => gpt || !extended.has(type))
			.map(({ node, start, size, type, name, uuid }) => ({
				number: Number(/(\d+)$/.exec(node)![1]),
				start: start * sectorSize,
				length: size * sectorSize,
				type: gpt ? type : type.padStart(2, '0'),
				name: name ?? '',
				guid: gpt ? (uuid ?? '') : '',
			}))
			.sort((a, b) => a.start - b.start),
	};
}

export function told(layout: DiskLayout): Told {
	return {
		id: layout.id,
		partitions: layout.partitions.map(({ number, start, length, typeId, name, guid }) => ({
			number,
			start,
			length,
			type: typeId,
			name,
			guid,
		})),
	};
}

/** Writes bytes into a file at their places. */
export async function poke(image: string, writes: readonly PlannedWrite[]): Promise<void> {
	const handle = await open(image, 'r+');
	for (const { offset, data } of writes) await handle.write(data, 0, data.length, offset);
	await handle.close();
}
