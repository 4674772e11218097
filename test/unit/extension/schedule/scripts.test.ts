import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { powerShellScript, shellScript } from '../../../../src/extension/schedule/scripts.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { program } from './sample-schedules.ts';

const definition = `/my disks/it's "mine" $HOME.xml`;

/** Runs the script with an `afterimage` on the path that prints its arguments and ends with `code`. */
function runScript(text: string, code: number, ...args: string[]) {
	const folder = tempFolder();
	mkdirSync(join(folder, 'bin'));
	const fake = join(folder, 'bin', 'afterimage');
	writeFileSync(fake, `#!/bin/sh\nprintf '[%s]' "$@"\nexit ${code}\n`);
	chmodSync(fake, 0o755);
	const script = join(folder, 'backup.sh');
	writeFileSync(script, text);
	const path = [join(folder, 'bin'), process.env['PATH'] ?? ''].join(delimiter);
	return spawnSync('sh', [script, ...args], { encoding: 'utf8', env: { ...process.env, PATH: path } });
}

describe.runIf(process.platform !== 'win32')('shellScript', () => {
	const text = shellScript('Mine', definition, program);

	it('hands the definition over as it is, with the type', () => {
		expect(runScript(text, 0).stdout).toBe(`[backup][${definition}][--type][auto]`);
		expect(runScript(text, 0, 'full').stdout).toBe(`[backup][${definition}][--type][full]`);
	});

	it('calls the function of each outcome and ends with the code', () => {
		const hooks: [number, string][] = [
			[0, 'on_success'],
			[1, 'on_failure'],
			[3, 'on_busy'],
			[7, 'on_no_space'],
			[8, 'on_missing'],
		];
		for (const [code, hook] of hooks) {
			const hooked = text.replace(`${hook}() {\n\t:`, `${hook}() {\n\techo "<${hook}>"`);
			const { status, stdout } = runScript(hooked, code);
			expect(stdout).toContain(`<${hook}>`);
			expect(status).toBe(code);
		}
	});

	it('does not begin when what comes before fails', () => {
		const { status, stdout } = runScript(text.replace('before_backup() {\n\t:', 'before_backup() {\n\tfalse'), 0);
		expect([status, stdout]).toEqual([1, '']);
	});

	it('falls back on the program that made it', () => {
		expect(text).toContain(`\t\t/usr/bin/node '/opt/after image/afterimage.mjs' "$@"\n`);
		expect(shellScript('x', '/d.xml', { ...program, electron: true })).toContain('\t\tELECTRON_RUN_AS_NODE=1 /usr');
	});
});

describe('powerShellScript', () => {
	it('quotes for PowerShell and has a function for each outcome', () => {
		const text = powerShellScript('Mine', definition, { ...program, electron: true });
		expect(text).toContain(`$definition = '/my disks/it''s "mine" $HOME.xml'\n`);
		expect(text).toContain(`$env:ELECTRON_RUN_AS_NODE = '1'\n`);
		expect(text).toContain(`Invoke-Afterimage 'backup' $definition '--type' $type | Out-Host\n`);
		expect(text).toContain('    7 { OnNoSpace }\n');
		expect(text).toContain('function OnNoSpace {\n}\n');
	});
});
