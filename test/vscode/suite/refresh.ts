import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Engines } from '../../../src/extension/engine/engines.ts';
import { JobsModel } from '../../../src/extension/runs/jobs-model.ts';
import { BackupsTree } from '../../../src/extension/views/backups-tree.ts';
import { DisksTree } from '../../../src/extension/views/disks-tree.ts';
import { RunsTree } from '../../../src/extension/views/runs-tree.ts';
import { story, withSettings } from '../support/harness.ts';
import { definitionXml } from '../support/samples.ts';

/** Engines whose answers wait for a word. */
class SlowEngines {
	readonly onConnected = new vscode.EventEmitter<unknown>().event;
	readonly elevated = false;
	#waiting: (() => void)[] = [];
	readonly #answer: () => unknown;
	asked = 0;

	constructor(answer: () => unknown) {
		this.#answer = answer;
	}

	get(): Promise<unknown> {
		return Promise.resolve({
			request: () => {
				this.asked++;
				return new Promise((done) => this.#waiting.push(() => done(this.#answer())));
			},
		});
	}

	get all(): Engines {
		return this as unknown as Engines;
	}

	/** Lets everything that is asked be answered. */
	async answerAll(): Promise<void> {
		for (let turn = 0; turn < 5; turn++) {
			await new Promise((later) => setTimeout(later, 5));
			for (const answer of this.#waiting.splice(0)) answer();
		}
	}
}

/** A refresh that is told to the view only once the answers are there, and once for two in a row. */
async function toldLate(
	engines: SlowEngines,
	tree: Pick<vscode.TreeDataProvider<unknown>, 'onDidChangeTreeData'>,
	look: () => Promise<unknown>,
	refresh: () => Promise<void>,
): Promise<void> {
	const looked = look();
	await engines.answerAll();
	await looked;
	let told = 0;
	const subscription = tree.onDidChangeTreeData!(() => told++);
	const before = engines.asked;
	const refreshes = [refresh(), refresh()];
	await new Promise((later) => setTimeout(later, 20));
	assert.equal(told, 0, 'the view is not told before the answers are there');
	await engines.answerAll();
	await Promise.all(refreshes);
	assert.equal(told, 1);
	const asked = engines.asked;
	assert.ok(asked > before);
	await look();
	assert.equal(engines.asked, asked, 'what the view then shows is there');
	subscription.dispose();
}

export function refresh(): void {
	story('existing backups stay in sight while their folders are listed again', async (_, __, folder) => {
		const engines = new SlowEngines(() => ({ folder, sets: [], unreadable: [], free: 0, total: 0 }));
		const tree = new BackupsTree(engines.all, async () => [folder], { passes: () => true });
		const look = async () => tree.getChildren((await tree.getChildren())[0]);
		await toldLate(engines, tree, look, () => tree.refresh());
		tree.dispose();
	});

	story('runs stay in sight while the history is read again', async () => {
		const engines = new SlowEngines(() => []);
		const jobs = new JobsModel(engines.all);
		const tree = new RunsTree(jobs);
		await toldLate(
			engines,
			tree,
			() => tree.getChildren(),
			() => tree.refresh(),
		);
		tree.dispose();
		jobs.dispose();
	});

	story('disks stay in sight while other raw files are added', async () => {
		const engines = new SlowEngines(() => []);
		const tree = new DisksTree(engines.all);
		const looked = tree.getChildren();
		await engines.answerAll();
		await looked;
		let told = 0;
		tree.onDidChangeTreeData(() => told++);
		const changed = tree.filesChanged();
		await new Promise((later) => setTimeout(later, 20));
		assert.equal(told, 0);
		await engines.answerAll();
		await changed;
		assert.equal(told, 1);
		tree.dispose();
	});

	story('definitions stay in sight while their files are read again', async ({ definitions }, _, folder) => {
		await withSettings({ definitionsFolder: folder }, async () => {
			await definitions.all();
			writeFileSync(join(folder, 'New.xml'), definitionXml({ name: 'New', sources: '', folder: '/backups' }));
			let told = false;
			const change = new Promise<void>((done) => {
				const subscription = definitions.onChanged(() => {
					told = true;
					subscription.dispose();
					done();
				});
			});
			definitions.refresh();
			assert.equal(told, false);
			await change;
			assert.ok((await definitions.all()).some(({ name }) => name === 'New'));
		});
	});

	story('what was never looked at is not read for a refresh', async (_, __, folder) => {
		const engines = new SlowEngines(() => []);
		const backups = new BackupsTree(engines.all, async () => [folder], { passes: () => true });
		const jobs = new JobsModel(engines.all);
		const runs = new RunsTree(jobs);
		const disks = new DisksTree(engines.all);
		await Promise.all([backups.refresh(), runs.refresh(), disks.filesChanged()]);
		assert.equal(engines.asked, 0);
		for (const one of [backups, runs, jobs, disks]) one.dispose();
	});
}
