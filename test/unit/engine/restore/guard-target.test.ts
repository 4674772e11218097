import { linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DiskDevice } from '../../../../src/engine/ports/disk-port.ts';
import type { Ports } from '../../../../src/engine/ports.ts';
import { describeRawFile } from '../../../../src/engine/ports/raw-file.ts';
import { guardTarget } from '../../../../src/engine/restore/target/guard-target.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

/** A machine on which nothing is mounted. */
const ports = {
	disks: {},
	volumes: { usesOf: () => Promise.resolve([]), placeOf: () => Promise.resolve({ on: [] }) },
} as unknown as Ports;

function setUp() {
	const root = tempFolder();
	const folder = join(root, 'images');
	mkdirSync(folder);
	const image = join(folder, 'a.mrimgx');
	writeFileSync(image, 'image');
	const guard = (target: string) => guardTarget(describeRawFile(target)!, { start: 0, length: 5 }, [image], ports);
	return { root, folder, image, guard };
}

const refused = expect.objectContaining({ code: 'target-in-use' }) as Error;

describe('a raw file as the target of a restore', () => {
	it('is refused when it is a file of the image', async () => {
		const { image, guard } = setUp();
		await expect(guard(image)).rejects.toThrow(refused);
	});

	it('is refused when it is a link to a file of the image', async () => {
		const { root, image, guard } = setUp();
		const [symbolic, hard] = [join(root, 'symbolic.img'), join(root, 'hard.img')];
		symlinkSync(image, symbolic);
		linkSync(image, hard);
		await expect(guard(symbolic)).rejects.toThrow(refused);
		await expect(guard(hard)).rejects.toThrow(refused);
	});

	it('is refused when the way to a file of the image goes through a link', async () => {
		const { root, folder, guard } = setUp();
		symlinkSync(folder, join(root, 'link'));
		await expect(guard(join(root, 'link', 'a.mrimgx'))).rejects.toThrow(refused);
	});

	it('is refused when the image lies in it, though by another name', async () => {
		const { root, image } = setUp();
		const [disk, link] = [join(root, 'disk.img'), join(root, 'link.img')];
		writeFileSync(disk, 'disk');
		symlinkSync(disk, link);
		const on = [{ disk, start: 0, length: 5 }];
		const volumes = { ...ports.volumes, placeOf: () => Promise.resolve({ on }) } as unknown as Ports['volumes'];
		const range = { start: 0, length: 5 };
		await expect(guardTarget(describeRawFile(link)!, range, [image], { ...ports, volumes })).rejects.toThrow(refused);
	});

	it('is taken when it is another file, with the same content', async () => {
		const { root, guard } = setUp();
		writeFileSync(join(root, 'other.img'), 'image');
		await guard(join(root, 'other.img'));
	});
});

describe('a partition as the target of a restore', () => {
	const range = { start: 1000, length: 500 };
	const device = { path: '/dev/x', kind: 'device' } as DiskDevice;

	/** The same with something mounted, or the image, in a place of its disk. */
	const guard = (use: { start: number; length: number }, image = use) => {
		const uses = [{ kind: 'mount', at: '/mnt', system: false, ...use }];
		const volumes = {
			usesOf: () => Promise.resolve(uses),
			placeOf: () => Promise.resolve({ on: [{ disk: '/dev/x', ...image }] }),
		};
		return guardTarget(device, range, ['/mnt/a.mrimgx'], { ...ports, volumes } as unknown as Ports);
	};

	it('is taken when only its neighbours are in use, or hold the image', async () => {
		for (const neighbour of [
			{ start: 0, length: 1000 },
			{ start: 1500, length: 9 },
		])
			await guard(neighbour);
	});

	it('is refused when a byte of it is', async () => {
		for (const inside of [
			{ start: 0, length: 1001 },
			{ start: 1499, length: 9 },
			{ start: 1100, length: 1 },
		]) {
			await expect(guard(inside)).rejects.toThrow(refused);
			await expect(guard({ start: 0, length: 1 }, inside)).rejects.toThrow(refused);
		}
	});
});
