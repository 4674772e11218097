import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { commands } from '../../../src/extension/ids.ts';
import type { Services } from '../../../src/extension/services.ts';
import type { JobInfo } from '../../../src/protocol/jobs.ts';
import { run, story, until } from '../support/harness.ts';
import { changeDisk, makeDefinition, makeDisk } from '../support/samples.ts';

/** So slow that a backup is still running when a test looks at it, in KB a second. */
const slowly = '\n\t<rate_limit>200</rate_limit>';

const images = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.mrimgx'));

/** Starts a slow backup and waits until it runs. */
async function startSlowly(
	{ jobs }: Services,
	folder: string,
): Promise<{ readonly job: JobInfo; readonly ended: Thenable<JobInfo | undefined>; readonly backups: string }> {
	const disk = makeDisk(folder, 'slow.img', true);
	const backups = join(folder, 'backups');
	const path = makeDefinition(folder, disk, backups, slowly);
	const ended = run<JobInfo | undefined>(commands.runFull, path);
	const job = await until('a running backup', () => jobs.running[0]);
	return { job, ended, backups };
}

export function runs(): void {
	story(
		'full, incremental and differential backups of a definition run and are told',
		async (parts, person, folder) => {
			const disk = makeDisk(folder);
			const backups = join(folder, 'backups');
			const path = makeDefinition(folder, disk, backups);
			const full = await run<JobInfo>(commands.runFull, path);
			assert.equal(full.result?.outcome, 'success', full.result?.summary);
			const told = person.told.at(-1)!;
			assert.deepEqual([told.level, told.actions], ['info', ['Open Log', 'Verify', 'Reveal']]);
			for (const command of [commands.runIncremental, commands.runDifferential]) {
				changeDisk(folder, disk);
				const job = await run<JobInfo>(command, path);
				assert.equal(job.result?.outcome, 'success', job.result?.summary);
			}
			assert.deepEqual(
				images(backups).map((name) => name.slice(-13, -7)),
				['-00-00', '-01-01', '-02-02'],
			);
			const { sets } = await (await parts.engines.get('user')).request('folder/list', { folder: backups });
			assert.deepEqual(
				sets[0]!.files.map(({ type }) => type),
				['full', 'inc', 'diff'],
			);
		},
	);

	story('Run Backup asks which definition and which type', async (parts, person, folder) => {
		const path = makeDefinition(folder, makeDisk(folder), join(folder, 'backups'));
		person.picks('Automatic');
		const job = await run<JobInfo>(commands.runBackup, path);
		assert.deepEqual(person.asked, ['Type of the backup']);
		assert.equal(job.result?.outcome, 'success', job.result?.summary);
		assert.deepEqual(job.request, { kind: 'backup', definition: path, type: 'auto' });
		assert.equal(parts.jobs.running.length, 0);
	});

	story('the history keeps a run, and Open Log shows its log', async (parts, person, folder) => {
		const path = makeDefinition(folder, makeDisk(folder), join(folder, 'backups'));
		const job = await run<JobInfo>(commands.runFull, path);
		await run(commands.refreshRuns);
		const nodes = await parts.trees.runs.getChildren();
		const record = nodes.find((node) => node.kind === 'record' && node.record.files.includes(job.result!.files[0]!));
		assert.ok(record, 'the run in the view');
		const item = parts.trees.runs.getTreeItem(record);
		assert.match(String(item.description), /^just now · Full · /);
		await run(commands.openLog, record);
		const shown = vscode.window.activeTextEditor?.document;
		assert.equal(shown?.uri.fsPath, job.result?.logPath);
		assert.match(shown!.getText(), /Sample/);
		person.does({ pick: async (items) => (await items)[0] });
		await run('workbench.action.closeAllEditors');
		await run(commands.openLog);
		assert.ok(vscode.window.activeTextEditor?.document.uri.fsPath);
	});

	story(
		'a running backup shows its progress and its log, and is cancelled within a second',
		async (parts, person, folder) => {
			const { job, ended, backups } = await startSlowly(parts, folder);
			const node = (await parts.trees.runs.getChildren()).find((one) => one.kind === 'job' && one.id === job.id);
			assert.ok(node, 'the job in the view Runs');
			assert.equal(parts.trees.runs.getTreeItem(node).contextValue, 'runActive');
			await run(commands.openLog, node);
			const document = vscode.window.activeTextEditor!.document;
			assert.equal(document.uri.scheme, 'afterimage');
			await until('progress in the log', () => /Running: \d+ %/.test(document.getText()) || undefined);

			const began = Date.now();
			await run(commands.cancelRun);
			const end = await ended;
			assert.equal(end?.result?.outcome, 'cancelled');
			assert.ok(Date.now() - began < 1000, `cancelled after ${Date.now() - began} ms`);
			assert.deepEqual(images(backups), []);
			assert.equal(person.heard(/cancel/i), undefined, 'who cancels needs no message');
			await run(commands.cancelRun);
			assert.ok(person.heard(/Nothing runs/));
		},
	);

	story(
		'an engine that dies is noticed at once, and the next command starts another',
		async (parts, person, folder) => {
			const { job, ended } = await startSlowly(parts, folder);
			const { pid } = await (await parts.engines.get('user')).request('engine/info', {});
			process.kill(pid, 'SIGKILL');
			const end = await ended;
			assert.equal(end?.id, job.id);
			assert.equal(end?.result?.outcome, 'failed');
			assert.ok(person.heard(/The imaging engine ended while this ran/));
			const again = await (await parts.engines.get('user')).request('engine/info', {});
			assert.notEqual(again.pid, pid);
		},
	);

	story('a second run in the same folder is told that the folder is busy', async (parts, person, folder) => {
		const { ended } = await startSlowly(parts, folder);
		const other = await run<JobInfo>(commands.runFull, join(folder, 'Sample.xml'));
		assert.equal(other.result?.error?.code, 'busy', other.result?.summary);
		assert.equal(person.told.at(-1)?.level, 'error');
		await run(commands.cancelRun);
		assert.equal((await ended)?.result?.outcome, 'cancelled');
	});

	story('a wrong source and a destination that is not there are errors with advice', async (_, person, folder) => {
		const path = makeDefinition(folder, join(folder, 'missing.img'), join(folder, 'backups'));
		const job = await run<JobInfo>(commands.runFull, path);
		assert.equal(job.result?.error?.code, 'source-missing', job.result?.summary);
		assert.equal(person.told.at(-1)?.level, 'error');
		assert.match(person.told.at(-1)!.text, /missing\.img/);
	});

	story(
		'an encrypted definition asks for its password before it runs, twice for a new one',
		async (parts, person, folder) => {
			const more = '\n\t<encryption aes_type="aes-256"/>';
			const path = makeDefinition(folder, makeDisk(folder), join(folder, 'backups'), more);
			const typed = ['correct horse battery', 'correct hors battery', 'correct horse battery', 'correct horse battery'];
			const questions: (string | undefined)[] = [];
			person.does({
				input: async ({ title, prompt }) => {
					assert.equal(title, 'Password of Sample');
					questions.push(prompt);
					return typed.shift();
				},
			});
			person.picks('Use It Once');
			const job = await run<JobInfo>(commands.runFull, path);
			assert.equal(job.result?.outcome, 'success', job.result?.summary);
			assert.deepEqual(questions, [
				'The image is encrypted with it. Without it nothing opens the image.',
				'Type it once more.',
				'The two were not the same. Type it again.',
				'Type it once more.',
			]);
			const request = { image: job.result.files.at(-1)!, password: 'correct horse battery' };
			assert.ok(await (await parts.engines.get('user')).request('image/partitions', request));

			// What opens a backup that is there is not mistyped; what opens none may be a new one, or the right one is typed then.
			questions.length = 0;
			typed.push('correct horse battery', 'wrong horse battery', 'correct horse battery');
			for (const command of [commands.runIncremental, commands.runFull]) {
				person.picks('Use It Once');
				const next = await run<JobInfo>(command, path);
				assert.equal(next.result?.outcome, 'success', next.result?.summary);
			}
			assert.deepEqual(questions, [
				'The image is encrypted with it. Without it nothing opens the image.',
				'The image is encrypted with it. Without it nothing opens the image.',
				'It opens none of the backups that are there. If it is a new one, type it once more.',
			]);
		},
	);

	story('Show Output opens the channel', async () => {
		await run(commands.showOutput);
	});

	story('the log of a run is a file that people read', async (_, __, folder) => {
		const path = makeDefinition(folder, makeDisk(folder), join(folder, 'backups'));
		const job = await run<JobInfo>(commands.runFull, path);
		const log = job.result!.logPath!;
		assert.equal(existsSync(log), true);
		assert.match(readFileSync(log, 'utf8'), /mrimgx/);
	});
}
