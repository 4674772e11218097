import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Services } from '../../../src/extension/services.ts';
import type { Ui } from '../../../src/extension/ui.ts';

/** Parts of the activated extension. */
export async function services(): Promise<Services> {
	const extension = vscode.extensions.getExtension<Services | undefined>('afterimage.afterimage');
	assert.ok(extension, 'the extension afterimage.afterimage is there');
	const parts = await extension.activate();
	assert.ok(parts, 'in test mode the extension hands out its parts');
	return parts;
}

/** A message that the extension showed. */
export interface Told {
	readonly level: string;
	readonly text: string;
	readonly actions: readonly string[];
}

/** Answers for the questions of a test, in place of a person. What is not answered here fails the test. */
export class Person {
	readonly told: Told[] = [];
	readonly asked: string[] = [];
	/** Titles of the notifications that showed progress. */
	readonly followed: string[] = [];
	readonly #ui: Ui;
	readonly #own: Ui;

	constructor(ui: Ui) {
		this.#ui = ui;
		this.#own = { ...ui };
		const unexpected = (what: string) => (options: unknown) => {
			throw new Error(`Unexpected ${what}: ${JSON.stringify(options)}`);
		};
		Object.assign(ui, {
			pick: unexpected('pick'),
			input: unexpected('input'),
			confirm: unexpected('question'),
			progress: (title, work) => {
				this.followed.push(title);
				return this.#own.progress(title, work);
			},
			openDialog: unexpected('open dialog'),
			saveDialog: unexpected('save dialog'),
			stepPick: unexpected('step'),
			stepInput: unexpected('step'),
			tell: async (level: string, text: string, ...actions: string[]) => {
				this.told.push({ level, text, actions });
				return undefined;
			},
		} satisfies Partial<Ui> & Record<keyof Ui, unknown>);
	}

	/** Answers with functions of the test's own. */
	does(answers: Partial<Ui>): void {
		Object.assign(this.#ui, answers);
	}

	/** Picks the items with these labels, in turn, whatever is asked. */
	picks(...labels: readonly (string | RegExp)[]): void {
		const waiting = [...labels];
		this.#ui.pick = async (items, options) => {
			this.asked.push(options.title ?? '');
			const wanted = waiting.shift();
			assert.ok(wanted !== undefined, `Unexpected pick: ${options.title}`);
			const all = await items;
			const found = all.find(({ label }) => (typeof wanted === 'string' ? label === wanted : wanted.test(label)));
			assert.ok(found, `${String(wanted)} among ${all.map(({ label }) => label).join(' | ')}`);
			return found;
		};
	}

	/** The last message that matches. */
	heard(pattern: RegExp): Told | undefined {
		return this.told.findLast(({ text }) => pattern.test(text));
	}

	leave(): void {
		Object.assign(this.#ui, this.#own);
	}
}

/** Defines a test in which a {@link Person} answers, and a folder that is removed afterwards. */
export function story(title: string, tell: (parts: Services, person: Person, folder: string) => Promise<void>): void {
	test(title, async () => {
		const parts = await services();
		const person = new Person(parts.ui);
		const folder = mkdtempSync(join(tmpdir(), 'afterimage-story-'));
		try {
			await tell(parts, person, folder);
		} finally {
			person.leave();
			// Disks of its own that a test has put in the place of the engine's.
			Reflect.deleteProperty(parts.trees.disks, 'disks');
			await vscode.commands.executeCommand('workbench.action.closeAllEditors');
			rmSync(folder, { recursive: true, force: true });
		}
	});
}

/** Commands that tests of this window have run. */
export const executed = new Set<string>();

export function run<T>(command: string, ...args: readonly unknown[]): Thenable<T> {
	executed.add(command);
	return vscode.commands.executeCommand<T>(command, ...args);
}

/** Sets settings of the machine for the length of `during`. */
export async function withSettings(settings: Record<string, unknown>, during: () => Promise<void>): Promise<void> {
	const configuration = () => vscode.workspace.getConfiguration('afterimage');
	const set = (name: string, value: unknown) => configuration().update(name, value, vscode.ConfigurationTarget.Global);
	for (const [name, value] of Object.entries(settings)) await set(name, value);
	try {
		await during();
	} finally {
		for (const name of Object.keys(settings)) await set(name, undefined);
	}
}

/** Waits until something holds; fails with `what` when it does not within ten seconds. */
export async function until<T>(what: string, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
	const end = Date.now() + 10_000;
	for (;;) {
		const found = await look();
		if (found !== undefined && found !== false) return found;
		if (Date.now() > end) assert.fail(`${what} did not come about within ten seconds`);
		await new Promise((later) => setTimeout(later, 50));
	}
}

/** Runs a tool that must succeed; gives what it printed. */
export function tool(name: string, ...args: readonly string[]): string {
	const path = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;
	const result = spawnSync(name, args, { encoding: 'utf8', env: { ...process.env, PATH: path } });
	assert.equal(result.status, 0, `${name} ${args.join(' ')}: ${result.stderr ?? result.error?.message}`);
	return result.stdout;
}
