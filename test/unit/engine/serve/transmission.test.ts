import { setTimeout as delay } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { byteAt, bytesAt, exportOf, FakeSource, isStored, mebibyte } from './fake-export.ts';
import { useNbdServer } from './nbd-scene.ts';
import { NbdClient, type ReplyChunk } from './nbd-client.ts';

const [read, write, disconnect, flush, trim, cache, writeZeroes, blockStatus] = [0, 1, 2, 3, 4, 5, 6, 7];
const [dontFragment, requestOne] = [4, 8];
const [none, offsetData, offsetHole, status, errorOffset] = [0, 1, 2, 5, 0x8002];
const [notPermitted, io, invalid, overflow, shutdown] = [1, 5, 22, 75, 108];

const source = new FakeSource();
const scene = useNbdServer([exportOf('disk', source)]);

beforeEach(() => {
	source.bad.clear();
	source.gate = Promise.resolve();
	source.mostReading = 0;
	source.reads = 0;
	source.goodReads = Infinity;
	scene.clear();
});

/** Puts the chunks of a read together; fails where they overlap or leave something out. */
function assembled(chunks: readonly ReplyChunk[], offset: number, length: number): Buffer {
	const bytes = Buffer.alloc(length, 0xee);
	const covered = new Uint8Array(length);
	for (const { type, payload } of chunks) {
		if (type === none) continue;
		const at = Number(payload.readBigUInt64BE(0)) - offset;
		const data = type === offsetHole ? Buffer.alloc(payload.readUInt32BE(8)) : payload.subarray(8);
		expect(covered.subarray(at, at + data.length).every((seen) => seen === 0)).toBe(true);
		covered.fill(1, at, at + data.length);
		data.copy(bytes, at);
	}
	expect(covered.every((seen) => seen === 1)).toBe(true);
	return bytes;
}

/** Holds the reads of the source until it is called. */
function closeGate(): () => void {
	let open = () => undefined as void;
	source.gate = new Promise((done) => (open = done));
	return () => {
		source.gate = Promise.resolve();
		open();
	};
}

