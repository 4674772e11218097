/**
 * `npm run package`: builds for production and makes `afterimage-PLATFORM-VERSION.vsix`. koffi is the only package that is not
 * bundled: its JavaScript and this platform's library are laid beside the bundles, so the file belongs to one platform.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
/** The limit that a platform's package keeps, in bytes. */
const limit = 10 * 1024 * 1024;

function run(command: string, args: string[]): void {
	const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
	if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
}

const target = `${process.platform}-${process.arch}`;
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const output = join(root, `afterimage-${target}-${version}.vsix`);

rmSync(join(root, 'dist'), { recursive: true, force: true });
run('node', ['esbuild.mjs', '--production']);
const native = join(root, 'node_modules/@koromix', `koffi-${target}`);
if (!existsSync(native)) throw new Error(`koffi has no library for ${target} here; run npm ci on that platform`);
const modules = join(root, 'dist/node_modules');
mkdirSync(join(modules, '@koromix'), { recursive: true });
for (const name of [
	'package.json',
	'index.js',
	'index.cjs',
	'indirect.js',
	'indirect.cjs',
	'LICENSE.txt',
	'src/koffi/index.js',
	'src/koffi/index.cjs',
]) {
	cpSync(join(root, 'node_modules/koffi', name), join(modules, 'koffi', name), { recursive: true });
}
cpSync(native, join(modules, '@koromix', `koffi-${target}`), { recursive: true });
run('vsce', ['package', '--no-dependencies', '--allow-missing-repository', '--target', target, '--out', output]);

const { size } = statSync(output);
if (size > limit) throw new Error(`${output} has ${size} bytes; the limit is ${limit}`);
process.stdout.write(`${output}: ${(size / 1024 / 1024).toFixed(1)} MB\n`);
