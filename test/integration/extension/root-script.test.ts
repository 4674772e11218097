import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Schedule } from '../../../src/definition/model.ts';
import { identityOf } from '../../../src/extension/schedule/program.ts';
import { writeSchedules } from '../../../src/extension/schedule/write-schedules.ts';
import { requireRoot } from '../../support/require.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { definitionWith, schedule } from '../../unit/extension/schedule/sample-schedules.ts';

requireRoot();

const daily = schedule({ kind: 'daily', time: '09:00', interval: 1 }, 'full');
const hourly = schedule({
	kind: 'intradaily',
	minutes: 60,
	from: '09:00',
	until: '12:00',
	days: ['monday', 'tuesday'],
});
const atStart = schedule({ kind: 'event', trigger: 'startup' });

/** A person's folder with a definition and an installed extension, and a root whose systemctl writes down how it is called. */
function machine() {
	const home = join(tempFolder(), `Ada's "100%" $HOME`);
	const dist = join(home, 'ext/dist');
	const bin = join(home, 'bin');
	for (const folder of [join(dist, 'node_modules/koffi'), bin]) mkdirSync(folder, { recursive: true });
	writeFileSync(join(dist, 'afterimage.mjs'), 'program');
	writeFileSync(join(dist, 'node_modules/koffi/index.js'), '');
	chmodSync(join(dist, 'afterimage.mjs'), 0o666);
	const path = join(home, 'my disk.xml');
	writeFileSync(path, 'definition');
	const calls = join(tempFolder(), 'calls');
	writeFileSync(join(bin, 'systemctl'), `#!/bin/sh\necho "$@" >> ${calls}\n`);
	writeFileSync(join(bin, 'crontab'), '#!/bin/sh\nexit 1\n');
	for (const name of readdirSync(bin)) chmodSync(join(bin, name), 0o755);
	const program = { runtime: '/usr/bin/node', electron: false, script: join(dist, 'afterimage.mjs') };
	const state = tempFolder();
	/** Runs the script where /etc and /usr/local/lib are its own, and gives what `look` says then. */
	const install = async (name: string, schedules: readonly Schedule[], version: string, look: string) => {
		const definition = { ...definitionWith(schedules), name };
		const request = { definition, path, program, version, needsRoot: true };
		const { files } = await writeSchedules('systemd-system', join(home, 'units'), request);
		const script = files.find((file) => file.endsWith('.sh'))!;
		const inside = `mkdir -p ${state}/etc ${state}/work ${state}/lib
			mount -t overlay overlay -o lowerdir=/etc,upperdir=${state}/etc,workdir=${state}/work /etc
			mount --bind ${state}/lib /usr/local/lib
			: > /etc/systemd/system/afterimage-other-00000000-1-full.service
			: > ${calls}
			umask 0
			sh "$1" && ${look}`;
		const out = execFileSync('unshare', ['--mount', 'sh', '-c', inside, 'sh', script], {
			encoding: 'utf8',
			env: { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}` },
		});
		return out.trim().split('\n');
	};
	return { path, calls, install, identity: identityOf(path) };
}

it('root’s script puts copies in place that only root may write, and units in force', async () => {
	const { install, calls, identity } = machine();
	const look = `{ cd /; stat -c '%U %a %n' etc/afterimage/definitions/* usr/local/lib/afterimage/* usr/local/lib/afterimage/*/afterimage.mjs etc/systemd/system/afterimage-*${identity}*; cat ${calls}; }`;
	const said = await install('Disk', [daily, hourly, atStart], '1.0.0', look);
	const digest = /afterimage\/1\.0\.0-(\w{8})$/m.exec(said.join('\n'))![1]!;
	const [units, own] = ['etc/systemd/system/afterimage', `-disk-${identity}`];
	const names = ['1-full', '2-inc-2', '2-inc', '3-inc'];
	expect(said.slice(0, 11)).toEqual([
		`root 600 etc/afterimage/definitions/disk-${identity}.xml`,
		`root 755 usr/local/lib/afterimage/1.0.0-${digest}`,
		`root 644 usr/local/lib/afterimage/1.0.0-${digest}/afterimage.mjs`,
		...names.flatMap((name) => ['service', 'timer'].map((kind) => `root 644 ${units}${own}-${name}.${kind}`)),
	]);
	// What waits for a start is not started: it would run at once.
	const timers = (which: readonly string[]) => which.map((name) => `afterimage${own}-${name}.timer`).join(' ');
	expect(said.slice(11)).toEqual([
		'daemon-reload',
		`enable ${timers(['1-full', '2-inc', '2-inc-2', '3-inc'])}`,
		`start ${timers(['1-full', '2-inc', '2-inc-2'])}`,
		'list-timers --all afterimage-*',
	]);
});

it('root’s script takes away what the definition has no more, also when it was renamed, and nothing of others', async () => {
	const { install, calls, identity } = machine();
	await install('Disk', [daily, hourly], '1.0.0', 'true');
	const look = `{ ls /etc/systemd/system | grep ^afterimage-; ls /etc/afterimage/definitions; ls /usr/local/lib/afterimage; grep -c ^disable ${calls}; }`;
	const said = await install('Other', [daily], '1.0.1', look);
	expect(said).toEqual([
		'afterimage-other-00000000-1-full.service',
		`afterimage-other-${identity}-1-full.service`,
		`afterimage-other-${identity}-1-full.timer`,
		`other-${identity}.xml`,
		expect.stringMatching(/^1\.0\.1-/),
		'3',
	]);
});
