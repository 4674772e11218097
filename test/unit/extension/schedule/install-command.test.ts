import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { crontabLines } from '../../../../src/extension/schedule/cron.ts';
import {
	crontabCommand,
	removeTasksCommand,
	removeUnitsCommand,
	schtasksCommand,
} from '../../../../src/extension/schedule/install-command.ts';
import { identityOf } from '../../../../src/extension/schedule/program.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { definitionWith, program, schedule } from './sample-schedules.ts';

describe('the command that changes a crontab', () => {
	/** A crontab(1) that keeps its table in a file. */
	function table(before: string) {
		const home = tempFolder();
		const [bin, file] = [join(home, 'bin'), join(home, 'table')];
		mkdirSync(bin);
		writeFileSync(file, before);
		writeFileSync(
			join(bin, 'crontab'),
			`#!/bin/sh\nif [ "$1" = -l ]; then cat ${file}; else cat > ${file}.new; mv ${file}.new ${file}; fi\n`,
		);
		chmodSync(join(bin, 'crontab'), 0o755);
		const env = { PATH: `${bin}:${process.env['PATH'] ?? ''}` };
		return {
			home,
			run: (command: string) => expect(spawnSync('sh', ['-c', command], { env, encoding: 'utf8' }).stderr).toBe(''),
			lines: () => readFileSync(file, 'utf8').trimEnd().split('\n'),
		};
	}

	const written = (folder: string, path: string, time: string, timeZone?: string) => {
		const file = join(folder, "Ada's lines");
		const timing = { kind: 'daily', time, interval: 1 } as const;
		const more = timeZone === undefined ? {} : { timeZone };
		writeFileSync(file, crontabLines(definitionWith([schedule(timing)], more), path, path, program));
		return crontabCommand(path, file, timeZone);
	};

	it('puts lines in the place of those that the definition had, and leaves all others', () => {
		const { home, run, lines } = table('MAILTO=ada\n1 2 3 4 5 other\n');
		for (const time of ['09:00', '10:30']) {
			run(written(home, '/a.xml', time));
			run(written(home, '/b.xml', time));
		}
		const jobs = lines().filter((line) => !line.startsWith('#') && line.includes('/usr/bin/node'));
		expect(jobs.map((line) => [line.slice(0, 5), line.includes('/a.xml')])).toEqual([
			['30 10', false],
			['30 10', true],
		]);
		run(crontabCommand('/b.xml', undefined, undefined));
		run(crontabCommand('/a.xml', undefined, undefined));
		expect(lines()).toEqual(['MAILTO=ada', '1 2 3 4 5 other']);
	});

	it('takes away lines of the first version, which have no marks: they would run beside the new ones', () => {
		const job = (path: string) => `0 9 * * * /usr/bin/node /x/afterimage.mjs backup ${path} --type full`;
		const [odd, quoted] = ["/Ada's 5%.xml", `'/Ada'\\''s 5\\%.xml'`];
		const { home, run, lines } = table(`MAILTO=ada\n${job(quoted)}\n${job('/b.xml')}\n`);
		run(written(home, odd, '10:30'));
		const jobs = lines().filter((line) => line.includes('/usr/bin/node') && !line.startsWith('#'));
		expect(jobs.map((line) => line.slice(0, 5))).toEqual(['30 10', '0 9 *']);
		run(crontabCommand('/b.xml', undefined, undefined));
		run(crontabCommand(odd, undefined, undefined));
		expect(lines()).toEqual(['MAILTO=ada']);
	});

	it('puts lines with a time zone behind all others, since it holds for what follows', () => {
		const { home, run, lines } = table('1 2 3 4 5 other\n');
		run(written(home, '/a.xml', '09:00', 'Asia/Tokyo'));
		run(written(home, '/b.xml', '09:00'));
		const zone = lines().indexOf('CRON_TZ=Asia/Tokyo');
		expect(lines().findIndex((line) => line.includes('/b.xml'))).toBeLessThan(zone);
		expect(lines().indexOf('1 2 3 4 5 other')).toBeLessThan(zone);
	});
});

it('the command that removes units of the system takes their files and root’s copy of the definition', () => {
	const unit = {
		name: 'afterimage-a-1-full',
		scope: 'system',
		definition: '/a.xml',
		digest: '',
		program: [],
		start: '',
	} as const;
	const command = removeUnitsCommand([unit]);
	expect(command).toContain('sudo systemctl disable --now afterimage-a-1-full.timer; ');
	expect(command).toContain('/etc/systemd/system/afterimage-a-1-full.service ');
	expect(command).toContain(`/etc/afterimage/definitions/*-${identityOf('/a.xml')}.xml'`);
	expect(spawnSync('sh', ['-n', '-c', command]).status).toBe(0);
});

describe('the command that registers tasks', () => {
	it('removes those that the definition had by their mark, then names each after its file', () => {
		const path = 'D:\\a.xml';
		expect(schtasksCommand(path, ['D:\\x\\Afterimage a 1 full.xml', 'D:\\x\\Afterimage a 2 inc.xml'], undefined)).toBe(
			`${removeTasksCommand(path)}\r\n` +
				'schtasks /create /f /tn "Afterimage a 1 full" /xml "D:\\x\\Afterimage a 1 full.xml"\r\n' +
				'schtasks /create /f /tn "Afterimage a 2 inc" /xml "D:\\x\\Afterimage a 2 inc.xml"',
		);
		const asking = schtasksCommand(path, ['D:\\x\\Afterimage a 1 full.xml'], 'PC\\Ada L');
		expect(asking.split('\r\n')[1]).toBe(
			'schtasks /create /f /tn "Afterimage a 1 full" /xml "D:\\x\\Afterimage a 1 full.xml" /ru "PC\\Ada L" /rp *',
		);
		expect(removeTasksCommand(path)).toContain(`'Afterimage * ${identityOf(path)} *'`);
	});
});
