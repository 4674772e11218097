import type { ErrorRecord } from '../../base/errors.ts';
import type { BlockCipherSpec, CopyTarget, LoadTarget, SourceFile } from './types.ts';

/** What a worker is started with. */
export interface WorkerSetup {
	/** `native`: the kernels built for this machine. Otherwise those of WebAssembly, compiled once; undefined = node:crypto. */
	readonly md5: 'native' | WebAssembly.Module | undefined;
	readonly codec: CodecChoice;
	/** Int32 0: number of the job that runs; workers drop batches of any other. Int32 1: the agreed codec, see `CodecChoice`. */
	readonly control: SharedArrayBuffer;
	/** Priority of the thread, as os.setPriority takes it; undefined = that of the process. */
	readonly priority?: number | undefined;
}

/** `fastest`: the first worker measures and the others follow it. `zlib`: node:zlib. Otherwise one library by file name. */
export type CodecChoice = 'fastest' | 'zlib' | { readonly library: string | null };

/** The part of a StoreJob that workers need. */
export interface StoreTask {
	readonly kind: 'store';
	readonly fd: number;
	readonly start: number;
	readonly length: number;
	readonly blockSize: number;
	readonly level: number | undefined;
	readonly cipher: BlockCipherSpec | undefined;
	readonly skipBadSectors: boolean;
}

/** The part of a LoadJob that workers need. */
export interface LoadTask {
	readonly kind: 'load';
	readonly files: ReadonlyMap<number, SourceFile>;
	readonly length: number;
	readonly blockSize: number;
	readonly compressed: boolean;
	readonly cipher: BlockCipherSpec | undefined;
	readonly target: LoadTarget | undefined;
}

/** The part of a CopyJob that workers need. */
export interface CopyTask {
	readonly kind: 'copy';
	readonly files: ReadonlyMap<number, SourceFile>;
	readonly target: CopyTarget | undefined;
}

export type Task = StoreTask | LoadTask | CopyTask;

export type ToWorker =
	| {
			readonly type: 'job';
			readonly job: number;
			readonly task: Task;
			readonly batches: readonly SharedArrayBuffer[];
	  }
	| { readonly type: 'batch'; readonly job: number; readonly batch: number; readonly count: number }
	| { readonly type: 'close' };

export interface StoreResult {
	readonly kind: 'store';
	readonly dataBytes: number;
	/** CRC-32 of the stored bytes. */
	readonly sum: number;
	readonly rawBytes: number;
	readonly badRanges: readonly { readonly offset: number; readonly length: number }[];
}

export interface LoadResult {
	readonly kind: 'load';
	readonly rawBytes: number;
	readonly storedBytes: number;
	readonly writtenBlocks: number;
	/** Bad blocks by their place in the batch. */
	readonly bad: readonly { readonly at: number; readonly reason: string }[];
}

export interface CopyResult {
	readonly kind: 'copy';
	readonly length: number;
	/** CRC-32 of the bytes. */
	readonly sum: number;
}

export type TaskResult = StoreResult | LoadResult | CopyResult;

export type FromWorker =
	| { readonly type: 'ready'; readonly codecName: string; readonly hasherName: string }
	| { readonly type: 'done'; readonly batch: number; readonly result: TaskResult }
	| { readonly type: 'failed'; readonly batch: number; readonly error: ErrorRecord };
