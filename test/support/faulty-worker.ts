import { crc32 } from 'node:zlib';
import { parentPort, workerData } from 'node:worker_threads';
import type { WorkerSetup } from '../../src/engine/pipeline/messages.ts';
import { systemIo, type PositionalIo } from '../../src/engine/pipeline/worker/positional-io.ts';
import { runWorker } from '../../src/engine/pipeline/worker/worker.ts';
import { createBlockHasher } from '../../src/image/md5/block-hasher.ts';
import type { BlockCodec } from '../../src/image/codec.ts';
import { createZlibCodec } from '../../src/image/zlib-codec.ts';

/**
 * A worker of the block pool on a disk with faults, chosen by the environment that it inherits, FAULTS as a query:
 * `bad=FROM-TO` bytes that cannot be read; `once` = each range fails twice and then works;
 * `lie` = what is compressed is not what was read; `die=AT` the thread ends when it reads this byte; `slow=MS` every read takes that long, `late=MS` every write.
 */
const faults = new URLSearchParams(process.env.FAULTS);
const badRanges = faults.getAll('bad').map((text) => text.split('-').map(Number) as [number, number]);
const failures = new Map<number, number>();

const io: PositionalIo = {
	...systemIo,
	pause: () => undefined,
	read(fd, target, position) {
		const touches = (from: number, to: number) => position < to && position + target.length > from;
		const die = faults.get('die');
		if (die !== null && touches(Number(die), Number(die) + 1))
			throw new Error('not caught', { cause: process.exit(3) });
		const slow = faults.get('slow');
		if (slow !== null) systemIo.pause(Number(slow));
		for (const [from, to] of badRanges) {
			if (!touches(from, to)) continue;
			const before = failures.get(from) ?? 0;
			failures.set(from, before + 1);
			if (faults.has('once') && before >= 2) continue;
			throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
		}
		return systemIo.read(fd, target, position);
	},
	write(fd, data, position) {
		systemIo.pause(Number(faults.get('late') ?? 0));
		return systemIo.write(fd, data, position);
	},
};

const codec = createZlibCodec();
const lying: BlockCodec = {
	...codec,
	compress(source, target, level) {
		const other = Uint8Array.from(source);
		other[other.length >> 1]! ^= 1;
		return codec.compress(other, target, level);
	},
};

const setup = workerData as WorkerSetup;
const createHasher = (capacity: number) => createBlockHasher(capacity, setup.md5 === 'native' ? undefined : setup.md5);

runWorker(parentPort!, setup, { codec: faults.has('lie') ? lying : codec, createHasher, crc32, io });
