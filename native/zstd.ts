import { createRequire } from 'node:module';
import { closeSync, openSync, readSync } from 'node:fs';
import type Koffi from 'koffi';
import { AfterimageError } from '../src/base/errors.ts';
import type { BlockCodec } from '../src/image/codec.ts';

/** A loaded libzstd; functions as in zstd.h, sizes as numbers (error codes, above 2^53, arrive as bigint). */
interface Libzstd {
	readonly name: string;
	bound(length: number): number;
	createCCtx(): unknown;
	freeCCtx(context: unknown): number;
	compressCCtx(
		context: unknown,
		target: Uint8Array,
		room: number,
		source: Uint8Array,
		length: number,
		level: number,
	): number | bigint;
	createDCtx(): unknown;
	freeDCtx(context: unknown): number;
	decompressDCtx(
		context: unknown,
		target: Uint8Array,
		room: number,
		source: Uint8Array,
		length: number,
	): number | bigint;
	findFrameCompressedSize(source: Uint8Array, length: number): number | bigint;
	isError(code: number | bigint): number;
	getErrorName(code: number | bigint): string;
}

/**
 * Where a libzstd may be: the running process, which exports the one that Node carries (VS Code's Electron does not), then
 * the system's. Only names that the dynamic loader resolves to system folders: an elevated process must not load a library
 * that a user could have put there, which rules out the search paths of Windows and Homebrew's folder.
 */
export const zstdLibraries: readonly (string | null)[] = process.platform === 'linux' ? [null, 'libzstd.so.1'] : [null];

/** Before 1.4.0 the functions used here were not all stable. */
const oldestVersion = 10400;

/**
 * A codec on one libzstd, with a compression and a decompression context of its own.
 * @param library file name, or null for the running process
 * @throws Error when there is no such library, it is no libzstd or it is too old
 */
export function openLibzstd(library: string | null): BlockCodec {
	return createCodec(loadLibzstd(library));
}

/** The fastest libzstd at hand, by compressing a piece of the running program with each (a few milliseconds); undefined when there is none. */
export function openFastestLibzstd(): BlockCodec | undefined {
	const found = fastestLibrary();
	return found === undefined ? undefined : openLibzstd(found);
}

const unmeasured = 0;
const measuring = 1;
const noneFound = 2;
const firstLibrary = 3;

/**
 * The same for several threads, which must not come to different answers: the first one measures, the others wait.
 * @param choice one shared number, 0 at first
 */
export function openAgreedLibzstd(choice: Int32Array): BlockCodec | undefined {
	if (Atomics.compareExchange(choice, 0, unmeasured, measuring) === unmeasured) {
		let found = noneFound;
		try {
			const library = fastestLibrary();
			if (library !== undefined) found = firstLibrary + zstdLibraries.indexOf(library);
		} finally {
			Atomics.store(choice, 0, found);
			Atomics.notify(choice, 0);
		}
	} else {
		Atomics.wait(choice, 0, measuring);
	}
	const agreed = Atomics.load(choice, 0);
	return agreed < firstLibrary ? undefined : openLibzstd(zstdLibraries[agreed - firstLibrary]!);
}

/** Undefined when there is none; null is the running process. */
function fastestLibrary(): string | null | undefined {
	const candidates = zstdLibraries.flatMap((library) => {
		try {
			return [{ library, codec: openLibzstd(library) }];
		} catch {
			return [];
		}
	});
	try {
		if (candidates.length < 2) return candidates[0]?.library;
		const sample = sampleOfProgram();
		const times = candidates.map(({ codec }) => measure(codec, sample));
		return candidates[times.indexOf(Math.min(...times))]!.library;
	} finally {
		for (const { codec } of candidates) codec.dispose();
	}
}

