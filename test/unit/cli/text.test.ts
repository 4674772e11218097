import { describe, expect, it } from 'vitest';
import { AfterimageError } from '../../../src/base/errors.ts';
import { jsonOutput, textOutput } from '../../../src/cli/output/output.ts';
import { withPassword } from '../../../src/cli/options/password.ts';
import { progressLine } from '../../../src/cli/output/progress-bar.ts';
import { alignColumns } from '../../../src/cli/output/table.ts';
import type { ProgressEvent } from '../../../src/engine/job-events.ts';

const halfway: ProgressEvent = {
	type: 'progress',
	phase: 'image',
	doneBytes: 512 * 2 ** 20,
	totalBytes: 2 ** 30,
	rate: 100 * 2 ** 20,
	secondsLeft: 5.12,
	read: 0,
	written: 0,
};

function streams(isTTY: boolean) {
	const said = { out: '', err: '' };
	return {
		said,
		streams: {
			out: { write: (text: string) => (said.out += text) },
			err: { write: (text: string) => (said.err += text), isTTY, columns: 100 },
		},
	};
}

describe('the progress bar', () => {
	it('shows share, rate and time left, within the width', () => {
		expect(progressLine(halfway, 100)).toBe(
			'Imaging [##########..........]  50.0%  512.00 MB of 1.00 GB  100.00 MB/s, 5 s left'.replace(
				'[##########..........]',
				`[${'#'.repeat(15)}${'.'.repeat(15)}]`,
			),
		);
		for (let width = 1; width < 140; width++)
			expect(progressLine(halfway, width).length).toBeLessThan(Math.max(2, width + 1));
	});

	it('is full when there is nothing to do, and has no time left without a rate', () => {
		const line = progressLine({ ...halfway, doneBytes: 0, totalBytes: 0, rate: 0, secondsLeft: undefined }, 100);
		expect(line).toContain('100.0%');
		expect(line).not.toContain('left');
	});
});

describe('output for people', () => {
	it('puts results on standard output and everything else on standard error, clearing the bar before text', () => {
		const { said, streams: to } = streams(true);
		const output = textOutput(to);
		output.event(halfway);
		output.event({ type: 'log', level: 'warning', message: 'Look', advice: 'Do' });
		output.result({}, ['Done']);
		output.finish();
		expect(said.out).toBe('Done\n');
		expect(said.err).toMatch(/^\rImaging .* left\r +\rWarning: Look\n {2}Do\n$/);
	});

	it('lets nothing steer the terminal or begin a line that comes from a disk or an image', () => {
		const { said, streams: to } = streams(false);
		const output = textOutput(to);
		output.result({}, ['a\tb\u001b[31mc\nd\u009be\u202ef']);
		output.event({ type: 'log', level: 'warning', message: 'label \u001b]0;x\u0007' });
		output.error(new AfterimageError('failed', 'one line\nanother\r', { advice: 'ü 語 😀' }));
		expect(said.out).toBe('a\tb\\x1b[31mc\\x0ad\\x9be\\u202ef\n');
		expect(said.err).toBe('Warning: label \\x1b]0;x\\x07\nError: one line\nanother\\x0d\n  ü 語 😀\n');
	});

	it('says what the result says too where there is none', () => {
		const step = { type: 'log', level: 'info', message: 'Full: too old', inResult: true } as const;
		const done = streams(false);
		const good = textOutput(done.streams);
		good.event(step);
		good.result({}, ['Delete set: Full: too old']);
		good.finish();
		expect(done.said).toEqual({ out: 'Delete set: Full: too old\n', err: '' });
		const failed = streams(false);
		const bad = textOutput(failed.streams);
		bad.event(step);
		bad.error(new AfterimageError('cancelled', 'Cancelled'));
		expect(failed.said).toEqual({ out: '', err: 'Full: too old\nCancelled\n' });
	});

	it('has no bar where nobody watches', () => {
		const { said, streams: to } = streams(false);
		textOutput(to).event(halfway);
		expect(said.err).toBe('');
	});
});

describe('output for programs', () => {
	it('is one JSON object a line', () => {
		const { said, streams: to } = streams(true);
		const output = jsonOutput(to);
		output.event(halfway);
		output.event({ type: 'log', level: 'info', message: 'Script /s tiger', openly: 'Script /s' });
		output.error(new AfterimageError('busy', 'Busy'));
		expect(said.err).toBe('');
		expect(
			said.out
				.split('\n')
				.slice(0, 3)
				.map((line) => JSON.parse(line) as unknown),
		).toEqual([
			halfway,
			{ type: 'log', level: 'info', message: 'Script /s tiger' },
			{ type: 'error', code: 'busy', message: 'Busy', details: {} },
		]);
	});
});

describe('passwords', () => {
	it('are not asked for where there is no terminal', async () => {
		const needed = new AfterimageError('password-needed', 'Needed');
		const { signal } = new AbortController();
		await expect(withPassword(undefined, signal, () => Promise.reject(needed))).rejects.toBe(needed);
	});
});

describe('tables', () => {
	it('align their columns', () => {
		expect(
			alignColumns(
				[
					['a', '1', 'x'],
					['bbb', '22', ''],
				],
				[1],
			),
		).toEqual(['a     1  x', 'bbb  22']);
	});
});