describe('a client with structured replies', () => {
	it('gets the bytes it asks for, and holes instead of zeros that nothing stores', async () => {
		const client = await NbdClient.open(scene.path);
		const ranges = [
			[0, 512],
			[mebibyte - 1, 2],
			[mebibyte - 700_001, 3 * mebibyte + 5],
			[source.size - 1, 1],
			[0, source.size],
		] as const;
		for (const [offset, length] of ranges) {
			client.ask({ command: read, offset, length, cookie: 7 });
			const chunks = await client.chunks();
			expect(chunks.every(({ cookie }) => cookie === 7n)).toBe(true);
			expect(Buffer.compare(assembled(chunks, offset, length), bytesAt(offset, length))).toBe(0);
			for (const { type, payload } of chunks) {
				const at = Number(payload.readBigUInt64BE(0));
				expect(type).toBe(isStored(at) ? offsetData : offsetHole);
				expect(payload.length).toBeLessThanOrEqual(8 + 512 * 1024);
			}
		}
		client.ask({ command: read, offset: 5, length: 0 });
		expect(await client.chunks()).toMatchObject([{ type: none, done: true }]);
		client.close();
	});

	it('gets one chunk where it wants that, up to what is kept of one request', async () => {
		const client = await NbdClient.open(scene.path);
		const [offset, length] = [mebibyte - 1000, 512 * 1024];
		client.ask({ command: read, offset, length, flags: dontFragment });
		const chunks = await client.chunks();
		expect(chunks).toMatchObject([{ type: offsetData, done: true }]);
		expect(Buffer.compare(assembled(chunks, offset, length), bytesAt(offset, length))).toBe(0);
		expect(await client.errorOf({ command: read, length: 512 * 1024 + 1, flags: dontFragment })).toBe(overflow);
		client.close();
	});

	it('is told where a block cannot be read, once in the log, and reads the others', async () => {
		source.bad.add(700_000);
		const client = await NbdClient.open(scene.path);
		for (const flags of [0, 0, dontFragment]) {
			client.ask({ command: read, offset: 200_000, length: 512 * 1024, flags });
			const last = (await client.chunks()).at(-1)!;
			expect(last).toMatchObject({ type: errorOffset, done: true });
			expect(last.payload.readUInt32BE(0)).toBe(io);
			expect(Number(last.payload.readBigUInt64BE(last.payload.length - 8))).toBe(200_000);
		}
		expect(await client.errorOf({ command: cache, offset: 699_000, length: 2000 })).toBe(io);
		expect(await client.errorOf({ command: read, offset: 700_001, length: 5000 })).toBe(0);
		expect(scene.told.filter((line) => line === 'disk failed: Block of byte 700000 is damaged')).toHaveLength(4);
		client.close();
	});

	it('keeps what came before the place in the same request', async () => {
		source.bad.add(900_000);
		const client = await NbdClient.open(scene.path);
		client.ask({ command: read, offset: 0, length: mebibyte });
		const chunks = await client.chunks();
		expect(chunks.map(({ type }) => type)).toEqual([offsetData, errorOffset]);
		expect(Buffer.compare(chunks[0]!.payload.subarray(8), bytesAt(0, 512 * 1024))).toBe(0);
		expect(Number(chunks[1]!.payload.readBigUInt64BE(chunks[1]!.payload.length - 8))).toBe(512 * 1024);
		client.close();
	});

	it('is told what is stored and what is not', async () => {
		const client = await NbdClient.open(scene.path);
		const extents = async (offset: number, length: number, flags = 0) => {
			client.ask({ command: blockStatus, offset, length, flags });
			const [answer, ...more] = await client.chunks();
			expect(more).toEqual([]);
			expect(answer).toMatchObject({ type: status, done: true });
			const values = Array.from({ length: answer!.payload.length / 4 }, (_, i) => answer!.payload.readUInt32BE(4 * i));
			return values.slice(1);
		};
		expect(await extents(0, source.size)).toEqual([0, 3, 0, 3, 0, 3, 0, 3].flatMap((flags) => [mebibyte, flags]));
		expect(await extents(mebibyte - 10, mebibyte)).toEqual([10, 0, mebibyte - 10, 3]);
		expect(await extents(mebibyte - 10, mebibyte, requestOne)).toEqual([10, 0]);
		client.close();
	});

	it('is refused what there is not, and goes on', async () => {
		const client = await NbdClient.open(scene.path);
		const { size } = source;
		const cases: [Parameters<NbdClient['ask']>[0], number][] = [
			[{ command: read, offset: size, length: 1 }, invalid],
			[{ command: read, offset: size - 1, length: 2 }, invalid],
			[{ command: read, offset: 2n ** 64n - 1n, length: 1 }, invalid],
			[{ command: read, offset: 2n ** 64n - 1n, length: 0xffff_ffff }, invalid],
			[{ command: read, length: 0xffff_ffff }, invalid],
			[{ command: read, length: 512, flags: 1 }, invalid],
			[{ command: read, length: 512, flags: requestOne }, invalid],
			[{ command: blockStatus, length: 0 }, invalid],
			[{ command: blockStatus, offset: size, length: 1 }, invalid],
			[{ command: blockStatus, length: 512, flags: dontFragment }, invalid],
			[{ command: cache, offset: size, length: 1 }, invalid],
			[{ command: 8, length: 512 }, invalid],
			[{ command: 0xffff }, invalid],
			[{ command: write, length: 70_000, payload: Buffer.alloc(70_000, 1) }, notPermitted],
			[{ command: write, offset: 2n ** 63n, length: 3, flags: 1, payload: Buffer.alloc(3) }, notPermitted],
			[{ command: trim, length: 512 }, notPermitted],
			[{ command: writeZeroes, length: 0xffff_ffff, flags: 2 }, notPermitted],
			[{ command: flush }, 0],
			[{ command: cache, length: mebibyte }, 0],
		];
		for (const [asked, error] of cases) expect([asked, await client.errorOf(asked)]).toEqual([asked, error]);
		expect(byteAt(513)).not.toBe(0);
		client.ask({ command: read, offset: 513, length: 1 });
		expect((await client.chunk()).payload[8]).toBe(byteAt(513));
		client.close();
	});

	it('without the metadata context asks in vain what is stored', async () => {
		const client = await NbdClient.greeted(scene.path);
		await client.option(8);
		await client.option(7, Buffer.alloc(6));
		expect(await client.errorOf({ command: blockStatus, length: 512 })).toBe(invalid);
		client.close();
	});
});

