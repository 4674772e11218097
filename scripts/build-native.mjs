/** Builds what `native` has in C. A machine without a compiler builds without it: the engine then uses WebAssembly. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const sources = join(import.meta.dirname, '../native/kernels');

/** What the kernels for one instruction set need, beside what all have. Only they may use these instructions. */
const flags = {
	'md5-avx512.c': ['-mavx512f'],
	'md5-avx2.c': ['-mavx2'],
	'md5.c': [],
	'crc32-avx512.c': ['-mavx512f', '-mpclmul', '-mvpclmulqdq'],
	'crc32.c': [],
};

/** Vectors of a kernel stay in registers only when its loops over them are unrolled, which -O3 does. */
const common = ['-O3', '-std=c11', '-Wall', '-Wextra', '-Werror', '-fPIC', '-fvisibility=hidden'];

/** As make takes it: a command that may have a launcher before it and options behind it (`ccache gcc -m64`). */
const ownCompiler = (process.env.CC?.trim() || 'cc').split(/\s+/);

const targets = [
	{ name: 'linux-x64', file: 'kernels.so', compiler: ownCompiler, here: process.platform === 'linux' },
	{ name: 'win32-x64', file: 'kernels.dll', compiler: ['x86_64-w64-mingw32-gcc'], here: true },
];

/** Lanes of other architectures are no wider than those of WebAssembly: nothing is built for them. */
const canBuild = process.arch === 'x64';

/**
 * Makes `outdir/native/PLATFORM-ARCH/kernels.*` for each target that has a compiler here, where it is older than its sources.
 * @returns the names of the targets that are there
 */
export function buildNative(outdir) {
	if (!canBuild) return [];
	return targets.filter((target) => target.here && build(target, outdir)).map((target) => target.name);
}

function build({ name, file, compiler }, outdir) {
	const folder = join(outdir, 'native', name);
	const library = join(folder, file);
	if (existsSync(library) && statSync(library).mtimeMs >= newestSource()) return true;
	const [command, ...options] = compiler;
	if (spawnSync(command, [...options, '--version'], { stdio: 'ignore' }).status !== 0) return false;
	mkdirSync(folder, { recursive: true });
	// Two builds may run side by side; a library that is loaded must not be written over.
	const work = mkdtempSync(join(folder, 'build-'));
	try {
		const objects = Object.entries(flags).map(([source, own]) => {
			const object = join(work, `${source}.o`);
			compile(compiler, [...common, ...own, '-c', join(sources, source), '-o', object]);
			return object;
		});
		compile(compiler, ['-shared', '-s', '-static-libgcc', ...objects, '-o', join(work, file)]);
		renameSync(join(work, file), library);
		return true;
	} catch (error) {
		// A compiler without its headers, or too old: a slower program is better than none.
		console.warn(`${name}: built without native kernels, since ${error.message}`);
		rmSync(library, { force: true });
		return false;
	} finally {
		rmSync(work, { recursive: true, force: true });
	}
}

function compile(compiler, args) {
	const [command, ...options] = compiler;
	const { status, stderr, error } = spawnSync(command, [...options, ...args], { encoding: 'utf8' });
	if (status !== 0) throw new Error(`${compiler.join(' ')} failed: ${error?.message ?? stderr.trim().split('\n')[0]}`);
}

/** When a source, or how it is compiled, was last changed. */
function newestSource() {
	const files = [import.meta.filename, ...readdirSync(sources).map((name) => join(sources, name))];
	return Math.max(...files.map((file) => statSync(file).mtimeMs));
}
