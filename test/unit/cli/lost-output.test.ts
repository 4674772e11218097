import { spawnSync } from 'node:child_process';
import { existsSync, openSync, closeSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testDataFolder } from '../../support/cli.ts';

const entry = resolve(import.meta.dirname, '../../../src/cli/main.ts');

// Linux has a file that is always full.
describe.runIf(existsSync('/dev/full'))('standard output that takes nothing more', () => {
	it('is a failure that is told: what it was redirected to is not complete', () => {
		const full = openSync('/dev/full', 'w');
		const { status, stderr } = spawnSync(
			process.execPath,
			['--disable-warning=ExperimentalWarning', entry, '--version'],
			{
				stdio: ['ignore', full, 'pipe'],
				encoding: 'utf8',
				env: { AFTERIMAGE_DATA: testDataFolder(), ...process.env },
			},
		);
		closeSync(full);
		expect(stderr).toContain('Error: Standard output cannot be written: no space left on device\n');
		expect(status).toBe(1);
	});
});
