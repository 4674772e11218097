import { connect } from 'node:net';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { mostClients } from '../../../../src/engine/serve/nbd/nbd-server.ts';
import { bytesAt, exportOf, FakeSource } from './fake-export.ts';
import { useNbdServer } from './nbd-scene.ts';
import { contexts, NbdClient, u16, u32 } from './nbd-client.ts';

const source = new FakeSource();
const scene = useNbdServer([exportOf('disk', source)]);

const option = (number: number, data: Buffer, length = data.length) =>
	Buffer.concat([Buffer.from('IHAVEOPT'), u32(number), u32(length), data]);
const request = (command: number, flags: number, offset: bigint, length: number) => {
	const rest = Buffer.alloc(24);
	rest.writeUInt16BE(flags, 0);
	rest.writeUInt16BE(command, 2);
	rest.writeBigUInt64BE(offset, 12);
	rest.writeUInt32BE(length, 20);
	return Buffer.concat([u32(0x25609513), rest]);
};

const someOption = fc.oneof(
	fc.constantFrom(
		option(8, Buffer.alloc(0)),
		option(10, contexts('disk', 'base:allocation')),
		option(3, Buffer.alloc(0)),
		option(6, Buffer.concat([u32(4), Buffer.from('disk'), u16(2), u16(1), u16(3)])),
		option(7, Buffer.alloc(6)),
		option(1, Buffer.from('disk')),
	),
	fc
		.tuple(fc.nat(12), fc.uint8Array({ maxLength: 40 }), fc.option(fc.nat(0xffff_ffff)))
		.map(([number, data, length]) => option(number, Buffer.from(data), length ?? data.length)),
);
const someRequest = fc
	.tuple(
		fc.nat(9),
		fc.constantFrom(0, 0, 0, 4, 8, 0xffff),
		fc.oneof(fc.bigInt({ min: 0n, max: BigInt(source.size) }), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
		fc.oneof(fc.nat(5000), fc.nat(source.size), fc.nat(0xffff_ffff)),
	)
	.map(([command, flags, offset, length]) => request(command, flags, offset, length));

/** A client that knows the protocol and bends it: its messages, some bytes of them, where they are cut in two, and where they end. */
const someConversation = fc
	.record({
		flags: fc.constantFrom(3, 3, 3, 3, 0, 1, 2, 0x8000_0003),
		options: fc.array(someOption, { maxLength: 5 }),
		chosen: fc.boolean(),
		requests: fc.array(someRequest, { maxLength: 12 }),
		noise: fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 2 }),
		end: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.nat() }),
	})
	.map(({ flags, options, chosen, requests, noise, end }) => {
		const messages = [u32(flags), ...options, ...(chosen ? [option(7, Buffer.alloc(6))] : []), ...requests];
		const bytes = Buffer.concat(messages);
		for (const [at, value] of noise) bytes[at % bytes.length] = value;
		return end === null ? bytes : bytes.subarray(0, end % (bytes.length + 1));
	});

it(
	'whatever a client sends, the server lives, lets go of it, and serves the next one',
	{ timeout: 60_000 },
	async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.oneof(
					{ weight: 9, arbitrary: someConversation },
					{ weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
				),
				fc.nat(),
				fc.boolean(),
				async (bytes, cut, reads) => {
					const socket = connect(scene.path);
					socket.on('error', () => undefined);
					await once(socket, 'connect');
					const closed = new Promise((done) => socket.once('close', done));
					if (reads) socket.resume();
					const at = cut % (bytes.length + 1);
					socket.write(bytes.subarray(0, at));
					await delay(1);
					socket.end(bytes.subarray(at));
					await delay(2);
					socket.destroy();
					await closed;
				},
			),
			{ numRuns: 300 },
		);
		await expect.poll(() => source.reading).toBe(0);
		const chosen = () => scene.told.filter((line) => line.endsWith('chosen')).length;
		await expect.poll(() => scene.told.filter((line) => line.endsWith('left')).length).toBe(chosen());
		// A fault of ours would be told as one of the client's.
		for (const line of scene.told) expect(line).toMatch(/^(disk (chosen|left)|fault: (expected|asked) .*)$/);
		expect(chosen()).toBeGreaterThan(20);
		expect(scene.told.some((line) => line.startsWith('fault'))).toBe(true);
		expect(scene.told).not.toContain('refused');

		const client = await NbdClient.open(scene.path);
		client.ask({ command: 0, offset: 300, length: 5000 });
		expect(Buffer.compare((await client.chunk()).payload.subarray(8), bytesAt(300, 5000))).toBe(0);
		client.close();
	},
);

it('turns those away that are too many, until others have gone', async () => {
	const clients = await Promise.all(Array.from({ length: mostClients }, () => NbdClient.open(scene.path)));
	scene.clear();
	const late = await NbdClient.connect(scene.path);
	await late.hungUp();
	expect(scene.told).toEqual(['refused']);
	expect(await clients[0]!.errorOf({ command: 3 })).toBe(0);
	clients[0]!.close();
	await expect.poll(() => scene.told).toContain('disk left');
	const next = await NbdClient.open(scene.path);
	expect(await next.errorOf({ command: 3 })).toBe(0);
	for (const client of [...clients, next]) client.close();
	await expect.poll(() => scene.told.filter((line) => line === 'disk left').length).toBe(mostClients + 1);
});

it('gives the place of one that is silent for some seconds to another, never that of one that has chosen', async () => {
	const chosen = await NbdClient.open(scene.path);
	const silent = [];
	for (let i = 1; i < mostClients; i++) silent.push(await NbdClient.connect(scene.path));
	scene.clear();
	await (await NbdClient.connect(scene.path)).hungUp();
	expect(scene.told).toEqual(['refused']);
	vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 3000);
	const late = await NbdClient.open(scene.path);
	vi.restoreAllMocks();
	await silent[0]!.hungUp();
	for (const client of [chosen, late]) expect(await client.errorOf({ command: 3 })).toBe(0);
	for (const client of silent.slice(1)) client.close();
	for (const client of [chosen, late]) client.close();
});
