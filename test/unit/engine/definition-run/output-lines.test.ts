import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { hearLines, longestLine } from '../../../../src/engine/definition-run/scripts/output-lines.ts';

async function linesOf(...chunks: (string | Uint8Array)[]): Promise<string[]> {
	const stream = new PassThrough();
	const lines: string[] = [];
	hearLines(stream, (line) => lines.push(line));
	const ended = new Promise((done) => stream.once('end', done));
	for (const chunk of chunks) {
		stream.write(chunk);
		// A chunk of its own, as it comes from a pipe.
		await new Promise((turn) => setImmediate(turn));
	}
	stream.end();
	await ended;
	return lines;
}

test('lines end as on any system, wherever their chunks do', async () => {
	expect(await linesOf('a\nb\r', '\nc', 'd\re\r', 'f\n', '\n', 'g')).toEqual(['a', 'b', 'cd', 'e', 'f', '', 'g']);
	expect(await linesOf('a\n')).toEqual(['a']);
	expect(await linesOf()).toEqual([]);
});

test('a letter may come in two chunks', async () => {
	const bytes = Buffer.from('über\n');
	expect(await linesOf(bytes.subarray(0, 1), bytes.subarray(1))).toEqual(['über']);
});

test('of a line without end only the beginning is kept, and what follows it is heard', async () => {
	const most = 'a'.repeat(longestLine);
	expect(await linesOf(most, '\n')).toEqual([most]);
	expect(await linesOf(most, 'b\nnext')).toEqual([`${most}…`, 'next']);
	expect(await linesOf(...Array.from({ length: 100 }, () => most))).toEqual([`${most}…`]);
});
