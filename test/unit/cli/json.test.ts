import { describe, expect, it } from 'vitest';
import { run } from './run-on-engine.ts';

describe('the command line with --json', () => {
	it('writes JSON wherever it is asked to', async () => {
		for (const args of [
			['--json', 'sets'],
			['sets', '--json'],
		]) {
			const { code, out } = await run(args);
			expect(code).toBe(2);
			expect(JSON.parse(out)).toMatchObject({ type: 'error', message: 'Expected one FOLDER, found none' });
		}
	});

	it('takes what stands behind -- for a path', async () => {
		const { out, err } = await run(['sets', '--', '--json', 'b']);
		expect({ out, err }).toEqual({ out: '', err: 'Error: Expected one FOLDER, found --json b\n' });
	});

	it.each([['--help --json'], ['--json --help'], ['--json help'], ['help --json']])(
		'%s lists the commands',
		async (args) => {
			const { code, out } = await run(args.split(' '));
			expect({ code, out }).toEqual({ code: 0, out: (await run(['--help'])).out });
		},
	);

	it.each([['help sets --json'], ['help --json sets'], ['--json sets --help']])(
		'%s explains the command',
		async (args) => {
			const { code, out } = await run(args.split(' '));
			expect({ code, out }).toEqual({ code: 0, out: (await run(['sets', '--help'])).out });
		},
	);

	it('lists its commands for --json alone, as without it', async () => {
		const { code, out } = await run(['--json']);
		expect({ code, out }).toEqual({ code: 2, out: (await run([])).out });
	});

	it('writes one JSON object a line, its type told by us alone', async () => {
		const answer = { type: 'full', file: '/i', bad: [], damage: [], blocks: 1, bytes: 2, seconds: 3, sampled: false };
		const { out } = await run(['verify', 'a', '--json'], () => answer);
		expect(out.endsWith('\n')).toBe(true);
		expect(JSON.parse(out)).toEqual({ ...answer, type: 'result' });
	});
});
