import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { nativeMd5, openNativeMd5 } from '../../../native/md5.ts';
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
		const library = join(folder, 'native', 'linux-x64', 'md5.so');
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
