import { randomBytes } from 'node:crypto';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { expect, it } from 'vitest';
import { nativeMd5, openNativeCrc32, openNativeMd5 } from '../../../native/kernels.ts';
import { buildNative } from '../../../scripts/build-native.mjs';
import { createBlockPool } from '../../../src/engine/pipeline/pool.ts';

/** What Linux says of the processor; other systems are not asked here. */
function processorHas(flag: string): boolean {
	return (
		process.platform === 'linux' &&
		new RegExp(`^flags\\b.*\\b${flag}\\b`, 'm').test(readFileSync('/proc/cpuinfo', 'utf8'))
	);
}

const built = buildNative('dist');
const runsHere = built.includes(`${process.platform}-${process.arch}`);

it('has kernels for what the processor has, where a compiler is', () => {
	expect(nativeMd5()).toEqual([
		...(runsHere && processorHas('avx512f') ? ['AVX-512'] : []),
		...(runsHere && processorHas('avx2') ? ['AVX2'] : []),
	]);
	expect(runsHere).toBe(
		process.platform === 'linux' && process.arch === 'x64' && spawnSync('cc', ['--version']).status === 0,
	);
});

it('has a CRC-32 where the processor multiplies vectors without carry, equal to that of zlib', () => {
	const fast = openNativeCrc32();
	expect(fast !== undefined).toBe(runsHere && processorHas('avx512f') && processorHas('vpclmulqdq'));
	const bytes = randomBytes(100_000);
	// Where there is none of its own the one of zlib is what is used.
	const sum = fast ?? crc32;
	for (let length = 0; length <= 2000; length++) {
		const piece = bytes.subarray(length % 65, (length % 65) + length);
		const value = (length * 2_654_435_761) >>> 0;
		expect(sum(piece, value), `${length} bytes`).toBe(crc32(piece, value));
	}
	expect(sum(bytes)).toBe(crc32(bytes));
	expect(sum(bytes.subarray(777), sum(bytes.subarray(0, 777)))).toBe(crc32(bytes));
});

it('refuses instructions that are not there', () => {
	expect(() => openNativeMd5('MMX' as never)).toThrow(/No MD5 kernels/);
});

it('is what a pool hashes with when it is told to', async () => {
	const pool = createBlockPool({ workers: 1, md5: nativeMd5().length > 0 ? 'native' : 'wasm' });
	await pool.ready;
	expect(pool.hasherName).toBe(nativeMd5()[0] ?? 'WebAssembly SIMD');
	await pool.close();
});

it('is built again when a source is newer, and not otherwise', () => {
	const folder = mkdtempSync(join(tmpdir(), 'afterimage-native-'));
	try {
		const targets = buildNative(folder);
		const library = join(folder, 'native', 'linux-x64', 'kernels.so');
		if (!targets.includes('linux-x64')) return expect(runsHere).toBe(false);
		writeFileSync(library, 'kept');
		buildNative(folder);
		expect(readFileSync(library, 'utf8')).toBe('kept');
		execFileSync('touch', ['-d', '2001-01-01', library]);
		buildNative(folder);
		expect(readFileSync(library).subarray(1, 4).toString()).toBe('ELF');
	} finally {
		rmSync(folder, { recursive: true });
	}
});

it('is left out, and that is said, where the compiler cannot compile', () => {
	const folder = mkdtempSync(join(tmpdir(), 'afterimage-native-'));
	const compiler = join(folder, 'cc');
	const reason = 'stdint.h: No such file';
	writeFileSync(compiler, `#!/bin/sh\n[ "$1" = --version ] && exit 0\necho "${reason}" >&2\nexit 1\n`, { mode: 0o755 });
	const build = join(import.meta.dirname, '../../../scripts/build-native.mjs');
	const code = `console.log(JSON.stringify((await import(${JSON.stringify(build)})).buildNative(${JSON.stringify(folder)})))`;
	try {
		const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
			encoding: 'utf8',
			env: { ...process.env, CC: compiler },
		});
		expect({ status, made: JSON.parse(stdout) as string[] }).toEqual({
			status: 0,
			made: expect.not.arrayContaining(['linux-x64']) as string[],
		});
		if (process.platform === 'linux' && process.arch === 'x64') expect(stderr).toContain(reason);
	} finally {
		rmSync(folder, { recursive: true });
	}
});

it.runIf(process.platform === 'linux')(
	'takes a compiler behind a launcher and with options, and none that is named empty',
	() => {
		const build = join(import.meta.dirname, '../../../scripts/build-native.mjs');
		for (const compiler of ['env cc -pipe', '']) {
			const folder = mkdtempSync(join(tmpdir(), 'afterimage-native-'));
			const code = `console.log(JSON.stringify((await import(${JSON.stringify(build)})).buildNative(${JSON.stringify(folder)})))`;
			try {
				const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
					encoding: 'utf8',
					env: { ...process.env, CC: compiler },
				});
				expect((JSON.parse(stdout || '[]') as string[]).includes('linux-x64'), `CC="${compiler}"`).toBe(runsHere);
			} finally {
				rmSync(folder, { recursive: true });
			}
		}
	},
);
