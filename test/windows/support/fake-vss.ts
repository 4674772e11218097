import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Windows, windowsFolder } from './wine.ts';

const folder = resolve(import.meta.dirname, '../fakevss');

/** Values of vsserror.h. */
export const vssErrors = {
	badState: 0x80042301,
	providerVeto: 0x80042306,
	holdWritesTimeout: 0x80042314,
	setInProgress: 0x80042316,
	insufficientStorage: 0x8004231f,
} as const;

/** What VSS does; see the head of fakevss.cpp. */
export interface VssScript {
	/** Calls that fail, and steps that end in an error, by method: HRESULT and how often. */
	readonly fail?: Readonly<Record<string, readonly [number, number]>>;
	readonly end?: Readonly<Record<string, readonly [number, number]>>;
	/** Milliseconds that a step takes. */
	readonly delay?: Readonly<Record<string, number>>;
	readonly unsupported?: readonly string[];
	readonly writers?: readonly { readonly name: string; readonly state: number; readonly failure: number }[];
	/** Where shadow copies are, by volume. */
	readonly devices?: Readonly<Record<string, string>>;
}

/** A Windows whose vssapi.dll is the fake one. It ends with the running test. */
export function windowsWithVss(script: VssScript = {}): Windows {
	// Wine takes its own vssapi.dll, even for a full path, unless it is told not to.
	const windows = Windows.forTest({ WINEDLLOVERRIDES: 'mscoree,mshtml=;vssapi=n' });
	installVss(windows);
	setVssScript(windows, script);
	return windows;
}

/** Puts the fake library in place of Wine's. */
export function installVss(windows: Windows): void {
	const dll = join(windows.driveC, 'windows/system32/vssapi.dll');
	// The file may be shared with the prefix that this one was made from.
	rmSync(dll, { force: true });
	copyFileSync((built ??= build()), dll);
}

let built: string | undefined;

function build(): string {
	const dll = join(windowsFolder, `${process.pid}-vssapi.dll`);
	process.once('exit', () => rmSync(dll, { force: true }));
	const options = '-std=gnu++17 -O1 -Wall -Wextra -Wno-unused-parameter -shared -static -municode'.split(' ');
	const sources = ['fakevss.cpp', 'fakevss.def'].map((name) => join(folder, name));
	const libraries = ['-lole32', '-loleaut32', '-luuid'];
	const { status, stderr } = spawnSync('x86_64-w64-mingw32-g++', [...options, '-o', dll, ...sources, ...libraries], {
		encoding: 'utf8',
	});
	if (status !== 0 || stderr !== '') throw new Error(`fakevss.cpp does not build: ${stderr}`);
	return dll;
}

/** Takes effect in processes that start afterwards. Clears the log. */
export function setVssScript(windows: Windows, script: VssScript): void {
	const hex = (value: number) => value.toString(16);
	const lines = [
		...Object.entries(script.fail ?? {}).map(([method, [value, times]]) => `fail ${method} ${hex(value)} ${times}`),
		...Object.entries(script.end ?? {}).map(([method, [value, times]]) => `end ${method} ${hex(value)} ${times}`),
		...Object.entries(script.delay ?? {}).map(([method, milliseconds]) => `delay ${method} ${milliseconds}`),
		...(script.unsupported ?? []).map((volume) => `unsupported ${volume}`),
		...(script.writers ?? []).map(({ name, state, failure }) => `writer ${hex(state)} ${hex(failure)} ${name}`),
		...Object.entries(script.devices ?? {}).map(([volume, path]) => `device ${volume} ${path}`),
	];
	mkdirSync(join(windows.driveC, 'fakevss'), { recursive: true });
	writeFileSync(join(windows.driveC, 'fakevss/script.txt'), lines.join('\n'));
	rmSync(logOf(windows), { force: true });
}

/** Every call that the library has had since its script was set. */
export function vssCalls(windows: Windows): string[] {
	if (!existsSync(logOf(windows))) return [];
	const text = readFileSync(logOf(windows), 'utf8').replace(/^\ufeff/, '');
	return text.split(/\r?\n/).filter((line) => line !== '');
}

function logOf(windows: Windows): string {
	return join(windows.driveC, 'fakevss/log.txt');
}