function loadLibzstd(library: string | null): Libzstd {
	// Loaded when asked for, not with the module: on a platform without koffi the caller falls back to node:zlib.
	const koffi = createRequire(import.meta.url)('koffi') as typeof Koffi;
	const handle = library === null ? koffi.load(null) : loadDeeply(koffi, library);
	const version = handle.func('int ZSTD_versionNumber()')() as number;
	if (version < oldestVersion) throw new Error(`libzstd ${version} is older than ${oldestVersion}`);
	const text = handle.func('const char *ZSTD_versionString()')() as string;
	const bind = (prototype: string) => handle.func(prototype) as unknown;
	return {
		name: `libzstd ${text} (${library ?? 'process'})`,
		bound: bind('size_t ZSTD_compressBound(size_t length)'),
		createCCtx: bind('void *ZSTD_createCCtx()'),
		freeCCtx: bind('size_t ZSTD_freeCCtx(void *context)'),
		compressCCtx: bind(
			'size_t ZSTD_compressCCtx(void *context, void *target, size_t room, const void *source, size_t length, int level)',
		),
		createDCtx: bind('void *ZSTD_createDCtx()'),
		freeDCtx: bind('size_t ZSTD_freeDCtx(void *context)'),
		decompressDCtx: bind(
			'size_t ZSTD_decompressDCtx(void *context, void *target, size_t room, const void *source, size_t length)',
		),
		findFrameCompressedSize: bind('size_t ZSTD_findFrameCompressedSize(const void *source, size_t length)'),
		isError: bind('uint32_t ZSTD_isError(size_t code)'),
		getErrorName: bind('const char *ZSTD_getErrorName(size_t code)'),
	} as Libzstd;
}

/**
 * Loads a library that keeps to its own functions. The system's libzstd has the names of the one that Node exports: bound
 * as usual, the two would call into each other, with contexts that they lay out differently.
 * @throws Error on C libraries that cannot bind so (RTLD_DEEPBIND is one of the GNU C library's)
 */
function loadDeeply(koffi: typeof Koffi, library: string): ReturnType<typeof Koffi.load> {
	koffi.load(null).func('const char *gnu_get_libc_version()');
	return koffi.load(library, { deep: true });
}

function createCodec(zstd: Libzstd): BlockCodec {
	const contexts = { compressor: zstd.createCCtx(), decompressor: zstd.createDCtx() };
	let disposed = false;
	/** A freed context would be a crash of the process, or worse. */
	const inUse = () => {
		if (disposed) throw new Error('This zstd codec was disposed of');
		return contexts;
	};
	return {
		name: zstd.name,
		bound: (length) => zstd.bound(length),
		compress(source, target, level) {
			const result = zstd.compressCCtx(inUse().compressor, target, target.length, source, source.length, level);
			if (zstd.isError(result) !== 0) {
				throw new AfterimageError(
					'failed',
					`zstd: compression of ${source.length} bytes: ${zstd.getErrorName(result)}`,
				);
			}
			return Number(result);
		},
		decompress(source, target) {
			const sound = (result: number | bigint): number => {
				if (zstd.isError(result) !== 0) {
					throw new AfterimageError('image-damaged', `zstd frame: ${zstd.getErrorName(result)}`);
				}
				return Number(result);
			};
			const length = sound(zstd.findFrameCompressedSize(source, source.length));
			return sound(zstd.decompressDCtx(inUse().decompressor, target, target.length, source, length));
		},
		dispose() {
			if (disposed) return;
			disposed = true;
			zstd.freeCCtx(contexts.compressor);
			zstd.freeDCtx(contexts.decompressor);
		},
	};
}

const sampleBytes = 256 * 1024;
const sampleBlock = 65536;

/** Machine code and constants, as most of a system disk is. */
function sampleOfProgram(): Uint8Array {
	const sample = new Uint8Array(sampleBytes);
	const fd = openSync(process.execPath, 'r');
	try {
		readSync(fd, sample, 0, sampleBytes, 1 << 20);
	} finally {
		closeSync(fd);
	}
	return sample;
}

/** Milliseconds of the best of several passes over the sample. */
function measure(codec: BlockCodec, sample: Uint8Array): number {
	const target = new Uint8Array(codec.bound(sampleBlock));
	let best = Infinity;
	for (let pass = 0; pass < 5; pass++) {
		const start = performance.now();
		for (let at = 0; at < sample.length; at += sampleBlock)
			codec.compress(sample.subarray(at, at + sampleBlock), target, 1);
		best = Math.min(best, performance.now() - start);
	}
	return best;
}
