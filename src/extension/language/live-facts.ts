import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { DiskInfo } from '../../protocol/disks.ts';
import type { LiveFacts } from '../../xml/live-facts.ts';
import type { FileRights } from '../rights/file-rights.ts';

/** What the language asks of the rest of the extension. */
export interface LanguageFacts {
	/** The disks of this computer; asked only when a feature needs them. */
	disks(): Promise<readonly DiskInfo[]>;
	/** They may be others now. */
	readonly onChanged: vscode.Event<unknown>;
	rights(): Promise<FileRights>;
}

/** How long an answer is taken to be true, in milliseconds. */
const freshFor = 60_000;
/** How long a feature waits for the disks before it does without, in milliseconds. */
const patience = 3_000;
const maxFolders = 200;

/** Disks that were listed a moment ago, and folders, without ever failing: a feature does without what cannot be told. */
export class CachedFacts implements LiveFacts, vscode.Disposable {
	readonly #facts: LanguageFacts;
	readonly #onError: (error: unknown) => void;
	#asked = 0;
	#answer: Promise<readonly DiskInfo[]> | undefined;
	#known: readonly DiskInfo[] = [];
	readonly #listed = new vscode.EventEmitter<void>();
	readonly #subscription: vscode.Disposable;

	/** The disks have been listed. */
	readonly onListed = this.#listed.event;

	constructor(facts: LanguageFacts, onError: (error: unknown) => void) {
		this.#facts = facts;
		this.#onError = onError;
		this.#subscription = facts.onChanged(() => (this.#answer = undefined));
	}

	rights(): Promise<FileRights> {
		return this.#facts.rights();
	}

	/** The disks as last listed; empty when nothing asked for them yet. */
	get knownDisks(): readonly DiskInfo[] {
		return this.#known;
	}

	disks(): Promise<readonly DiskInfo[]> {
		if (this.#answer === undefined || Date.now() - this.#asked > freshFor) {
			this.#asked = Date.now();
			this.#answer = this.#facts.disks().then(
				(disks) => {
					this.#known = disks;
					this.#listed.fire();
					return disks;
				},
				(error: unknown) => {
					this.#onError(error);
					return [];
				},
			);
		}
		return Promise.race([
			this.#answer,
			new Promise<readonly DiskInfo[]>((done) => setTimeout(() => done(this.#known), patience).unref()),
		]);
	}

	dispose(): void {
		this.#subscription.dispose();
		this.#listed.dispose();
	}

	async folders(typed: string): Promise<readonly string[]> {
		const match = /^(.*[\\/])([^\\/]*)$/.exec(typed);
		if (match === null) return roots(typed);
		const [, parent, begun] = match;
		if (/^[\\/]{2}/.test(parent!)) return []; // a network share, where listing may take for ever
		try {
			const entries = await readdir(parent!, { withFileTypes: true });
			return entries
				.filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
				.map(({ name }) => name)
				.filter(
					(name) => name.toLowerCase().startsWith(begun!.toLowerCase()) && (begun !== '' || !name.startsWith('.')),
				)
				.slice(0, maxFolders)
				.map((name) => (process.platform === 'win32' ? join(parent!, name) : `${parent}${name}`));
		} catch {
			return []; // not there, or not to be read
		}
	}
}

/** Where a path can begin. */
function roots(typed: string): string[] {
	const all =
		process.platform === 'win32'
			? ['C:\\', 'D:\\', 'E:\\', 'F:\\']
			: ['/mnt', '/media', '/srv', '/home', '/var', '/run/media', '/Volumes'];
	return all.filter((root) => root.toLowerCase().startsWith(typed.toLowerCase()));
}
