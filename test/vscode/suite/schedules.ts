import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commands } from '../../../src/extension/ids.ts';
import { run, story, type Person } from '../support/harness.ts';
import { makeDefinition } from '../support/samples.ts';

const full = '<schedule backup_type="full"><weekly days="monday" time="09:00"/></schedule>';
const inc = '<schedule backup_type="inc"><daily time="21:30"/></schedule>';
const scheduling = (...schedules: readonly string[]) => `<scheduling>${schedules.join('')}</scheduling>`;

/** A story on a computer whose user has a systemd: a systemctl(1) that writes down how it is called. */
function withSystemd(
	title: string,
	tell: (person: Person, folder: string, units: () => string[]) => Promise<void>,
): void {
	story(title, async (_, person, folder) => {
		const bin = join(folder, 'bin');
		mkdirSync(bin);
		writeFileSync(join(bin, 'systemctl'), `#!/bin/sh\necho "$@" >> '${folder}/calls'\n`);
		chmodSync(join(bin, 'systemctl'), 0o755);
		const before = { ...process.env };
		Object.assign(process.env, {
			PATH: `${bin}:${before['PATH'] ?? ''}`,
			XDG_CONFIG_HOME: join(folder, 'config'),
			XDG_DATA_HOME: join(folder, 'data'),
		});
		try {
			const place = join(folder, 'config/systemd/user');
			await tell(person, folder, () => (existsSync(place) ? readdirSync(place).sort() : []));
		} finally {
			for (const name of ['PATH', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME']) {
				if (before[name] === undefined) delete process.env[name];
				else process.env[name] = before[name];
			}
		}
	});
}

export function schedules(): void {
	withSystemd(
		'Install Schedules takes away what the definition has no more, after one question',
		async (person, folder, units) => {
			const path = makeDefinition(folder, '/disk.img', join(folder, 'backups'), scheduling(full, inc));
			const install = async () => {
				person.picks(/Install timers for me/);
				await run(commands.scheduleDefinition, path);
			};
			await install();
			const [first] = units();
			assert.match(first!, /^afterimage-sample-[0-9a-f]{8}-1-full\.service$/);
			assert.equal(units().length, 4);

			makeDefinition(folder, '/disk.img', join(folder, 'backups'), scheduling(full));
			const questions: string[] = [];
			let answer = false;
			person.does({
				confirm: async (title, detail) => {
					questions.push(`${title}\n${detail}`);
					return answer;
				},
			});
			await install();
			assert.equal(units().length, 4, 'nothing goes without a yes');
			answer = true;
			await install();
			assert.match(
				questions[1]!,
				/remove what is no longer wanted\?\nafterimage-sample-[0-9a-f]{8}-2-inc \(.*Sample\.xml\)$/,
			);
			assert.deepEqual(
				units().map((name) => name.replace(/-[0-9a-f]{8}-/, '-')),
				['afterimage-sample-1-full.service', 'afterimage-sample-1-full.timer'],
			);
			assert.match(
				readFileSync(join(folder, 'calls'), 'utf8'),
				/--user disable --now afterimage-sample-\w+-2-inc\.timer\n/,
			);

			makeDefinition(folder, '/disk.img', join(folder, 'backups'));
			await run(commands.scheduleDefinition, path);
			assert.match(questions[2]!, /no schedule in force\. Remove those that are installed\?/);
			assert.deepEqual(units(), []);
		},
	);

	withSystemd('Delete takes the installed schedules of a definition away', async (person, folder, units) => {
		const path = makeDefinition(folder, '/disk.img', join(folder, 'backups'), scheduling(full));
		person.picks(/Install timers for me/);
		await run(commands.scheduleDefinition, path);
		assert.equal(units().length, 2);
		let detail = '';
		person.does({
			confirm: async (_, text) => {
				detail = text;
				return true;
			},
		});
		await run(commands.deleteDefinition, path);
		assert.match(detail, /installed schedules are removed too:\nafterimage-sample-/);
		assert.equal(existsSync(path), false);
		assert.deepEqual(units(), []);
		assert.ok(person.heard(/^Timers removed: 1\.$/), JSON.stringify(person.told));
	});
}
