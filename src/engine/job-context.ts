import type { JobEvent } from './job-events.ts';
import type { BlockCodec } from '../image/codec.ts';
import type { BlockTools } from './browse/block-tools.ts';
import type { BlockPool } from './pipeline/types.ts';
import type { Ports } from './ports.ts';

/** What every job is given beside its request. */
export interface JobContext {
	readonly ports: Ports;
	/**
	 * Makes the worker pool of this run; a job that never touches a block never makes one.
	 * @param options priority of its threads, as os.setPriority takes it; by default that of the process
	 */
	readonly createPool: (options?: { readonly priority?: number }) => BlockPool;
	/** For metadata, on this thread. */
	readonly createCodec: () => BlockCodec;
	/** For blocks, on this thread: the fastest at hand. */
	readonly createBlockTools: () => BlockTools;
	readonly signal: AbortSignal;
	readonly emit: (event: JobEvent) => void;
	/** Folder of images that the run has taken already: its jobs do not take it again. */
	readonly heldFolder?: string;
}

/** @param openly what logs for everybody say instead: see `LogEvent.openly` */
export function logInfo(context: JobContext, message: string, openly?: string): void {
	context.emit({ type: 'log', level: 'info', message, ...(openly === undefined ? {} : { openly }) });
}

/** @param openly what logs for everybody say instead: see `LogEvent.openly` */
export function logWarning(context: JobContext, message: string, advice?: string, openly?: string): void {
	context.emit({
		type: 'log',
		level: 'warning',
		message,
		...(advice === undefined ? {} : { advice }),
		...(openly === undefined ? {} : { openly }),
	});
}
