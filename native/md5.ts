import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type Koffi from 'koffi';
import type { LaneKernels } from '../src/image/md5/lane-kernels.ts';

/** The library of `native/md5`; `bits` are those of a vector and name the instruction set. */
interface Md5Library {
	runs(bits: number): number;
	digest(
		bits: number,
		buffer: Uint8Array,
		starts: Uint32Array,
		count: number,
		length: number,
		digests: Uint8Array,
	): number;
}

/** Instruction sets that kernels are built for, fastest first, by the width of their vectors in bits. */
const instructionSets = { 'AVX-512': 512, AVX2: 256 } as const;

export type InstructionSet = keyof typeof instructionSets;

/** Undefined when none was made for this platform; null before it was looked for. */
let library: Md5Library | undefined | null = null;

/**
 * The instruction sets with vectors wider than those of WebAssembly that this processor has and this build has kernels for, fastest
 * first. Empty where it was built without a C compiler, and on processors other than x86-64.
 */
export function nativeMd5(): InstructionSet[] {
	if (library === null) library = openLibrary();
	const names = Object.keys(instructionSets) as InstructionSet[];
	return names.filter((name) => library?.runs(instructionSets[name]) === 1);
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
	const kernels = library!;
	return {
		name: instructions,
		digest: (buffer, starts, count, length, digests) =>
			void kernels.digest(bits, buffer, starts, count, length, digests),
	};
}

/** Beside the bundle that runs; a run from the sources takes what the last build made. */
function libraryPath(): string {
	const dist = import.meta.url.endsWith('.ts') ? '../dist/' : './';
	const file = process.platform === 'win32' ? 'md5.dll' : 'md5.so';
	return fileURLToPath(new URL(`${dist}native/${process.platform}-${process.arch}/${file}`, import.meta.url));
}

/** Undefined when there is no such library, or no koffi for this platform: WebAssembly does the work then. */
function openLibrary(): Md5Library | undefined {
	const path = libraryPath();
	if (!existsSync(path)) return undefined;
	try {
		// Loaded when asked for, not with the module: not every platform has it.
		const koffi = createRequire(import.meta.url)('koffi') as typeof Koffi;
		const loaded = koffi.load(path);
		return {
			runs: loaded.func('uint32_t afterimage_md5_runs(uint32_t bits)') as unknown as Md5Library['runs'],
			digest: loaded.func(
				'uint32_t afterimage_md5(uint32_t bits, const uint8_t *buffer, const uint32_t *starts, uint32_t count, ' +
					'uint32_t length, uint8_t *digests)',
			) as unknown as Md5Library['digest'],
		};
	} catch {
		return undefined;
	}
}
