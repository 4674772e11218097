import { expect, test } from 'vitest';
import { xfsDriver } from '../../../../src/disk/xfs/driver.ts';
import { LogRecord } from '../../../../src/disk/xfs/structures.ts';
import { bufferChange, logBasicBlocks, logStart, makeSample, writeRecord, type Sample } from './sample.ts';

const describe = async ({ volume }: Sample, frozen = false) => (await xfsDriver.open(volume, { frozen }))!.info;
const dirtyOf = async (sample: Sample, frozen = false) => (await describe(sample, frozen)).dirty;
const unmount = { flags: 0x20, data: new Uint8Array(8) };

test('a log of changes to the superblock alone is enough for a frozen volume, and no other', async () => {
	const sample = makeSample();
	writeRecord(sample.volume.bytes, 2, { tail: 2, operations: bufferChange(0) });
	expect(await dirtyOf(sample)).toMatch(/not clean/);
	expect(await dirtyOf(sample, true)).toBeUndefined();
	writeRecord(sample.volume.bytes, 4, { tail: 2, operations: bufferChange(0) });
	expect(await dirtyOf(sample, true)).toBeUndefined();
	expect((await describe(sample, true)).freeClusters).toBe(504);
});

test('a frozen volume with changes to anything else is not clean', async () => {
	const sample = makeSample();
	writeRecord(sample.volume.bytes, 2, { tail: 2, operations: bufferChange(1) });
	expect(await dirtyOf(sample, true)).toMatch(/freeze/);
	writeRecord(sample.volume.bytes, 4, { tail: 2, operations: bufferChange(0) });
	expect(await dirtyOf(sample, true)).toMatch(/freeze/);
	writeRecord(sample.volume.bytes, 4, { tail: 4, operations: bufferChange(0) });
	expect(await dirtyOf(sample, true)).toBeUndefined();
	writeRecord(sample.volume.bytes, 4, { tail: 4, operations: bufferChange(0).slice(0, 4) });
	expect(await dirtyOf(sample, true)).toMatch(/freeze/);
});

test('an unmount record counts only as the last one', async () => {
	const sample = makeSample();
	writeRecord(sample.volume.bytes, 2, { tail: 2, operations: bufferChange(4) });
	expect(await dirtyOf(sample)).toMatch(/not clean/);
	writeRecord(sample.volume.bytes, 4, { tail: 2, operations: [unmount] });
	expect(await dirtyOf(sample)).toBeUndefined();
});

test('the last record may lie at the end of the ring, or go on at its start', async () => {
	const last = { tail: 126, operations: [unmount] };
	const full = makeSample();
	for (let block = 0; block < 126; block += 2)
		writeRecord(full.volume.bytes, block, { tail: 0, operations: bufferChange(4) });
	writeRecord(full.volume.bytes, 126, last);
	expect(await dirtyOf(full)).toBeUndefined();

	// The header is the last block of the ring, the body its first one, in the next cycle.
	const across = makeSample();
	const { bytes } = across.volume;
	for (let block = 1; block < 127; block += 2) writeRecord(bytes, block, { tail: 1, operations: bufferChange(4) });
	writeRecord(bytes, 127, { ...last, tail: 127 });
	expect(await dirtyOf(across)).toBeUndefined();
	writeRecord(bytes, 127, { tail: 127, operations: bufferChange(0) });
	expect(await dirtyOf(across)).toMatch(/not clean/);
	expect(await dirtyOf(across, true)).toBeUndefined();
});

test('holes and torn records are never clean', async () => {
	const hole = makeSample();
	for (let block = 0; block < 20; block += 2)
		writeRecord(hole.volume.bytes, block, { tail: 0, operations: bufferChange(4) });
	writeRecord(hole.volume.bytes, 20, { tail: 20, operations: [unmount] });
	expect(await dirtyOf(hole)).toBeUndefined();
	hole.volume.bytes.fill(0, logStart + 9 * 512, logStart + 10 * 512);
	expect(await dirtyOf(hole)).toMatch(/not clean/);

	const torn = makeSample();
	torn.volume.bytes.fill(0, logStart + 512, logStart + 1024);
	expect(await dirtyOf(torn)).toMatch(/not clean/);

	const empty = makeSample();
	empty.volume.bytes.fill(0, logStart, logStart + logBasicBlocks * 512);
	expect(await dirtyOf(empty)).toBeUndefined();
});

test('blocks of another cycle where none may be are never clean', async () => {
	const cycleOf = ({ volume }: Sample, block: number, cycle: number) =>
		new DataView(volume.bytes.buffer).setUint32(logStart + block * 512, cycle);
	const ahead = makeSample();
	for (let block = 2; block < logBasicBlocks; block++) cycleOf(ahead, block, 5);
	expect(await dirtyOf(ahead)).toMatch(/not clean/);
	const behind = makeSample();
	cycleOf(behind, 6, 1);
	expect(await dirtyOf(behind)).toMatch(/not clean/);
});

test('a log that was cleared has blocks of no cycle behind its one record', async () => {
	const sample = makeSample();
	const { bytes } = sample.volume;
	writeRecord(bytes, 0, { tail: 0, operations: [unmount], cycle: 4 });
	const older = (from: number) => {
		for (let block = from; block < logBasicBlocks; block += 2)
			writeRecord(bytes, block, { tail: block, operations: [unmount], cycle: 3 });
	};
	bytes.fill(0, logStart + 2 * 512, logStart + 40 * 512);
	older(40);
	expect(await dirtyOf(sample)).toBeUndefined();
	// A write of this cycle that went past one that did not.
	writeRecord(bytes, 6, { tail: 6, operations: [unmount], cycle: 4 });
	expect(await dirtyOf(sample)).toMatch(/not clean/);
	bytes.fill(0, logStart + 6 * 512, logStart + 8 * 512);
	expect(await dirtyOf(sample)).toBeUndefined();
	older(2);
	expect(await dirtyOf(sample)).toBeUndefined();
});

const records: [string, Partial<InstanceType<typeof LogRecord>>][] = [
	['a checksum that is wrong', { crc: 1 }],
	['a body beyond all bounds', { len: 0xffffff00 }],
	['a body shorter than what was written', { len: 0 }],
	['a header beyond all bounds', { size: 0x80000000 }],
	['a header of several blocks', { size: 65536 }],
	['more operations than an unmount has', { numLogops: 2 }],
];

test.each(records)('a last record with %s is never clean', async (_, fields) => {
	const sample = makeSample();
	Object.assign(new LogRecord(sample.volume.bytes, logStart), fields);
	expect(await dirtyOf(sample)).toMatch(/not clean/);
});

test('a tail that points into a record is never clean', async () => {
	const sample = makeSample();
	writeRecord(sample.volume.bytes, 2, { tail: 2, operations: bufferChange(0) });
	writeRecord(sample.volume.bytes, 4, { tail: 3, operations: bufferChange(0) });
	expect(await dirtyOf(sample, true)).toMatch(/freeze/);
});
