import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { schtasksCommand, systemdCommand } from '../../../../src/extension/schedule/install-command.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

describe('the command that puts units in force', () => {
	it('copies them to the folder of the user and enables each timer by its name', () => {
		const home = tempFolder();
		const folder = join(home, "Ada's units");
		const bin = join(home, 'bin');
		for (const one of [folder, bin]) mkdirSync(one);
		const units = ['afterimage-a-1-full.timer', 'afterimage-a-1-full.service', 'afterimage-a-2-inc.timer'];
		for (const unit of units) writeFileSync(join(folder, unit), unit);
		const calls = join(home, 'calls');
		writeFileSync(join(bin, 'systemctl'), `#!/bin/sh\necho "$@" >> ${calls}\n`);
		chmodSync(join(bin, 'systemctl'), 0o755);
		const command = systemdCommand(
			'user',
			units.map((unit) => join(folder, unit)),
		);
		const { status, stderr } = spawnSync('sh', ['-c', command], {
			encoding: 'utf8',
			env: { HOME: home, PATH: `${bin}:${process.env['PATH'] ?? ''}` },
		});
		expect(status, stderr).toBe(0);
		expect(readdirSync(join(home, '.config/systemd/user')).sort()).toEqual([...units].sort());
		expect(readFileSync(calls, 'utf8').split('\n')).toEqual([
			'--user daemon-reload',
			'--user enable --now afterimage-a-1-full.timer afterimage-a-2-inc.timer',
			'',
		]);
	});

	it('asks for the rights of root where the units are those of the system', () => {
		expect(systemdCommand('system', ['/x/a.timer', '/x/a.service'])).toBe(
			'sudo install -D -m 644 -t /etc/systemd/system /x/a.timer /x/a.service && ' +
				'sudo systemctl daemon-reload && sudo systemctl enable --now a.timer',
		);
	});
});

describe('the command that registers tasks', () => {
	it('names each after its file', () => {
		expect(schtasksCommand(['D:\\x\\Afterimage a 1 full.xml', 'D:\\x\\Afterimage a 2 inc.xml'])).toBe(
			'schtasks /create /tn "Afterimage a 1 full" /xml "D:\\x\\Afterimage a 1 full.xml"\r\n' +
				'schtasks /create /tn "Afterimage a 2 inc" /xml "D:\\x\\Afterimage a 2 inc.xml"',
		);
	});
});
