import { describe, expect, test } from 'vitest';
import { MemoryBytes } from '../../../../../src/base/bytes.ts';
import { GptEntry, GptHeader } from '../../../../../src/disk/partition-table/gpt/structures.ts';
import { readGptTable } from '../../../../../src/disk/partition-table/gpt/table.ts';
import { diskGuid, sealHeader, smallGpt } from '../../small-disks.ts';

const partitions = [{ first: 10, last: 99 }];
const read = (disk: Uint8Array, lba = 1) => readGptTable(new MemoryBytes(disk), 512, lba);

test('both copies', async () => {
	const disk = smallGpt(partitions);
	expect(await read(disk)).toMatchObject({ diskGuid, myLba: 1, alternateLba: 399, entryLba: 2, entryCount: 16 });
	expect(await read(disk, 399)).toMatchObject({ diskGuid, myLba: 399, alternateLba: 1, entryLba: 395 });
});

test('offsets of the specification, UEFI 2.10 tables 5.5 and 5.6', () => {
	expect(GptHeader.offset).toEqual({
		signature: 0,
		revision: 8,
		headerSize: 12,
		headerCrc: 16,
		reserved: 20,
		myLba: 24,
		alternateLba: 32,
		firstUsableLba: 40,
		lastUsableLba: 48,
		diskGuid: 56,
		entryLba: 72,
		entryCount: 80,
		entrySize: 84,
		entriesCrc: 88,
	});
	expect(GptEntry.offset).toEqual({
		typeGuid: 0,
		partitionGuid: 16,
		firstLba: 32,
		lastLba: 40,
		attributes: 48,
		name: 56,
	});
});

describe('every field is held against its bounds', () => {
	type Header = InstanceType<typeof GptHeader>;
	test.each([
		['signature', (header) => (header.signature = 'EFI PORT'), /expected EFI PART, found EFI PORT/],
		['headerSize', (header) => (header.headerSize = 91), /expected 92 to 512, found 91/],
		['headerSize', (header) => (header.headerSize = 0xffff_ffff), /found 4294967295/],
		['myLba', (header) => (header.myLba = 2), /expected 1, found 2/],
		['firstUsableLba', (header) => (header.firstUsableLba = 395), /expected at most 394, found 395/],
		['entrySize', (header) => (header.entrySize = 64), /expected 128 times a power of two, found 64/],
		['entrySize', (header) => (header.entrySize = 384), /found 384/],
		['entrySize', (header) => (header.entrySize = 0x8000_0000), /found 2147483648/],
		['entryCount', (header) => (header.entryCount = 0), /found 0/],
		['entryCount', (header) => (header.entryCount = 0xffff_ffff), /expected 1 to 8192, found 4294967295/],
		['entryLba', (header) => (header.entryLba = 1), /expected at least 2, found 1/],
		['entry array', (header) => (header.entryLba = 399), /entry array at byte 204288/],
		['entry array', (header) => (header.entryLba = 2 ** 52), /entry array/],
		['entry array CRC', (header) => (header.entriesCrc = 1), /expected 0x00000001/],
	] as [string, (header: Header) => void, RegExp][])('%s', async (field, change, message) => {
		const disk = smallGpt(partitions);
		change(new GptHeader(disk, 512));
		sealHeader(disk, 512);
		await expect(read(disk)).rejects.toMatchObject({ code: 'structure-damaged' });
		await expect(read(disk)).rejects.toThrow(field);
		await expect(read(disk)).rejects.toThrow(message);
	});

	test('header CRC', async () => {
		const disk = smallGpt(partitions);
		disk[512 + 60]! ^= 1;
		await expect(read(disk)).rejects.toThrow(/headerCrc at byte 528/);
	});

	test('fields above 2^53', async () => {
		const disk = smallGpt(partitions);
		disk.fill(0xff, 512 + 72, 512 + 80);
		sealHeader(disk, 512);
		await expect(read(disk)).rejects.toMatchObject({ code: 'structure-damaged' });
	});
});
