/**
 * `npm run package [-- --out FILE] [--target PLATFORM]`: builds for production and makes `afterimage-PLATFORM-VERSION.vsix`,
 * for this platform or for another that koffi has a library for, such as win32-x64. koffi is the only package that is not
 * bundled: its JavaScript and the platform's library are laid beside the bundles, so the file belongs to one platform. All of it is put together in a folder of its own, so that the build in `dist` stays as it is.
 */
import { spawnSync } from 'node:child_process';
import {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const root = resolve(import.meta.dirname, '..');
/** The limit that a platform's package keeps, in bytes. */
const limit = 10 * 1024 * 1024;

/** What may be in the package beside the build; `.vscodeignore` says which of it is. */
const parts = [
	'.vscodeignore',
	'package.json',
	'package.nls.json',
	'package.nls.de.json',
	'README.md',
	'CHANGELOG.md',
	'LICENSE',
	'resources',
	'l10n',
	'schema',
	'syntaxes',
	'snippets',
	'language-configuration.json',
	'docs/rules',
];

const koffiParts = [
	'package.json',
	'index.js',
	'index.cjs',
	'indirect.js',
	'indirect.cjs',
	'LICENSE.txt',
	'src/koffi/index.js',
	'src/koffi/index.cjs',
	'src/koffi/src/static.js',
	'src/koffi/src/static.cjs',
	'src/koffi/src/trampolines.cjs',
];

function run(cwd: string, command: string, args: readonly string[]): void {
	const { status, error } = spawnSync(command, args, { cwd, stdio: 'inherit' });
	if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`, { cause: error });
}

/** Import libraries (`.lib`), which come with koffi for Windows, are for linkers. */
function copy(from: string, to: string): void {
	mkdirSync(dirname(to), { recursive: true });
	cpSync(from, to, { recursive: true, filter: (path) => !path.endsWith('.lib') });
}

/** Lays everything that the package holds into a folder. */
function assemble(stage: string, target: string): void {
	for (const part of parts) if (existsSync(join(root, part))) copy(join(root, part), join(stage, part));
	run(root, process.execPath, ['esbuild.mjs', '--production', `--outdir=${join(stage, 'dist')}`]);
	removeOtherTargets(join(stage, 'dist/native'), target);
	const modules = join(stage, 'dist/node_modules');
	for (const part of koffiParts) copy(join(root, 'node_modules/koffi', part), join(modules, 'koffi', part));
	copy(koffiLibrary(target, stage), join(modules, '@koromix', `koffi-${target}`));
}

/** The folder of koffi's library for a platform: the installed one, or the same version from the package registry. */
function koffiLibrary(target: string, stage: string): string {
	const name = `@koromix/koffi-${target}`;
	const installed = join(root, 'node_modules', name);
	if (existsSync(installed)) return installed;
	const { version, optionalDependencies } = JSON.parse(
		readFileSync(join(root, 'node_modules/koffi/package.json'), 'utf8'),
	) as { version: string; optionalDependencies: Record<string, string> };
	if (optionalDependencies[name] === undefined) throw new Error(`koffi has no library for ${target}`);
	const fetched = join(stage, 'fetched');
	mkdirSync(fetched);
	writeFileSync(join(fetched, 'package.json'), '{"private":true}');
	// Forced, since it is not for the system that it is fetched on.
	const options = ['--silent', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--force'];
	run(fetched, 'npm', ['install', ...options, `${name}@${version}`]);
	return join(fetched, 'node_modules', name);
}

/** Kernels that a build made for other platforms; a build without a C compiler made none. */
function removeOtherTargets(folder: string, target: string): void {
	for (const name of existsSync(folder) ? readdirSync(folder) : []) {
		if (name !== target) rmSync(join(folder, name), { recursive: true });
	}
}

const { values } = parseArgs({ options: { out: { type: 'string' }, target: { type: 'string' } } });
const target = values.target ?? `${process.platform}-${process.arch}`;
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const output = resolve(values.out ?? join(root, `afterimage-${target}-${version}.vsix`));
const stage = mkdtempSync(join(tmpdir(), 'afterimage-package-'));
try {
	assemble(stage, target);
	const options = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'];
	const vsce = join(root, 'node_modules/@vscode/vsce/vsce');
	run(stage, process.execPath, [vsce, 'package', ...options, '--target', target, '--out', output]);
} finally {
	rmSync(stage, { recursive: true, force: true });
}

const { size } = statSync(output);
if (size > limit) throw new Error(`${output} has ${size} bytes; the limit is ${limit}`);
process.stdout.write(`${output}: ${(size / 1024 / 1024).toFixed(1)} MB\n`);
