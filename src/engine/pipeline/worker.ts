import type { MessagePort } from 'node:worker_threads';
import { toErrorRecord } from '../../base/errors.ts';
import { BlockCipher } from '../../image/block-cipher.ts';
import type { BlockCodec } from '../../image/codec.ts';
import type { BlockHasher } from '../../image/md5/block-hasher.ts';
import { zlibCodecName } from '../../image/zlib-codec.ts';
import { batchIn, blocksPerBatch, type Batch } from './batch.ts';
import { BatchLoader } from './load-batch.ts';
import type { FromWorker, LoadTask, StoreTask, ToWorker, WorkerSetup } from './messages.ts';
import type { PositionalIo } from './positional-io.ts';
import { BatchStorer } from './store-batch.ts';
import type { WorkerTools } from './worker-tools.ts';
import { youngGarbageCollector } from './young-garbage.ts';

/** A job as this thread knows it. */
interface RunningJob {
	readonly number: number;
	readonly batches: readonly Batch[];
	readonly runner: BatchStorer | BatchLoader;
	/** Its blocks leave buffers behind that the runtime made. */
	readonly litters: boolean;
}

/** The life of a worker thread: it answers each batch message, one after another, until it is told to close. */
export function runWorker(
	port: MessagePort,
	setup: WorkerSetup,
	codec: BlockCodec,
	createHasher: (capacity: number) => BlockHasher,
	io: PositionalIo,
): void {
	const control = new Int32Array(setup.control);
	const collectGarbage = youngGarbageCollector();
	const post = (message: FromWorker) => port.postMessage(message);
	let hasher: BlockHasher | undefined;
	let running: RunningJob | undefined;

	const start = (job: number, task: StoreTask | LoadTask, memories: readonly SharedArrayBuffer[]) => {
		const capacity = blocksPerBatch(task.blockSize) * task.blockSize;
		if (hasher === undefined || hasher.buffer.length < capacity) hasher = createHasher(capacity);
		const tools: WorkerTools = {
			io,
			codec,
			hasher,
			cipher: task.cipher === undefined ? undefined : new BlockCipher(task.cipher),
			isCancelled: () => Atomics.load(control, 0) !== job,
		};
		const runner = task.kind === 'store' ? new BatchStorer(task, tools) : new BatchLoader(task, tools);
		const litters = task.cipher !== undefined || codec.name === zlibCodecName;
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
