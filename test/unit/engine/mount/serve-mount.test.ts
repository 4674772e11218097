import { describe, expect, it } from 'vitest';
import type { FileNode } from '../../../../src/disk/files.ts';
import { errno, initFlag, opcode } from '../../../../src/engine/mount/fuse/constants.ts';
import { serveMount } from '../../../../src/engine/mount/serve-mount.ts';
import { TreeServer } from '../../../../src/engine/mount/tree-server.ts';
import { file, folder } from '../fake-tree.ts';
import { facts, FakeMount, readBody, serving, words, zeroEnded } from './fake-mount.ts';

function serve(mount: FakeMount) {
	const tree = { root: folder('', []), collections: new Set<never>(), size: 0 };
	const server = new TreeServer(tree, facts, new AbortController().signal, () => undefined);
	let started = 0;
	const ended = serveMount(mount, server, () => void started++);
	return { ended, started: () => started };
}

describe('the first request', () => {
	it('agrees on a version and on what of the offered is used', async () => {
		for (const enforced of [true, false]) {
			const mount = new FakeMount(enforced);
			const { ended, started } = serve(mount);
			const { error, body } = await mount.init(7, 45);
			expect({ error, length: body.length, major: body.readUInt32LE(0) }).toEqual({ error: 0, length: 64, major: 7 });
			expect(body.readUInt32LE(4)).toBeLessThan(45);
			const flags = body.readUInt32LE(12);
			expect((flags & initFlag.accessLists) !== 0).toBe(enforced);
			expect(flags & initFlag.asyncRead).not.toBe(0);
			// Neither writes that are kept back nor opens that are left out.
			expect(flags & ((1 << 16) | (1 << 17) | (1 << 24))).toBe(0);
			expect(body.readUInt16LE(28)).toBe(256);
			mount.send(undefined);
			await ended;
			expect(started()).toBe(1);
		}
	});

	it('takes nothing that is not offered, and is asked again by a newer kernel', async () => {
		const mount = new FakeMount();
		const { started } = serve(mount);
		expect((await mount.init(8, 0)).body.readUInt32LE(0)).toBe(7);
		expect(started()).toBe(0);
		expect((await mount.init(7, 31, initFlag.asyncRead)).body.readUInt32LE(12)).toBe(initFlag.asyncRead);
		mount.send(undefined);
	});

	it('fails for a kernel that is too old, or begins otherwise', async () => {
		const old = new FakeMount();
		const { ended } = serve(old);
		const failure = expect(ended).rejects.toMatchObject({ code: 'not-supported' });
		expect((await old.init(7, 22)).error).toBe(errno.EPROTO);
		await failure;
		const strange = new FakeMount();
		const other = serve(strange);
		strange.tell(opcode.getAttributes, 1, words(0, 0, 0, 0));
		await expect(other.ended).rejects.toMatchObject({ code: 'failed' });
	});
});

describe('requests', () => {
	it('are answered beside each other, and those that are interrupted at once', async () => {
		let release = () => undefined as void;
		const slow: FileNode = {
			...file('slow', 'abc'),
			open: () => Promise.resolve({ size: 3, read: () => new Promise<void>((done) => (release = () => done())) }),
		};
		const here = await serving([slow, file('f', 'x')]);
		const node = Number((await here.mount.ask(opcode.lookup, 1, zeroEnded('slow'))).body.readBigUInt64LE(0));
		const unique = here.mount.nextUnique;
		const waiting = here.mount.ask(opcode.read, node, readBody(0, 3));
		expect((await here.mount.ask(opcode.lookup, 1, zeroEnded('f'))).error).toBe(0);
		const told = Buffer.alloc(8);
		told.writeBigUInt64LE(unique);
		// The second time it was answered already.
		for (let i = 0; i < 2; i++) here.mount.tell(opcode.interrupt, 0, told);
		expect((await waiting).error).toBe(errno.EINTR);
		release();
		expect((await here.mount.ask(opcode.lookup, 1, zeroEnded('f'))).error).toBe(0);
		here.mount.send(undefined);
		await here.ended;
	});
});
