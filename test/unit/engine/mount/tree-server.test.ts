import { describe, expect, it } from 'vitest';
import { AfterimageError } from '../../../../src/base/errors.ts';
import type { FileNode, SpecialNode, TreeNode } from '../../../../src/disk/files.ts';
import { errno, opcode, writes } from '../../../../src/engine/mount/fuse/constants.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';
import { damagedNode, file, fileTime, folder, link } from '../fake-tree.ts';
import { facts, readBody, serving, words, zeroEnded, type FakeServer } from './fake-mount.ts';

const root = 1;

/** `fuse_attr`, as programs see it. */
function attributesIn(body: Buffer, at: number) {
	return {
		number: body.readBigUInt64LE(at),
		size: Number(body.readBigUInt64LE(at + 8)),
		blocks: Number(body.readBigUInt64LE(at + 16)),
		accessed: Number(body.readBigInt64LE(at + 24)) + body.readUInt32LE(at + 48) / 1e9,
		changed: Number(body.readBigInt64LE(at + 40)) + body.readUInt32LE(at + 56) / 1e9,
		modified: Number(body.readBigInt64LE(at + 32)) + body.readUInt32LE(at + 52) / 1e9,
		mode: body.readUInt32LE(at + 60).toString(8),
		links: body.readUInt32LE(at + 64),
		owner: [body.readUInt32LE(at + 68), body.readUInt32LE(at + 72)],
		device: body.readUInt32LE(at + 76),
	};
}

async function lookUp({ mount }: FakeServer, name: string | Uint8Array, parent = root) {
	const { error, body } = await mount.ask(opcode.lookup, parent, zeroEnded(name));
	return {
		error,
		node: error === 0 ? Number(body.readBigUInt64LE(0)) : 0,
		...(error === 0 ? attributesIn(body, 40) : {}),
	};
}

/** Names of a folder in the order in which they are told, read in pieces of so many bytes. */
async function list({ mount }: FakeServer, node: number, room: number, plus = false) {
	const found: { name: string; node: number; number: bigint; type: number }[] = [];
	for (let offset = 0; ;) {
		const { error, body } = await mount.ask(
			plus ? opcode.readFolderPlus : opcode.readFolder,
			node,
			readBody(offset, room),
		);
		if (error !== 0) throw new Error(String(error));
		if (body.length === 0) return found;
		const before = plus ? 128 : 0;
		for (let at = 0; at < body.length;) {
			const length = body.readUInt32LE(at + before + 16);
			found.push({
				name: body.toString('latin1', at + before + 24, at + before + 24 + length),
				node: plus ? Number(body.readBigUInt64LE(at)) : 0,
				number: body.readBigUInt64LE(at + before),
				type: body.readUInt32LE(at + before + 20),
			});
			offset = Number(body.readBigUInt64LE(at + before + 8));
			at += Math.ceil((before + 24 + length) / 8) * 8;
		}
	}
}

