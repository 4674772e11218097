import type { MessagePort } from 'node:worker_threads';
import { toErrorRecord } from '../../../base/errors.ts';
import { BlockCipher } from '../../../image/block-cipher.ts';
import type { BlockCodec } from '../../../image/codec.ts';
import type { Crc32 } from '../../../image/crc32.ts';
import type { BlockHasher } from '../../../image/md5/block-hasher.ts';
import { zlibCodecName } from '../../../image/zlib-codec.ts';
import { batchIn, blocksPerBatch, type Batch } from '../batch.ts';
import { BatchCopier } from './copy-batch.ts';
import { BatchLoader } from './load-batch.ts';
import type { FromWorker, Task, TaskResult, ToWorker, WorkerSetup } from '../messages.ts';
import type { PositionalIo } from './positional-io.ts';
import { BatchStorer } from './store-batch.ts';
import type { WorkerTools } from './worker-tools.ts';
import { youngGarbageCollector } from './young-garbage.ts';

/** A job as this thread knows it. */
interface RunningJob {
	readonly number: number;
	readonly batches: readonly Batch[];
	readonly runner: { run(batch: Batch, count: number): TaskResult };
	/** Its blocks leave buffers behind that the runtime made. */
	readonly litters: boolean;
}

/** What the thread is put together of. */
export interface WorkerParts {
	readonly codec: BlockCodec;
	readonly createHasher: (capacity: number) => BlockHasher;
	readonly crc32: Crc32;
	readonly io: PositionalIo;
}

/** The life of a worker thread: it answers each batch message, one after another, until it is told to close. */
export function runWorker(port: MessagePort, setup: WorkerSetup, parts: WorkerParts): void {
	const { codec, createHasher, crc32, io } = parts;
	const control = new Int32Array(setup.control);
	const collectGarbage = youngGarbageCollector();
	const post = (message: FromWorker) => port.postMessage(message);
	let hasher: BlockHasher | undefined;
	let running: RunningJob | undefined;

	const runnerOf = (task: Task, isCancelled: () => boolean) => {
		if (task.kind === 'copy') return new BatchCopier(task, { io, crc32, isCancelled });
		const capacity = blocksPerBatch(task.blockSize) * task.blockSize;
		if (hasher === undefined || hasher.buffer.length < capacity) hasher = createHasher(capacity);
		const cipher = task.cipher === undefined ? undefined : new BlockCipher(task.cipher);
		const tools: WorkerTools = { io, codec, hasher, cipher, crc32, isCancelled };
		return task.kind === 'store' ? new BatchStorer(task, tools) : new BatchLoader(task, tools);
	};

	const start = (job: number, task: Task, memories: readonly SharedArrayBuffer[]) => {
		const runner = runnerOf(task, () => Atomics.load(control, 0) !== job);
		const litters = task.kind !== 'copy' && (task.cipher !== undefined || codec.name === zlibCodecName);
		running = { number: job, batches: memories.map(batchIn), runner, litters };
	};

	const work = (job: number, batch: number, count: number) => {
		try {
			if (running?.number !== job || Atomics.load(control, 0) !== job) {
				post({ type: 'failed', batch, error: { code: 'cancelled', message: 'Cancelled' } });
				return;
			}
			post({ type: 'done', batch, result: running.runner.run(running.batches[batch]!, count) });
		} catch (error) {
			post({ type: 'failed', batch, error: toErrorRecord(error) });
		}
		if (running?.litters === true) collectGarbage();
	};

	port.on('message', (message: ToWorker) => {
		switch (message.type) {
			case 'job':
				return start(message.job, message.task, message.batches);
			case 'batch':
				return work(message.job, message.batch, message.count);
			case 'close':
				// Batches may have been sent after this message: they are answered by the thread's end.
				port.removeAllListeners('message');
				codec.dispose();
				return port.close();
		}
	});
	post({ type: 'ready', codecName: codec.name, hasherName: createHasher(0).name });
}
