import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type Koffi from 'koffi';
import type { Crc32 } from '../src/image/crc32.ts';
import type { LaneKernels } from '../src/image/md5/lane-kernels.ts';

/** The library of `native/kernels`; `bits` are those of a vector and name the instruction set. */
interface Library {
	md5Runs(bits: number): number;
	md5(
		bits: number,
		buffer: Uint8Array,
		starts: Uint32Array,
		count: number,
		length: number,
		digests: Uint8Array,
	): number;
	crc32Runs(): number;
	crc32(bytes: Uint8Array, length: number, value: number): number;
}

/** Instruction sets that kernels are built for, fastest first, by the width of their vectors in bits. */
const instructionSets = { 'AVX-512': 512, AVX2: 256 } as const;

export type InstructionSet = keyof typeof instructionSets;

/** Undefined when none was made for this platform; null before it was looked for. */
let library: Library | undefined | null = null;

/**
 * The instruction sets with vectors wider than those of WebAssembly that this processor has and this build has kernels for, fastest
 * first. Empty where it was built without a C compiler, and on processors other than x86-64.
 */
export function nativeMd5(): InstructionSet[] {
	const found = openedLibrary();
	const names = Object.keys(instructionSets) as InstructionSet[];
	return names.filter((name) => found?.md5Runs(instructionSets[name]) === 1);
}

/**
 * The native kernels.
 * @param instructions what {@link nativeMd5} names, by default the fastest of them
 * @throws Error when they are not there
 */
export function openNativeMd5(instructions = nativeMd5()[0]): LaneKernels {
	if (instructions === undefined || !nativeMd5().includes(instructions)) {
		throw new Error(`No MD5 kernels for this processor in ${libraryPath()}`);
	}
	const bits = instructionSets[instructions];
	const found = library!;
	return {
		name: instructions,
		digest: (buffer, starts, count, length, digests) => void found.md5(bits, buffer, starts, count, length, digests),
	};
}

/** CRC-32 by carry-less multiplication of vectors (VPCLMULQDQ); undefined where the processor or the build has none. */
export function openNativeCrc32(): Crc32 | undefined {
	const found = openedLibrary();
	if (found?.crc32Runs() !== 1) return undefined;
	return (bytes, value = 0) => found.crc32(bytes, bytes.length, value);
}

function openedLibrary(): Library | undefined {
	if (library === null) library = openLibrary();
	return library;
}

/** Beside the bundle that runs; a run from the sources takes what the last build made. */
function libraryPath(): string {
	const dist = import.meta.url.endsWith('.ts') ? '../dist/' : './';
	const file = process.platform === 'win32' ? 'kernels.dll' : 'kernels.so';
	return fileURLToPath(new URL(`${dist}native/${process.platform}-${process.arch}/${file}`, import.meta.url));
}

/** Undefined when there is no such library, or no koffi for this platform: WebAssembly and Node do the work then. */
function openLibrary(): Library | undefined {
	const path = libraryPath();
	if (!existsSync(path)) return undefined;
	try {
		// Loaded when asked for, not with the module: not every platform has it.
		const koffi = createRequire(import.meta.url)('koffi') as typeof Koffi;
		const loaded = koffi.load(path);
		const bind = (prototype: string) => loaded.func(prototype) as unknown;
		return {
			md5Runs: bind('uint32_t afterimage_md5_runs(uint32_t bits)'),
			md5: bind(
				'uint32_t afterimage_md5(uint32_t bits, const uint8_t *buffer, const uint32_t *starts, uint32_t count, ' +
					'uint32_t length, uint8_t *digests)',
			),
			crc32Runs: bind('uint32_t afterimage_crc32_runs()'),
			crc32: bind('uint32_t afterimage_crc32(const uint8_t *bytes, size_t length, uint32_t value)'),
		} as Library;
	} catch {
		return undefined;
	}
}
