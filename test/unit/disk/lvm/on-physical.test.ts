import { expect, it } from 'vitest';
import { MemoryBytes, readBytes } from '../../../../src/base/bytes.ts';
import type { FileNode, FolderNode } from '../../../../src/disk/files.ts';
import { onPhysical } from '../../../../src/disk/lvm/on-physical.ts';
import { VolumeSource } from '../../../../src/disk/lvm/volume-source.ts';
import { file, folder, link } from '../../engine/fake-tree.ts';

const physical = new MemoryBytes(Uint8Array.from({ length: 200 }, (_, i) => i));

/** 20 bytes from byte 100 on, then 40 in two stripes of 10. */
const volume = new VolumeSource(physical, [
	{ length: 20, stripeSize: 20, areas: [100] },
	{ length: 40, stripeSize: 10, areas: [20, 60] },
]);

it('tells the places of files and folders in a logical volume as those on the physical one', async () => {
	const at = (...ranges: [number, number][]) => ({
		collectExtents: (sink: { add(start: number, end: number): void }) =>
			Promise.resolve(ranges.forEach(([start, end]) => sink.add(start, end))),
	});
	const inner = { ...file('f', 'content'), ...at([15, 45], [50, 52], [58, 1000]) };
	const tree = onPhysical({ ...folder('d', [inner, link('l', 'f')]), ...at([0, 5]) }, volume) as FolderNode;
	const told: [number, number][] = [];
	await tree.collectExtents({ add: (start, end) => void told.push([start, end]) });
	expect(told.splice(0)).toEqual([[100, 105]]);
	const [node, other] = await tree.list();
	expect(other).toMatchObject({ kind: 'link', name: 'l' });
	await (node as FileNode).collectExtents({ add: (start, end) => void told.push([start, end]) });
	expect(told.slice(0, 5)).toEqual([
		[115, 120],
		[20, 30],
		[60, 70],
		[30, 35],
		[70, 72],
	]);
	// What a damaged structure says lies behind the volume is nowhere.
	expect(told.slice(5)).toEqual([[78, 80]]);
	const source = await (node as FileNode).open();
	expect(Buffer.from(await readBytes(source, 0, source.size)).toString()).toBe('content');
	// Each byte of the volume is where its places say.
	for (const [start] of told) expect(physical.bytes[start]).toBe(start);
});
