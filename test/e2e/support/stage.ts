import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, inject } from 'vitest';
import { launchBrowser } from '../../support/browser.ts';
import { startVsCode, type VsCodeServer } from '../../support/vscode-server.ts';
import { Workbench } from '../pages/workbench.ts';

const failures = resolve(import.meta.dirname, '../../../test-results/e2e');

/** Nothing beside the extension speaks up. */
const quiet = {
	'chat.disableAIFeatures': true,
	'workbench.secondarySideBar.defaultVisibility': 'hidden',
	'workbench.reduceMotion': 'on',
	'git.enabled': false,
};

export interface StageOptions {
	/** Settings of the machine on top of the defaults, made once the folder is there. */
	readonly settings?: (stage: Stage) => Readonly<Record<string, unknown>>;
	/** Makes disks, definitions and backups before VS Code starts. */
	readonly prepare?: (stage: Stage) => Promise<void> | void;
}

/**
 * A folder of its own for one test file, with a real VS Code on it whose definitions, runs and engines are nobody else's.
 * All of it goes when the tests of the file have ended.
 */
export class Stage {
	/** Everything of this file's tests lies here. */
	readonly folder = mkdtempSync(join(tmpdir(), 'afterimage-e2e-'));
	readonly workspace = this.make('workspace');
	/** Where VS Code finds the user's definitions. */
	readonly definitions = join(this.make('data'), 'afterimage/definitions');
	readonly backups = this.make('backups');
	#server: VsCodeServer | undefined;
	#browser: Browser | undefined;
	#page: Page | undefined;

	file(name: string): string {
		return join(this.folder, name);
	}

	make(name: string): string {
		const path = this.file(name);
		mkdirSync(path, { recursive: true, mode: 0o700 });
		return path;
	}

	async start(settings: StageOptions['settings']): Promise<void> {
		const env = {
			XDG_DATA_HOME: this.file('data'),
			XDG_CONFIG_HOME: this.make('config'),
			XDG_RUNTIME_DIR: this.make('run'),
			AFTERIMAGE_DATA: this.make('runs'),
		};
		this.#server = await startVsCode({
			settings: { ...quiet, ...settings?.(this) },
			env,
			extensions: inject('extensions'),
		});
		this.#browser = await launchBrowser();
	}

	/** A window on the workspace, in a browser that knows nothing yet; the window before it is closed. */
	async open(): Promise<Workbench> {
		await this.#page?.context().close();
		const context = await this.#browser!.newContext({
			viewport: { width: 1280, height: 800 },
			locale: 'en-GB',
			reducedMotion: 'reduce',
		});
		this.#page = await context.newPage();
		await this.#page.goto(this.#server!.url(this.workspace));
		const workbench = new Workbench(this.#page);
		await workbench.ready();
		return workbench;
	}

	/** Process ids of the engines that this stage's windows have started. */
	engines(): readonly number[] {
		const mine = `AFTERIMAGE_DATA=${this.file('runs')}`;
		return readdirSync('/proc')
			.filter((name) => /^\d+$/.test(name))
			.map(Number)
			.filter((pid) => {
				try {
					const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
					const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
					return command.some((part) => part.endsWith('/engine.mjs')) && environment.includes(mine);
				} catch {
					return false; // ended meanwhile, or another user's
				}
			});
	}

	/** What the window looked like when a test failed. */
	async keepFailure(name: string): Promise<void> {
		mkdirSync(failures, { recursive: true });
		await this.#page?.screenshot({ path: join(failures, `${name.replace(/[^\w]+/g, '-')}.png`) });
	}

	async stop(): Promise<void> {
		await this.#browser?.close();
		await this.#server?.stop();
		// An engine at work would wait for the next window, which never comes.
		for (const pid of this.engines()) process.kill(pid, 'SIGKILL');
		if (existsSync(this.folder)) rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
	}
}

/** A stage for the tests of this file, and a new one for each second try of a test. Set while they run. */
export function useStage(options: StageOptions = {}): { readonly stage: Stage } {
	let stage: Stage | undefined;
	const build = async () => {
		stage = new Stage();
		await options.prepare?.(stage);
		await stage.start(options.settings);
	};
	beforeAll(build);
	beforeEach(async ({ task }) => {
		if ((task.result?.retryCount ?? 0) === 0) return;
		await stage?.stop();
		await build();
	});
	beforeEach(({ onTestFailed, task }) => onTestFailed(() => stage?.keepFailure(task.name)));
	afterAll(() => stage?.stop());
	return {
		get stage() {
			return stage!;
		},
	};
}
