import { setPriority } from 'node:os';
import { crc32 } from 'node:zlib';
import { parentPort, workerData } from 'node:worker_threads';
import { openNativeCrc32, openNativeMd5 } from '../../native/kernels.ts';
import { openAgreedLibzstd, openLibzstd } from '../../native/zstd.ts';
import type { BlockCodec } from '../image/codec.ts';
import { createBlockHasher } from '../image/md5/block-hasher.ts';
import { createZlibCodec } from '../image/zlib-codec.ts';
import type { WorkerSetup } from './pipeline/messages.ts';
import { systemIo } from './pipeline/worker/positional-io.ts';
import { runWorker } from './pipeline/worker/worker.ts';

/** Entry of a worker thread of the block pool: puts the real codec and the real descriptors together. */
const setup = workerData as WorkerSetup;

// On Linux a priority is that of the thread which sets it (setpriority(2), C library/kernel differences).
if (setup.priority !== undefined) setPriority(setup.priority);

function openCodec(): BlockCodec {
	if (setup.codec === 'zlib') return createZlibCodec();
	if (setup.codec !== 'fastest') return openLibzstd(setup.codec.library);
	return openAgreedLibzstd(new Int32Array(setup.control, 4, 1)) ?? createZlibCodec();
}

const kernels = setup.md5 === 'native' ? openNativeMd5() : setup.md5;

runWorker(parentPort!, setup, {
	codec: openCodec(),
	createHasher: (capacity) => createBlockHasher(capacity, kernels),
	crc32: openNativeCrc32() ?? crc32,
	io: systemIo,
});
