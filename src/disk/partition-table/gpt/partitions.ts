import { isAfterimageError } from '../../../base/errors.ts';
import type { GptTable } from './table.ts';
import { guidFromBytes } from '../../../base/guid.ts';
import type { LayoutWarning, Partition } from '../layout.ts';
import { GptEntry } from './structures.ts';
import { gptTypeName, gptTypes, mbrTypeOf } from './types.ts';

const unusedType = '00000000-0000-0000-0000-000000000000';

/** UEFI 2.10, table 5.8, and Microsoft's attributes of basic data partitions. */
const attribute = { required: 1n << 0n, legacyBoot: 1n << 2n, readOnly: 1n << 60n, hidden: 1n << 62n };

/** The used entries of a table. An entry whose range is impossible is left out with a warning. */
export function gptPartitions(table: GptTable): { partitions: Partition[]; warnings: LayoutWarning[] } {
	const partitions: Partition[] = [];
	const warnings: LayoutWarning[] = [];
	for (let i = 0; i < table.entryCount; i++) {
		const entry = new GptEntry(table.entries, i * table.entrySize);
		const typeId = guidFromBytes(entry.typeGuid);
		if (typeId === unusedType) continue;
		const range = rangeOf(entry);
		if (range === undefined || range.first > range.last) {
			const found = range === undefined ? 'sectors beyond 2^53' : `sectors ${range.first} to ${range.last}`;
			warnings.push({ message: `GPT entry ${i + 1}: expected a first and a last sector, found ${found}` });
			continue;
		}
		if (range.first < table.firstUsableLba || range.last > table.lastUsableLba) {
			warnings.push({
				message:
					`GPT entry ${i + 1}: expected within the usable sectors ${table.firstUsableLba} to ` +
					`${table.lastUsableLba}, found ${range.first} to ${range.last}`,
				advice: 'Check the table with `sgdisk --verify DISK`.',
			});
		}
		partitions.push(toPartition(table, entry, i + 1, typeId, range.first, range.last));
	}
	return { partitions, warnings };
}

function rangeOf(entry: InstanceType<typeof GptEntry>): { first: number; last: number } | undefined {
	try {
		return { first: entry.firstLba, last: entry.lastLba };
	} catch (error) {
		if (isAfterimageError(error, 'structure-damaged')) return undefined;
		throw error;
	}
}

function toPartition(
	table: GptTable,
	entry: InstanceType<typeof GptEntry>,
	number: number,
	typeId: string,
	first: number,
	last: number,
): Partition {
	const attributes = entry.attributes;
	const basicData = typeId === gptTypes.basicData;
	const has = (bit: bigint) => (attributes & bit) !== 0n;
	const active = has(attribute.legacyBoot);
	return {
		number,
		start: first * table.sectorSize,
		length: (last - first + 1) * table.sectorSize,
		typeId,
		typeName: gptTypeName(typeId),
		name: nameOf(entry.name),
		guid: guidFromBytes(entry.partitionGuid),
		attributes,
		active,
		required: has(attribute.required),
		hidden: basicData && has(attribute.hidden),
		readOnly: basicData && has(attribute.readOnly),
		entry: {
			status: 0,
			startHead: 0,
			startCylinder: 0,
			type: mbrTypeOf(typeId),
			endHead: 0,
			endCylinder: 0,
			bootSector: Math.min(first, 0xffff_ffff),
			numSectors: Math.min(last - first + 1, 0xffff_ffff),
			active: false,
			kind: 'primary',
		},
	};
}

function nameOf(raw: Uint8Array): string {
	const text = new TextDecoder('utf-16le').decode(raw);
	const end = text.indexOf('\0');
	return end === -1 ? text : text.slice(0, end);
}
