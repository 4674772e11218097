/**
 * `npm run package [-- --out FILE]`: builds for production and makes `afterimage-PLATFORM-VERSION.vsix`. koffi is the only
 * package that is not bundled: its JavaScript and this platform's library are laid beside the bundles, so the file belongs
 * to one platform. All of it is put together in a folder of its own, so that the build in `dist` stays as it is.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

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

function copy(from: string, to: string): void {
	mkdirSync(dirname(to), { recursive: true });
	cpSync(from, to, { recursive: true });
}

/** Lays everything that the package holds into a folder. */
function assemble(stage: string, target: string): void {
	for (const part of parts) if (existsSync(join(root, part))) copy(join(root, part), join(stage, part));
	run(root, process.execPath, ['esbuild.mjs', '--production', `--outdir=${join(stage, 'dist')}`]);
	removeOtherTargets(join(stage, 'dist/native'), target);
	const native = join(root, 'node_modules/@koromix', `koffi-${target}`);
	if (!existsSync(native)) throw new Error(`koffi has no library for ${target} here; run npm ci on that platform`);
	const modules = join(stage, 'dist/node_modules');
	for (const part of koffiParts) copy(join(root, 'node_modules/koffi', part), join(modules, 'koffi', part));
	copy(native, join(modules, '@koromix', `koffi-${target}`));
}

/** Kernels that a build made for other platforms; a build without a C compiler made none. */
function removeOtherTargets(folder: string, target: string): void {
	for (const name of existsSync(folder) ? readdirSync(folder) : []) {
		if (name !== target) rmSync(join(folder, name), { recursive: true });
	}
}

const target = `${process.platform}-${process.arch}`;
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const option = process.argv.indexOf('--out');
const output = resolve(
	(option < 0 ? undefined : process.argv[option + 1]) ?? join(root, `afterimage-${target}-${version}.vsix`),
);
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
