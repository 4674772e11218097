import { readdir } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { DueReport } from '../../protocol/due.ts';
import type { Engines } from '../engine/engines.ts';
import type { DefinitionFile } from './definition-file.ts';
import type { DefinitionStore } from './store.ts';

/** How often it is asked while the definitions are seen, in milliseconds. */
const lookInterval = 5 * 60_000;

/** Which definitions have scheduled backups that were not made. */
export class OverdueWatch implements vscode.Disposable {
	readonly #definitions: DefinitionStore;
	readonly #engines: Engines;
	readonly #changed = new vscode.EventEmitter<void>();
	readonly #subscription: vscode.Disposable;
	#reports: ReadonlyMap<string, DueReport> = new Map();
	#looking: NodeJS.Timeout | undefined;
	/** Counts looks: the last one tells. */
	#looks = 0;

	readonly onChanged = this.#changed.event;

	constructor(definitions: DefinitionStore, engines: Engines) {
		this.#definitions = definitions;
		this.#engines = engines;
		// What nobody has asked for yet is asked for once it is seen.
		this.#subscription = definitions.onChanged(() => (this.#looks > 0 ? void this.look() : undefined));
	}

	/** What is overdue of a definition; undefined when nothing is. @param path of the definition */
	of(path: string): DueReport | undefined {
		return this.#reports.get(path);
	}

	/** How many definitions have something overdue. */
	get count(): number {
		return this.#reports.size;
	}

	/** While the definitions are seen, looks again and again. */
	watch(seen: boolean): void {
		clearInterval(this.#looking);
		if (!seen) return;
		this.#looking = setInterval(() => void this.look(), lookInterval);
		void this.look();
	}

	/** Looks once where the user keeps definitions: a window without any starts no engine for this. */
	async lookAtFolder(): Promise<void> {
		const names = await readdir(this.#definitions.folder).catch(() => []);
		if (names.some((name) => name.toLowerCase().endsWith('.xml'))) await this.look();
	}

	async look(): Promise<void> {
		const mine = ++this.#looks;
		// An engine that is just ending answers nothing; the next look has another one.
		const reports = await this.#ask().catch(() => this.#reports);
		if (mine !== this.#looks || JSON.stringify([...reports]) === JSON.stringify([...this.#reports])) return;
		this.#reports = reports;
		this.#changed.fire();
	}

	dispose(): void {
		clearInterval(this.#looking);
		this.#subscription.dispose();
		this.#changed.dispose();
	}

	async #ask(): Promise<ReadonlyMap<string, DueReport>> {
		const definitions = (await this.#definitions.all()).filter(isScheduled).map(({ path }) => path);
		if (definitions.length === 0) return new Map();
		const { reports } = await (await this.#engines.get('user')).request('definitions/due', { definitions });
		const found: [string, DueReport][] = [];
		for (const report of reports) {
			const schedules = report.schedules.filter(({ kind }) => kind === 'overdue');
			if (schedules.length > 0 && (await isForThisComputer(report)))
				found.push([report.definition, { ...report, schedules }]);
		}
		return new Map(found);
	}
}

function isScheduled({ definition, problem }: DefinitionFile): boolean {
	return problem === undefined && definition?.scheduling.schedules.some(({ enable }) => enable) === true;
}

/** A workspace may hold definitions of other computers: those that have never run here, and that nothing here starts. */
async function isForThisComputer({ definition, lastRun }: DueReport): Promise<boolean> {
	return lastRun !== undefined || (await import('../schedule/state.ts')).isInstalled(definition);
}
