import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const entry = resolve(import.meta.dirname, '../../../src/cli/main.ts');

/** Runs `afterimage disks` on a path that is given as the shell's printf takes it, since Node itself gives UTF-8 alone. */
function disks(path: string) {
	const command = `exec "$0" --disable-warning=ExperimentalWarning "$1" disks "$(printf '${path}')"`;
	const { status, stderr } = spawnSync('sh', ['-c', command, process.execPath, entry], { encoding: 'utf8' });
	return { status, stderr };
}

describe.runIf(process.platform === 'linux')('an argument', () => {
	it('that is not UTF-8 is refused: what it names would be another file', () => {
		const { status, stderr } = disks('/nowhere/a\\377.img');
		expect(stderr).toMatch(/^Error: An argument is not UTF-8: \/nowhere\/a\ufffd\.img\n {2}Name it by a link/);
		expect(status).toBe(2);
	});

	it('may hold the character that stands for such bytes', () => {
		const { status, stderr } = disks('/nowhere/a\\357\\277\\275.img');
		expect(stderr).toContain('There is no disk /nowhere/a\ufffd.img');
		expect(status).toBe(8);
	});
});
