import { describe, expect, it } from 'vitest';
import type { MemoryBytes } from '../../../../src/base/bytes.ts';
import { lvmChecksum } from '../../../../src/disk/lvm/checksum.ts';
import { readGroup } from '../../../../src/disk/lvm/group.ts';
import {
	areaSize,
	areaStart,
	extentsStart,
	groupText,
	mebibyte,
	physicalVolume,
	sealArea,
	sealLabel,
	striped,
	volumeText,
	writeArea,
	writeLabel,
} from './sample.ts';

const root = volumeText('root', [striped(0, 3, '"pv0", 0')]);
const sound = groupText(root);

/** Changes a number in the header of the sample's metadata area, with a right checksum. */
function changeArea(volume: MemoryBytes, at: number, value: bigint): void {
	new DataView(volume.bytes.buffer).setBigUint64(areaStart + at, value, true);
	sealArea(volume.bytes);
}

describe('the metadata of a physical volume', () => {
	it('have the checksum of LVM', () => {
		// The state at the start, and the polynomial applied to it bit by bit.
		expect(lvmChecksum(new Uint8Array())).toBe(0xf597a6cf);
		let state = 0xf597a6cf ^ 0x61;
		for (let bit = 0; bit < 8; bit++) state = (state & 1) === 0 ? state >>> 1 : (state >>> 1) ^ 0xedb88320;
		expect(lvmChecksum(Buffer.from('a'))).toBe(state >>> 0);
	});

	it('are found from any of the first four sectors', async () => {
		for (const labelSector of [0, 1, 2, 3]) {
			const group = await readGroup(physicalVolume(sound, { labelSector }));
			expect(group).toMatchObject({
				name: 'vg',
				extentSize: 4096,
				here: { name: 'pv0', start: extentsStart, extents: 200 },
			});
			expect([...group.volumes.keys()]).toEqual(['root']);
		}
		await expect(readGroup(physicalVolume(sound, { labelSector: 4 }))).rejects.toThrow(
			'none in the first four sectors',
		);
	});

	it('go on behind the header where the area ends', async () => {
		for (const before of [1, 100, sound.length, sound.length + 1]) {
			const group = await readGroup(physicalVolume(sound, { textOffset: areaSize - before }));
			expect([...group.volumes.keys()]).toEqual(['root']);
		}
	});

	it('are the newest sound ones of several areas', async () => {
		const areas = [areaStart, areaStart + areaSize, areaStart + 2 * areaSize];
		const volume = physicalVolume(sound, { areas });
		const seqnos = async () => (await readGroup(volume)).seqno;
		writeArea(volume, areas[1]!, groupText(root, 7));
		writeArea(volume, areas[2]!, groupText(root, 5));
		expect(await seqnos()).toBe(7);
		volume.bytes[areas[1]! + 600]! ^= 1;
		expect(await seqnos()).toBe(5);
		writeArea(volume, areas[2]!, `${groupText(root, 9)} }`);
		expect(await seqnos()).toBe(1);
		writeArea(volume, areas[0]!, groupText(root, 3, { id: 'another' }));
		await expect(readGroup(volume)).rejects.toMatchObject({ code: 'structure-damaged' });
	});

	it('are told to be missing where there are none', async () => {
		const group = 'it belongs to no group';
		const others = 'its metadata are kept on others of its group';
		await expect(readGroup(physicalVolume(''))).rejects.toThrow(group);
		await expect(readGroup(physicalVolume(sound, { flags: 1 }))).rejects.toThrow(others);
		await expect(readGroup(physicalVolume('', { areas: [] }))).rejects.toMatchObject({
			code: 'not-supported',
			message: expect.stringContaining(others) as string,
		});
	});

	it.each<[string, (volume: MemoryBytes) => void]>([
		['LVM label crc at byte 528', ({ bytes }) => (bytes[1000]! ^= 1)],
		[
			'LVM label sector at byte 520: expected 1, found 2',
			({ bytes }) => {
				bytes[520] = 2;
			},
		],
		[
			'LVM physical volume header at byte 473',
			({ bytes }) => {
				new DataView(bytes.buffer).setUint32(512 + 0x14, 473, true);
				sealLabel(bytes);
			},
		],
		[
			'LVM physical volume header at byte 4294967295',
			({ bytes }) => {
				new DataView(bytes.buffer).setUint32(512 + 0x14, 0xffff_ffff, true);
				sealLabel(bytes);
			},
		],
		[
			'LVM physical volume uuid',
			({ bytes }) => {
				bytes[512 + 40] = 0x2d;
				sealLabel(bytes);
			},
		],
		[
			'LVM disk area at byte 504',
			({ bytes }) => {
				bytes.fill(1, 512 + 32 + 0x28, 1024);
				for (let at = 512 + 32 + 0x28 + 6; at < 1024; at += 8) bytes.fill(0, at, at + 2);
				sealLabel(bytes);
			},
		],
		['LVM metadata area at byte 1048576', (volume) => writeLabel(volume, [mebibyte])],
		['LVM metadata area at byte 9007199254740991', (volume) => writeLabel(volume, [Number.MAX_SAFE_INTEGER])],
		['area header checksum', ({ bytes }) => (bytes[areaStart + 500]! ^= 1)],
		[
			'area header magic',
			({ bytes }) => {
				bytes[areaStart + 5]! ^= 1;
				sealArea(bytes);
			},
		],
		['area header version at byte 4116: expected 1, found 2', (volume) => changeArea(volume, 0x14, 2n)],
		['area header start at byte 4120: expected 4096, found 8192', (volume) => changeArea(volume, 0x18, 8192n)],
		['area header size at byte 4128', (volume) => changeArea(volume, 0x20, 512n)],
		['area header size at byte 4128', (volume) => changeArea(volume, 0x20, BigInt(mebibyte))],
		['64-bit field', (volume) => changeArea(volume, 0x20, 2n ** 64n - 1n)],
		['area header textOffset at byte 4136', (volume) => changeArea(volume, 0x28, 511n)],
		['area header textOffset at byte 4136', (volume) => changeArea(volume, 0x28, BigInt(areaSize))],
		['area header textSize at byte 4144: expected 1 to 15872, found 0', (volume) => changeArea(volume, 0x30, 0n)],
		['area header textSize at byte 4144', (volume) => changeArea(volume, 0x30, BigInt(areaSize - 511))],
		['area header textChecksum', (volume) => changeArea(volume, 0x30, 300n)],
		['area header textChecksum', ({ bytes }) => (bytes[areaStart + 600]! ^= 1)],
	])('are damaged: %s', async (message, damage) => {
		const volume = physicalVolume(sound);
		damage(volume);
		await expect(readGroup(volume)).rejects.toMatchObject({
			code: 'structure-damaged',
			message: expect.stringContaining(message) as string,
		});
	});

	it('allow no more text than is sane, though the area has room', async () => {
		const volume = physicalVolume(sound);
		const large = { size: 2 ** 40, read: (offset: number, target: Uint8Array) => volume.read(offset, target) };
		changeArea(volume, 0x20, BigInt(2 ** 39));
		changeArea(volume, 0x30, BigInt(8 * mebibyte + 1));
		await expect(readGroup(large)).rejects.toThrow('textSize at byte 4144: expected 1 to 8388608');
	});

	it.each([
		['expected one group, found 0', 'a = 1'],
		['expected one group, found 2', 'a {} b {}'],
		['vg, physical_volumes: expected a section, found nothing', 'vg {}'],
		['expected the name of a volume, found ..', groupText(volumeText('..', []))],
		['pv0, pe_count: expected a whole number', groupText(root, 1, { extents: '18446744073709551615' })],
		['pv0, pe_count: expected a whole number', groupText(root, 1, { extents: '-1' })],
		['pv0, pe_count: expected a whole number', groupText(root, 1, { extents: '1.5' })],
		['vg, extent_size: expected a whole number', sound.replace('extent_size = 8', 'extent_size = 0')],
		['vg, seqno: expected a whole number from 0 to 4294967295, found "1"', sound.replace('seqno = 1', 'seqno = "1"')],
		['expected physical volume abcdef', groupText(root, 1, { id: 'another' })],
	])('are held to what they must say: %s', async (message, text) => {
		await expect(readGroup(physicalVolume(text))).rejects.toMatchObject({
			code: 'structure-damaged',
			message: expect.stringContaining(message) as string,
		});
	});
});