describe('a client with simple replies', () => {
	it('gets the bytes, whole, or an error before the first of them', async () => {
		const client = await NbdClient.open(scene.path, '', false);
		for (const length of [1, 512 * 1024, 2 * mebibyte + 3]) {
			client.ask({ command: read, offset: 100, length, cookie: length });
			expect(await client.simpleReply()).toEqual({ error: 0, cookie: BigInt(length) });
			expect(Buffer.compare(await client.read(length), bytesAt(100, length))).toBe(0);
		}
		source.bad.add(2 * mebibyte + 100);
		for (const length of [1, mebibyte + 101]) {
			client.ask({ command: read, offset: 2 * mebibyte + 101 - length, length });
			expect((await client.simpleReply()).error).toBe(io);
		}
		client.ask({ command: read, length: 5, flags: dontFragment });
		expect((await client.simpleReply()).error).toBe(invalid);
		client.ask({ command: disconnect });
		await client.hungUp();
	});

	it('is hung up on where a block that could be read can no more after the reply has begun', async () => {
		const client = await NbdClient.open(scene.path, '', false);
		// Two are the trial.
		source.goodReads = 3;
		client.ask({ command: read, length: mebibyte });
		expect((await client.simpleReply()).error).toBe(0);
		expect(await client.read(512 * 1024)).toEqual(bytesAt(0, 512 * 1024));
		await expect(client.read(1)).rejects.toThrow('hung up');
		expect(scene.told).toContain('disk failed: The disk has gone');
	});
});

describe('many at once', () => {
	it('eight reads go on at once for all, and each client has eight of its requests taken', async () => {
		const open = closeGate();
		const clients = await Promise.all([NbdClient.open(scene.path), NbdClient.open(scene.path)]);
		for (const client of clients) {
			for (let cookie = 1; cookie <= 20; cookie++) client.ask({ command: read, offset: cookie, length: 100, cookie });
		}
		await expect.poll(() => source.reading).toBe(8);
		await delay(30);
		expect(source.mostReading).toBe(8);
		open();
		for (const client of clients) {
			const cookies = new Set<bigint>();
			for (let i = 0; i < 20; i++) {
				const { cookie, payload } = await client.chunk();
				cookies.add(cookie);
				expect(Buffer.compare(payload.subarray(8), bytesAt(Number(cookie), 100))).toBe(0);
			}
			expect(cookies.size).toBe(20);
			client.close();
		}
	});

	it('one that does not take its answers keeps nobody waiting, and has little kept for it', async () => {
		const lazy = await NbdClient.open(scene.path);
		const most = 40;
		for (let cookie = 0; cookie < most; cookie++) lazy.ask({ command: read, length: mebibyte, cookie });
		await delay(100);
		const { reads } = source;
		expect(reads).toBeLessThan(most);
		const other = await NbdClient.open(scene.path);
		for (let i = 0; i < 20; i++) expect(await other.errorOf({ command: read, length: mebibyte })).toBe(0);
		expect(source.reads).toBeLessThanOrEqual(reads + 40);
		other.close();
		lazy.close();
		await expect.poll(() => scene.told.filter((line) => line === 'disk left').length).toBe(2);
	});
});

describe('the end', () => {
	it('comes within a second, whatever clients do, and refuses what is asked meanwhile', async () => {
		const open = closeGate();
		const idle = await NbdClient.open(scene.path);
		const lazy = await NbdClient.open(scene.path);
		for (let cookie = 0; cookie < 8; cookie++) lazy.ask({ command: read, length: mebibyte, cookie });
		const looking = await NbdClient.greeted(scene.path);
		await expect.poll(() => source.reading).toBe(8);
		const started = performance.now();
		const closed = scene.server.close();
		expect(await idle.errorOf({ command: read, length: 1 })).toBe(shutdown);
		expect((await looking.option(3)).map(({ type }) => type)).toEqual([0x8000_0007]);
		const late = await NbdClient.connect(scene.path);
		await late.hungUp();
		open();
		await closed;
		expect(performance.now() - started).toBeLessThan(1000);
		for (const client of [idle, looking]) await client.hungUp();
		lazy.close();
	});
});