describe('a mounted tree', () => {
	it('tells what files, folders, links and devices are', async () => {
		const device: SpecialNode = {
			...{ kind: 'special', name: 'disk', what: 'block device', modified: -500, mode: 0o660 },
			device: { major: 8, minor: 0x12345 },
			owner: { uid: 7, gid: 8 },
		};
		const odd: SpecialNode = { kind: 'special', name: 'odd', what: 'volume', modified: undefined, mode: undefined };
		const here = await serving([file('f', 'x'.repeat(700), 0o4751), folder('d', []), link('l', 'ä/b'), device, odd]);
		const owner = [facts.uid, facts.gid];
		expect(await lookUp(here, 'f')).toMatchObject({ size: 700, blocks: 2, mode: '104751', links: 1, owner });
		expect((await lookUp(here, 'f')).modified).toBeCloseTo(fileTime / 1000, 6);
		expect(await lookUp(here, 'd')).toMatchObject({ mode: '40555', links: 1 });
		expect(await lookUp(here, 'l')).toMatchObject({ mode: '120777', size: 4 });
		expect(await lookUp(here, 'disk')).toMatchObject({
			mode: '60660',
			owner: [7, 8],
			modified: -0.5,
			device: 0x12300845,
		});
		expect(await lookUp(here, 'odd')).toMatchObject({ mode: '100444', modified: 5 });
		const { node } = await lookUp(here, 'l');
		expect((await here.mount.ask(opcode.readLink, node)).body.toString()).toBe('ä/b');
		expect(await lookUp(here, 'none')).toMatchObject({ error: 0, node: 0 });
		expect(attributesIn((await here.mount.ask(opcode.getAttributes, root, words(0, 0, 0, 0))).body, 16)).toMatchObject({
			number: 1n,
			mode: '40555',
		});
	});

	it('tells the room that a file takes, and each of its times, as far as they are kept', async () => {
		const times = { accessed: 2_250, changed: -1_500 };
		const here = await serving([
			{ ...file('kept', 'x'.repeat(700)), ...times, allocated: 8192 },
			{ ...file('huge', ''), allocated: 2 ** 64 },
			file('plain', 'x'.repeat(700)),
		]);
		expect(await lookUp(here, 'kept')).toMatchObject({ size: 700, blocks: 16, accessed: 2.25, changed: -1.5 });
		expect(await lookUp(here, 'huge')).toMatchObject({ blocks: Number.MAX_SAFE_INTEGER });
		const { modified, accessed, changed } = await lookUp(here, 'plain');
		expect([accessed, changed]).toEqual([modified, modified]);
	});

	it('gives bytes up to the end of a file, and errors where it cannot', async () => {
		const failing: FileNode = {
			...file('bad', 'abc'),
			open: () =>
				Promise.resolve({ size: 3, read: () => Promise.reject(new AfterimageError('read-error', 'block 5')) }),
		};
		const locked: FileNode = {
			...file('locked', 'abc'),
			open: () => Promise.reject(new AfterimageError('not-supported', 'encrypted')),
		};
		const here = await serving([
			file('f', 'hello'),
			failing,
			locked,
			folder('d', []),
			damagedNode('x', 'a broken inode'),
		]);
		const { mount } = here;
		const { node } = await lookUp(here, 'f');
		const read = async (offset: number, size: number) =>
			(await mount.ask(opcode.read, node, readBody(offset, size))).body;
		expect((await mount.ask(opcode.open, node, words(0, 0))).body.readUInt32LE(8)).toBe(2);
		expect(String(await read(1, 3))).toBe('ell');
		expect(String(await read(3, 100))).toBe('lo');
		expect(String(await read(5, 100))).toBe('');
		expect(String(await read(2 ** 31, 100))).toBe('');
		const bad = (await lookUp(here, 'bad')).node;
		expect((await mount.ask(opcode.read, bad, readBody(0, 3))).error).toBe(errno.EIO);
		expect((await mount.ask(opcode.open, (await lookUp(here, 'locked')).node, words(0, 0))).error).toBe(
			errno.EOPNOTSUPP,
		);
		expect((await mount.ask(opcode.open, (await lookUp(here, 'd')).node, words(0, 0))).error).toBe(errno.EISDIR);
		expect((await lookUp(here, 'x')).error).toBe(errno.EIO);
		expect(here.failures).toEqual([
			'bad: block 5',
			'locked: encrypted',
			expect.stringContaining('x is damaged in the backup: a broken inode'),
		]);
	});

	it('lists folders in pieces, with and without what lies in them, and damaged entries among it', async () => {
		const many = Array.from({ length: 300 }, (_, i) => file(`file-${i}`, ''));
		const here = await serving([...many, damagedNode('broken', 'why'), link('link', 'x')]);
		const plain = await list(here, root, 1000);
		const names = plain.map(({ name }) => name);
		expect(names.slice(0, 2)).toEqual(['.', '..']);
		expect([...names.slice(2)].sort()).toEqual([...many.map(({ name }) => name), 'broken', 'link'].sort());
		expect(here.server.known).toBe(1);
		const plus = await list(here, root, 4096, true);
		expect(plus.map(({ name, number, type }) => ({ name, number, type }))).toEqual(
			plain.map(({ name, number, type }) => ({ name, number, type })),
		);
		expect(plus.filter(({ node }) => node === 0).map(({ name }) => name)).toEqual(['.', '..', 'broken']);
		expect(here.server.known).toBe(302);
		expect((await here.mount.ask(opcode.readFolder, root, readBody(2, 10))).error).toBe(errno.EINVAL);
	});

	it('keeps no more nodes than the kernel counts on', async () => {
		const here = await serving([file('a', ''), file('b', ''), folder('d', [file('c', '')])]);
		const a = (await lookUp(here, 'a')).node;
		expect((await lookUp(here, 'a')).node).toBe(a);
		const d = (await lookUp(here, 'd')).node;
		const c = (await lookUp(here, 'c', d)).node;
		expect(here.server.known).toBe(4);
		here.mount.tell(opcode.forget, a, words(1, 0));
		expect((await here.mount.ask(opcode.getAttributes, a, words(0, 0, 0, 0))).error).toBe(0);
		here.mount.tell(opcode.batchForget, 0, words(3, 0, a, 0, 1, 0, c, 0, 1, 0, d, 0, 1, 0));
		expect((await here.mount.ask(opcode.getAttributes, a, words(0, 0, 0, 0))).error).toBe(errno.ESTALE);
		here.mount.tell(opcode.forget, root, words(5, 0));
		expect((await here.mount.ask(opcode.getAttributes, root, words(0, 0, 0, 0))).error).toBe(0);
		expect(here.server.known).toBe(1);
		here.mount.waits = false;
		await lookUp(here, 'b');
		await list(here, root, 4096, true);
		expect(here.server.known).toBe(1);
	});

	it('takes names of one file for one, in each file system by itself, with the same numbers each time', async () => {
		const shared = (name: string, number: string): TreeNode => ({
			...file(name, ''),
			shared: { volume: {}, number, names: 2 },
		});
		const make = () => {
			const [one, two] = [
				folder('1', [shared('a', '12'), folder('d', [shared('b', '12')])]),
				folder('2', [shared('a', '12')]),
			];
			const top = folder('top', [one, two]);
			return serving([top], [top]);
		};
		const numbers: unknown[] = [];
		for (let i = 0; i < 2; i++) {
			const here = await make();
			const top = (await lookUp(here, 'top')).node;
			const [one, two] = [(await lookUp(here, '1', top)).node, (await lookUp(here, '2', top)).node];
			const a = await lookUp(here, 'a', one);
			const b = await lookUp(here, 'b', (await lookUp(here, 'd', one)).node);
			const other = await lookUp(here, 'a', two);
			expect(b).toMatchObject({ node: a.node, number: a.number, links: 2 });
			expect(other.node).not.toBe(a.node);
			expect(other.number).not.toBe(a.number);
			numbers.push([a.number, other.number, one, two]);
		}
		expect(numbers[0]).toEqual(numbers[1]);
	});

	it('knows names that are no text by their bytes', async () => {
		const bytes = Buffer.from([0xff, 0x41]);
		const named: TreeNode = { ...file('\\xffA', 'bytes'), nameBytes: bytes };
		const here = await serving([named, file('\\xffA', 'text'), file('ö', '')]);
		expect(await lookUp(here, bytes)).toMatchObject({ size: 5 });
		expect(await lookUp(here, '\\xffA')).toMatchObject({ size: 4 });
		expect((await list(here, root, 4096)).map(({ name }) => name)).toContain('\xffA');
		expect((await lookUp(here, 'ö')).node).not.toBe(0);
	});

	it('gives attributes and their names as far as there is room', async () => {
		const attributes = [
			{ name: 'user.a', value: Buffer.from('value') },
			{ name: 'system.posix_acl_access', value: Buffer.alloc(28) },
		];
		const here = await serving([{ ...file('f', ''), attributes: () => Promise.resolve(attributes) }, file('g', '')]);
		const { node } = await lookUp(here, 'f');
		const get = (of: number, name: string, room: number) =>
			here.mount.ask(opcode.getExtended, of, Buffer.concat([words(room, 0), zeroEnded(name)]));
		expect((await get(node, 'user.a', 0)).body.readUInt32LE(0)).toBe(5);
		expect(String((await get(node, 'user.a', 5)).body)).toBe('value');
		expect((await get(node, 'user.a', 4)).error).toBe(errno.ERANGE);
		expect((await get(node, 'user.b', 9)).error).toBe(errno.ENODATA);
		expect((await get((await lookUp(here, 'g')).node, 'user.a', 9)).error).toBe(errno.ENODATA);
		const names = await here.mount.ask(opcode.listExtended, node, words(100, 0));
		expect(names.body.toString()).toBe('user.a\0system.posix_acl_access\0');
		expect((await here.mount.ask(opcode.listExtended, node, words(0, 0))).body.readUInt32LE(0)).toBe(names.body.length);
	});

	it('refuses whatever writes, and what it does not know', async () => {
		const here = await serving([file('f', '')]);
		const { node } = await lookUp(here, 'f');
		for (const asked of writes) expect((await here.mount.ask(asked, node, Buffer.alloc(64))).error).toBe(errno.EROFS);
		expect((await here.mount.ask(opcode.open, node, words(1, 0))).error).toBe(errno.EROFS);
		expect((await here.mount.ask(opcode.access, node, words(2, 0))).error).toBe(errno.EROFS);
		expect((await here.mount.ask(opcode.access, node, words(4, 0))).error).toBe(0);
		for (const asked of [31, 37, 39, 40, 50, 52, 4096]) {
			expect((await here.mount.ask(asked, node, Buffer.alloc(64))).error).toBe(errno.ENOSYS);
		}
		expect((await here.mount.ask(opcode.statFileSystem, root)).body.readBigUInt64LE(0)).toBe(2n ** 18n);
	});

	it('finds holes and data where they are known, and data alone elsewhere', async () => {
		const sparse: FileNode = {
			...file('s', ''),
			size: 100,
			open: () =>
				Promise.resolve({
					size: 100,
					read: () => Promise.resolve(),
					extentAt: (at: number) => (at < 40 ? { end: 40, stored: false } : { end: 100, stored: true }),
				}),
		};
		const here = await serving([sparse, file('f', 'x'.repeat(50))]);
		const seek = async (name: string, offset: number, whence: number) => {
			const { node } = await lookUp(here, name);
			const { error, body } = await here.mount.ask(opcode.seek, node, words(0, 0, offset, 0, whence, 0));
			return error === 0 ? Number(body.readBigUInt64LE(0)) : -error;
		};
		expect([await seek('s', 10, 3), await seek('s', 10, 4), await seek('s', 50, 4)]).toEqual([40, 10, 100]);
		expect([await seek('f', 10, 3), await seek('f', 10, 4), await seek('f', 50, 3)]).toEqual([10, 50, -errno.ENXIO]);
		expect(await seek('f', 10, 1)).toBe(-errno.EINVAL);
	});

	it('answers whatever the kernel sends, and is never at a loss', async () => {
		const random = randomNumbers(7);
		const here = await serving([
			file('f', 'hello'),
			folder('d', [file('g', '')]),
			link('l', 't'),
			damagedNode('x', 'y'),
		]);
		for (const name of ['f', 'd', 'l']) await lookUp(here, name);
		const codes = new Set<number>();
		const silent: number[] = [opcode.forget, opcode.batchForget, opcode.interrupt];
		for (let i = 0; i < 3000; i++) {
			const body = random.fill(new Uint8Array(random.below(60)));
			if (random.below(3) === 0) body.fill(0, random.below(body.length + 1));
			const asked = random.below(56);
			const node = random.below(7);
			if (silent.includes(asked)) here.mount.tell(asked, node, body);
			else codes.add((await here.mount.ask(asked, node, body)).error);
			if (i % 50 === 0) here.mount.send(random.fill(new Uint8Array(random.below(60))));
		}
		expect(codes).toContain(errno.EINVAL);
		expect([...codes].filter((code) => code !== 0 && !Object.values<number>(errno).includes(code))).toEqual([]);
		here.mount.send(undefined);
		await here.ended;
		expect(here.server.known).toBeLessThan(10);
	});
});
