import { describe, expect, it } from 'vitest';
import { exportOf, FakeSource, mebibyte } from './fake-export.ts';
import { useNbdServer } from './nbd-scene.ts';
import { contexts, NbdClient, u16, u32 } from './nbd-client.ts';

const [exportName, abort, list, info, go, structuredReply, listContexts, setContexts] = [1, 2, 3, 6, 7, 8, 9, 10];
const [ack, server, infoReply, contextReply] = [1, 2, 3, 4];
const [unsupported, invalid, unknown] = [0x8000_0001, 0x8000_0003, 0x8000_0006];
/** Has flags, read-only, flush, several connections, cache; and with structured replies also single chunks. */
const plainFlags = 0b101_0000_0111;
const structuredFlags = plainFlags | 0b1000_0000;

const nameAnd = (name: string, ...types: number[]) =>
	Buffer.concat([u32(Buffer.byteLength(name)), Buffer.from(name), u16(types.length), ...types.map(u16)]);

describe('the handshake', () => {
	const odd = exportOf('odd', new FakeSource(1024 + 256), 4096);
	const scene = useNbdServer([exportOf('disk-1', new FakeSource()), exportOf('disk-2', new FakeSource(), 4096), odd]);

	it('greets as fixed newstyle servers do', async () => {
		const client = await NbdClient.connect(scene.path);
		expect((await client.read(18)).toString('latin1')).toBe('NBDMAGICIHAVEOPT\x00\x03');
		client.close();
	});

	it('lists what there is', async () => {
		const client = await NbdClient.greeted(scene.path);
		const answers = await client.option(list);
		expect(answers.map(({ type }) => type)).toEqual([server, server, server, ack]);
		expect(answers[0]!.data.toString('latin1')).toBe('\0\0\0\x06disk-1What disk-1 is');
		expect((await client.option(list, Buffer.from('x')))[0]!.type).toBe(invalid);
		client.close();
	});

	it('tells size, flags, name, description and sizes of blocks of an export', async () => {
		const client = await NbdClient.greeted(scene.path);
		const answers = await client.option(info, nameAnd('disk-2', 1, 2, 3, 99));
		expect(answers.map(({ type }) => type)).toEqual([infoReply, infoReply, infoReply, infoReply, ack]);
		const [about, name, description, blocks] = answers.map(({ data }) => data);
		expect(about).toEqual(Buffer.concat([u16(0), u32(0), u32(8 * mebibyte), u16(plainFlags)]));
		expect(name!.toString('latin1')).toBe('\0\x01disk-2');
		expect(description!.toString('latin1')).toBe('\0\x02What disk-2 is');
		expect(blocks).toEqual(Buffer.concat([u16(3), u32(4096), u32(65_536), u32(32 * mebibyte)]));
		client.close();
	});

	it('names a smallest block that divides the export', async () => {
		const client = await NbdClient.greeted(scene.path);
		const answers = await client.option(info, nameAnd('odd', 3));
		expect(answers[1]!.data.readUInt32BE(2)).toBe(256);
		client.close();
	});

	it('lets a client look on after INFO, and ends with GO', async () => {
		const client = await NbdClient.greeted(scene.path);
		await client.option(structuredReply);
		const answers = await client.option(go, nameAnd(''));
		expect(answers.map(({ type }) => type)).toEqual([infoReply, ack]);
		expect(answers[0]!.data.readUInt16BE(10)).toBe(structuredFlags);
		expect(await client.errorOf({ command: 3 })).toBe(0);
		client.close();
	});

	it('takes the one option of old clients, with and without the zeros that they know', async () => {
		for (const [flags, zeros] of [
			[0, 124],
			[1, 124],
			[3, 0],
		] as const) {
			const client = await NbdClient.greeted(scene.path, flags);
			client.socket.write(Buffer.concat([Buffer.from('IHAVEOPT'), u32(exportName), u32(6), Buffer.from('disk-1')]));
			const reply = await client.read(10 + zeros);
			expect(reply).toEqual(Buffer.concat([u32(0), u32(8 * mebibyte), u16(plainFlags), Buffer.alloc(zeros)]));
			client.ask({ command: 3, cookie: 5 });
			expect(await client.simpleReply()).toEqual({ error: 0, cookie: 5n });
			client.close();
		}
	});

	it('says good-bye to who only looked', async () => {
		const client = await NbdClient.greeted(scene.path);
		expect((await client.option(abort)).map(({ type }) => type)).toEqual([ack]);
		await client.hungUp();
	});

	it('knows one metadata context, for the export that it was asked of, and only with structured replies', async () => {
		const client = await NbdClient.greeted(scene.path);
		const types = async (option: number, data: Buffer) => (await client.option(option, data)).map(({ type }) => type);
		expect(await types(setContexts, contexts('', 'base:allocation'))).toEqual([invalid]);
		await client.option(structuredReply);
		expect(await types(listContexts, contexts('nothing'))).toEqual([unknown]);
		for (const queries of [[], ['base:'], ['base:allocation', 'base:allocation']]) {
			const answers = await client.option(listContexts, contexts('', ...queries));
			expect(answers.map(({ type }) => type)).toEqual([contextReply, ack]);
			expect(answers[0]!.data).toEqual(Buffer.concat([u32(0), Buffer.from('base:allocation')]));
		}
		expect(await types(listContexts, contexts('', 'qemu:dirty-bitmap'))).toEqual([ack]);
		expect(await types(setContexts, contexts('', 'base:'))).toEqual([ack]);
		const [set] = await client.option(setContexts, contexts('disk-1', 'x:y', 'base:allocation'));
		expect(set!.type).toBe(contextReply);
		expect(set!.data.subarray(4).toString()).toBe('base:allocation');
		expect(set!.data.readUInt32BE(0)).not.toBe(0);
		await client.option(go, nameAnd('disk-2'));
		expect(await client.errorOf({ command: 7, length: 512 })).toBe(22);
		client.close();
	});

	it('refuses what is not of its form, and goes on', async () => {
		const client = await NbdClient.greeted(scene.path);
		const refused: [number, Buffer, number][] = [
			[info, Buffer.alloc(0), invalid],
			[info, Buffer.concat([u32(0xffff_ffff), Buffer.from('disk-1'), u16(0)]), invalid],
			[info, Buffer.concat([u32(6), Buffer.from('disk-1'), u16(9)]), invalid],
			[go, Buffer.concat([nameAnd('disk-1'), Buffer.from([0])]), invalid],
			[go, Buffer.concat([u32(2), Buffer.from([0xc3, 0x28]), u16(0)]), invalid],
			[go, nameAnd('x'.repeat(4097)), invalid],
			[go, nameAnd('x'.repeat(4096)), unknown],
			[go, nameAnd('disk-3'), unknown],
			[go, nameAnd('__proto__'), unknown],
			[structuredReply, Buffer.from('x'), invalid],
			[5, Buffer.alloc(0), unsupported],
			[11, Buffer.alloc(0), unsupported],
			[0xffff_ffff, Buffer.alloc(65_536), unsupported],
		];
		for (const [option, data, type] of refused) {
			const answers = await client.option(option, data);
			expect(answers.map((one) => one.type)).toEqual([type]);
			expect(answers[0]!.data.length).toBeGreaterThan(0);
		}
		await client.option(structuredReply);
		for (const data of [contexts('').subarray(0, 6), Buffer.concat([u32(0), u32(0xffff_ffff), u32(0)])]) {
			expect((await client.option(setContexts, data)).map(({ type }) => type)).toEqual([invalid]);
		}
		expect((await client.option(go, nameAnd(''))).at(-1)!.type).toBe(ack);
		client.close();
	});

	it('hangs up on who breaks the rules', async () => {
		scene.clear();
		const option = (head: Buffer) => Buffer.concat([u32(3), head]);
		const faults: [Buffer, RegExp][] = [
			[u32(4), /expected handshake flags 0 to 3, found 4/],
			[u32(0xffff_ffff), /found 4294967295/],
			[option(Buffer.alloc(16)), /expected an option, found other bytes/],
			[
				option(Buffer.concat([Buffer.from('IHAVEOPT'), u32(3), u32(65_537)])),
				/at most 65536 bytes, found one of 65537/,
			],
			[
				option(Buffer.concat([Buffer.from('IHAVEOPT'), u32(1), u32(1), Buffer.from('?')])),
				/an export that there is not/,
			],
		];
		for (const [bytes, fault] of faults) {
			const client = await NbdClient.connect(scene.path);
			client.socket.write(bytes);
			await client.hungUp();
			await expect.poll(() => scene.told.at(-1)).toMatch(fault);
		}
	});
});

describe('without a standard export', () => {
	const scene = useNbdServer([exportOf('disk-1', new FakeSource()), exportOf('disk-2', new FakeSource())], 'none');

	it('a client has to give a name', async () => {
		const client = await NbdClient.greeted(scene.path);
		const [answer] = await client.option(go, nameAnd(''));
		expect(answer!.type).toBe(unknown);
		expect(answer!.data.toString()).toBe('Several disks are served: name one');
		expect((await client.option(go, nameAnd('disk-2'))).at(-1)!.type).toBe(ack);
		client.close();
	});
});
