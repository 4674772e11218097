import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Services } from '../../../src/extension/services.ts';
import { commands } from '../../../src/extension/ids.ts';
import { run, story, until, withSettings, type Person } from '../support/harness.ts';
import { makeDefinition, makeDisk } from '../support/samples.ts';

const full = '<schedule backup_type="full"><weekly days="monday" time="09:00"/></schedule>';
const inc = '<schedule backup_type="inc"><daily time="21:30"/></schedule>';
const scheduling = (...schedules: readonly string[]) => `<scheduling>${schedules.join('')}</scheduling>`;

/** A story on a computer whose user has a systemd: a systemctl(1) that writes down how it is called. */
function withSystemd(
	title: string,
	tell: (person: Person, folder: string, units: () => string[], parts: Services) => Promise<void>,
): void {
	story(title, async (parts, person, folder) => {
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
			await tell(person, folder, () => (existsSync(place) ? readdirSync(place).sort() : []), parts);
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

	withSystemd(
		'says since when backups are overdue, and what to do, until one is made',
		async (person, folder, _, parts) => {
			const path = makeDefinition(folder, makeDisk(folder), join(folder, 'backups'), scheduling(full, inc));
			const written = new Date(Date.now() - 3 * 86_400_000);
			const tree = parts.trees.definitions;
			const look = async () => {
				await parts.overdue.lookAtFolder();
				const [node] = await tree.getChildren();
				const lines = await Promise.all((await tree.getChildren(node)).map((one) => tree.getTreeItem(one)));
				return { item: await tree.getTreeItem(node!), lines };
			};
			await withSettings({ definitionsFolder: folder }, async () => {
				utimesSync(path, written, written);
				parts.definitions.refresh();
				assert.equal((await look()).item.description, join(folder, 'backups'), 'it may be for another computer');
				person.picks(/Install timers for me/);
				await run(commands.scheduleDefinition, path);
				const { item, lines } = await until('the definition overdue', async () => {
					const looked = await look();
					return String(looked.item.description).startsWith('overdue since ') ? looked : undefined;
				});
				assert.deepEqual(
					item.iconPath,
					new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground')),
				);
				const { value, isTrusted } = item.tooltip as vscode.MarkdownString;
				assert.match(value, /no backup since it was due on/);
				assert.match(value, /Nothing has run since:/);
				assert.match(value, /\(command:afterimage\.run(Full|Incremental)\?%5B%22.*Sample\.xml%22%5D\)/);
				assert.match(value, /\[Install Schedules…\]\(command:afterimage\.scheduleDefinition\?/);
				assert.equal((isTrusted as { enabledCommands: string[] }).enabledCommands.length, 2);
				assert.match(String(lines[1]!.description), /^overdue since .* · Every day at 21:30/);
				assert.equal(parts.overdue.count, 1);

				await run(commands.runFull, path);
				assert.ok(person.heard(/Full backup of set/), JSON.stringify(person.told));
				await until(
					'nothing overdue',
					async () => ((await look()).item.iconPath as vscode.ThemeIcon).id === 'file-code' || undefined,
				);
				assert.equal(parts.overdue.count, 0);
			});
		},
	);
}
