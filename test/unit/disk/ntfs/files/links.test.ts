import { describe, expect, it } from 'vitest';
import { nonResident, resident, type RecordShape } from '../sample-records.ts';
import { linkData, reparsePoint, reparseTag } from '../sample-reparse.ts';
import { sampleVolume } from '../sample-volume.ts';
import { bytes, data, file, information, objection, rootOf, withPoint } from './trees.ts';

describe('links', () => {
	const target = async (tag: number, pointData: Uint8Array, more: Partial<RecordShape> = {}) => {
		const [node] = await rootOf(sampleVolume({ files: [file('a', { ...withPoint(tag, pointData), ...more })] }));
		return node?.kind === 'link' ? node.target() : node;
	};

	it.each([
		['\\??\\C:\\a', 'C:\\b', 'C:\\a'],
		['\\??\\UNC\\server\\share', '', '\\\\server\\share'],
		['\\??\\Volume{26a21bda-a627-11d7-9931-806e6f6e6963}\\', '', 'Volume{26a21bda-a627-11d7-9931-806e6f6e6963}\\'],
		['..\\a', '', '..\\a'],
		['', 'shown', 'shown'],
	])('point to %j or else %j', async (substitute, print, expected) => {
		expect(await target(reparseTag.symbolicLink, linkData(substitute, print, 0))).toBe(expected);
		expect(await target(reparseTag.mountPoint, linkData(substitute, print), { directory: true })).toBe(expected);
	});

	it('are damaged when their paths leave them', async () => {
		const cut = linkData('\\??\\C:\\a', 'C:\\a').subarray(0, -4);
		await expect(target(reparseTag.mountPoint, cut)).rejects.toThrow('Link, path');
		await expect(target(reparseTag.mountPoint, new Uint8Array(7))).rejects.toMatchObject({ code: 'structure-damaged' });
		await expect(target(reparseTag.linuxLink, bytes('\x01\0\0\0abc'))).rejects.toThrow('version');
		expect(await target(reparseTag.linuxLink, bytes('\x02\0\0\0abc'))).toBe('abc');
	});

	it('need a reparse point that is whole', async () => {
		const point = reparsePoint(reparseTag.mountPoint, linkData('a', 'b'));
		const short = sampleVolume({ files: [file('a', { attributes: [resident(0xc0, point.subarray(0, -1))] })] });
		expect(await objection(short)).toContain('Reparse point, data');
		const runs = [{ lcn: 3000, length: 33 }];
		const long = nonResident(0xc0, { runs, clusterSize: 512 });
		expect(await objection(sampleVolume({ files: [file('a', { attributes: [long] })] }))).toContain(
			'Reparse point, size',
		);
	});

	it('of Interix are system files alone', async () => {
		const link = Buffer.concat([Buffer.from('IntxLNK\x01'), Buffer.from('a/ü', 'utf16le')]).toString('latin1');
		const kinds = async (attributes: number, text: string) => {
			const shape = { attributes: [information(0n, attributes), data(text)] };
			return (await rootOf(sampleVolume({ files: [file('a', shape)] })))[0];
		};
		const system = await kinds(4, link);
		expect(system?.kind === 'link' && (await system.target())).toBe('a/ü');
		expect(await kinds(0, link)).toMatchObject({ kind: 'file', size: 14 });
		expect(await kinds(4, 'IntxLNK\x02a\0')).toMatchObject({ kind: 'file' });
		expect(await kinds(4, `IntxBLK\0${'\0'.repeat(16)}`)).toMatchObject({ kind: 'special', what: 'block device' });
		expect(await kinds(4, `IntxBLK\0${'\0'.repeat(15)}`)).toMatchObject({ kind: 'file' });
	});
});
