import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { commands } from '../../../src/extension/ids.ts';
import { run, story, until, withSettings } from '../support/harness.ts';
import { image, makeDisk } from '../support/samples.ts';

/** Runs a command that starts a program in a terminal; gives the words of its command line, and ends it as the terminal does. */
async function started(command: string, ...args: readonly unknown[]) {
	const process = new Promise<vscode.TaskProcessStartEvent>((done) => {
		const subscription = vscode.tasks.onDidStartTaskProcess((event) => {
			subscription.dispose();
			done(event);
		});
	});
	await run(command, ...args);
	const { processId, execution } = await process;
	const words = () => readFileSync(`/proc/${processId}/cmdline`, 'utf8').split('\0').slice(1, -1);
	const cwd = () => readlinkSync(`/proc/${processId}/cwd`);
	const end = async () => {
		execution.terminate();
		await until('the end of the program', () => (existsSync(`/proc/${processId}`) ? undefined : true));
	};
	const { args: given } = execution.task.execution as vscode.ProcessExecution;
	return { words, cwd, end, given };
}

export function offer(): void {
	story('a backup is offered as a virtual disk as long as its terminal is open', async (_, __, folder) => {
		const backups = join(folder, 'backups');
		mkdirSync(backups);
		const [file] = image(makeDisk(folder), backups);
		await withSettings({ backupFolders: [backups] }, async () => {
			const { words, cwd, end } = await started(commands.serveBackup, file);
			await until('the program', () => (words().at(-2) === 'serve' ? true : undefined));
			assert.equal(words().at(-1), file);
			// Not that of the workspace: without one VS Code would start nothing.
			assert.equal(cwd(), homedir());
			await end();
		});
	});

	story('a backup is mounted at the folder that is chosen, until its terminal is closed', async (_, person, folder) => {
		const backups = join(folder, 'backups');
		const place = join(folder, 'Ada’s mount');
		for (const one of [backups, place]) mkdirSync(one);
		const [file] = image(makeDisk(folder), backups);
		person.does({ openDialog: async () => [vscode.Uri.file(place)] });
		await withSettings({ backupFolders: [backups] }, async () => {
			const { words, end } = await started(commands.mountBackup, file);
			await until('the program', () => (words().at(-3) === 'mount' ? true : undefined));
			assert.deepEqual(words().slice(-2), [file, place]);
			await until('the files', () => (readdirSync(place).includes('file-0') ? true : undefined));
			await end();
			await until('the empty folder', () => (readdirSync(place).length === 0 ? true : undefined));
		});
	});

	story('a rescue medium is made at the place that is chosen', async (_, person, folder) => {
		const place = join(folder, 'Ada’s rescue.iso');
		person.does({ saveDialog: async () => vscode.Uri.file(place) });
		const { given, end } = await started(commands.makeRescueMedium);
		// The dialog has asked whether the file may be replaced.
		assert.deepEqual(given.slice(1), ['rescue', '--to', place, '--replace']);
		await end();
	});
}
