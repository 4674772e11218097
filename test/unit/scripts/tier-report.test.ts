import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { reportVariable, type TierReport } from '../../../scripts/test/tier-report.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const tests = `
import { beforeAll, describe, expect, it } from 'vitest';
describe('a group', () => {
	beforeAll(() => { throw new Error('its disk is not there'); });
	it('never runs', () => undefined);
});
let tries = 0;
it('passes at the second try', { retry: 2 }, () => expect(tries++).toBe(1));
it('fails', () => { throw new Error(Array.from({ length: 50 }, (_, i) => 'line ' + i).join('\\n')); });
it('leaves a promise', () => void Promise.reject(new Error('which fails')));
`;

it('what failed in tests, before them and outside of them is told, and what was tried again', async () => {
	const folder = tempFolder();
	writeFileSync(join(folder, 'some.test.js'), tests);
	const report = join(folder, 'report.json');
	const vitest = resolve('node_modules/vitest/vitest.mjs');
	const args = [vitest, 'run', '--root', folder, `--reporter=${resolve('scripts/test/tier-report.ts')}`];
	const env = { ...process.env, [reportVariable]: report };
	const code = await new Promise((done) => spawn(process.execPath, args, { env, stdio: 'ignore' }).on('close', done));
	expect(code).toBe(1);
	const { files, failures } = JSON.parse(readFileSync(report, 'utf8')) as TierReport;
	expect(files).toMatchObject([
		{
			file: 'some.test.js',
			passed: 2,
			retried: ['some.test.js: passes at the second try'],
			unprepared: true,
			failures: [
				expect.stringMatching(/^some\.test\.js: fails\n {4}Error: line 0\n[^]*line 5\n {4}…\n[^]*line 49\n {8}at /),
				expect.stringMatching(/^some\.test\.js: a group, before or after its tests\n {4}Error: its disk is not there/),
			],
		},
	]);
	expect(failures).toEqual([expect.stringMatching(/^outside of any test\n {4}Error: which fails/)]);
});
