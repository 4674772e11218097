import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Message } from 'vscode-jsonrpc/node';
import { boundedReader, InputBounds, largestMessage } from '../../../../src/engine/server/bounded-input.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const bytesOf = (text: string) => Buffer.from(text, 'latin1');
const message = (body: string) => `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

/** What is said of a text that comes in one piece, and byte by byte. */
function objections(text: string, isClient: boolean): readonly (string | undefined)[] {
	const whole = new InputBounds(() => isClient);
	const single = new InputBounds(() => isClient);
	let first: string | undefined;
	for (const byte of bytesOf(text)) first ??= single.objectionTo(Uint8Array.of(byte));
	return [whole.objectionTo(bytesOf(text)), first];
}

describe('bounds of what a peer may send', () => {
	it.each([
		['a header without an end', 'Content-Length: '.padEnd(300, '1')],
		['lines of a header without an end', 'Content-Type: a\r\n'.repeat(30)],
		['no length', 'Content-Type: text/plain\r\n\r\n{}'],
		['no header', '\r\n\r\n'],
		['a length below zero', 'Content-Length: -5\r\n\r\n'],
		['a length with a sign', 'Content-Length: +5\r\n\r\n'],
		['a length that is no number', 'Content-Length: NaN\r\n\r\n'],
		['a length that only some read to its end', 'Content-Length: 5e9\r\n\r\n'],
		['a length in hexadecimal', 'Content-Length: 0x7fffffff\r\n\r\n'],
		['no length behind the name', 'Content-Length:\r\n\r\n'],
		['a huge length', 'Content-Length: 99999999999\r\n\r\n'],
		['a length beyond all numbers', `Content-Length: ${'9'.repeat(220)}\r\n\r\n`],
		['two lengths', 'Content-Length: 2\r\nContent-Length: 999999999\r\n\r\n{}'],
		['two lengths in other letters', 'content-length: 2\r\nCONTENT-LENGTH: 999999999\r\n\r\n{}'],
		['a length and another header', 'Content-Length: 2\r\nContent-Encoding: gzip\r\n\r\n{}'],
		['line breaks of another kind', 'Content-Length: 2\n\n{}'.padEnd(300)],
	])('refuse %s, of a client too', (_, text) => {
		for (const isClient of [false, true]) {
			for (const objection of objections(text, isClient)) expect(objection).toMatch(/^expected .*, found /);
		}
	});

	it('take the messages of the handshake, wherever they are cut', () => {
		const text =
			message('{"method":"hello/challenge"}') + message('{"method":"hello/prove","params":"ü"}') + message('');
		fc.assert(
			fc.property(fc.array(fc.integer({ min: 0, max: text.length }), { maxLength: 8 }), (cuts) => {
				const bounds = new InputBounds(() => false);
				const bytes = Buffer.from(text);
				const at = [0, ...cuts.sort((a, b) => a - b), bytes.length];
				const said = at.slice(1).map((end, i) => bounds.objectionTo(bytes.subarray(at[i], end)));
				expect(said.filter((one) => one !== undefined)).toEqual([]);
			}),
		);
	});

	it('are narrow until the token is proved, for one message and for all', () => {
		expect(objections(message('x'.repeat(1024)), false)).toEqual([undefined, undefined]);
		for (const objection of objections(message('x'.repeat(1025)), false)) {
			expect(objection).toBe('expected a message of at most 1024 bytes before the token is proved, found one of 1025');
		}
		const bounds = new InputBounds(() => false);
		const small = bytesOf(message('{}'));
		let count = 0;
		while (bounds.objectionTo(small) === undefined) count++;
		expect(count * small.length).toBeLessThanOrEqual(8 * 1024);
		expect(count).toBeGreaterThan(300);
	});

	it('are wide once it is, for every message anew', () => {
		let proved = false;
		const bounds = new InputBounds(() => proved);
		expect(bounds.objectionTo(bytesOf(message('x'.repeat(300))))).toBeUndefined();
		proved = true;
		const half = new Uint8Array(largestMessage / 2);
		for (let i = 0; i < 3; i++) {
			expect(bounds.objectionTo(bytesOf(`Content-Length: ${largestMessage}\r\n\r\n`))).toBeUndefined();
			expect([bounds.objectionTo(half), bounds.objectionTo(half)]).toEqual([undefined, undefined]);
		}
		expect(bounds.objectionTo(bytesOf(`Content-Length: ${largestMessage + 1}\r\n\r\n`))).toContain('at most 67108864');
	});
});

describe('reader within bounds', () => {
	async function setUp() {
		const path = join(tempFolder(), 'socket');
		const server = createServer();
		server.listen(path);
		const peer = connect(path);
		const [socket] = (await once(server, 'connection')) as [Socket];
		onTestFinished(() => {
			for (const one of [peer, socket]) one.destroy();
			server.close();
		});
		const refusals: string[] = [];
		const messages: Message[] = [];
		const reader = boundedReader(
			socket,
			() => false,
			(objection) => refusals.push(objection),
		);
		const closed = new Promise<void>((done) => reader.onClose(done));
		reader.listen((one) => messages.push(one));
		const until = async (done: () => boolean) => {
			while (!done()) await new Promise((turn) => setTimeout(turn, 5));
		};
		return { peer, refusals, messages, closed, until };
	}

	it('hands on messages, tells once what is wrong, and hands on nothing afterwards', async () => {
		const { peer, refusals, messages, closed, until } = await setUp();
		peer.write(message('{"a":1}'));
		await until(() => messages.length === 1);
		peer.write('Content-Length: 99999999999\r\n\r\n');
		await until(() => refusals.length === 1);
		for (let i = 0; i < 100; i++) peer.write(message('{"b":2}'));
		peer.end();
		await closed;
		expect(messages).toEqual([{ a: 1 }]);
		expect(refusals).toEqual([expect.stringContaining('99999999999')]);
	});
});
