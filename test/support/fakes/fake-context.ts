import type { JobContext } from '../../../src/engine/job-context.ts';
import type { JobEvent, LogEvent } from '../../../src/engine/job-events.ts';
import { createBlockHasher } from '../../../src/image/md5/block-hasher.ts';
import { createZlibCodec } from '../../../src/image/zlib-codec.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeProcesses } from './fake-processes.ts';
import { FakeSnapshots } from './fake-snapshots.ts';
import { FakeVolumes } from './fake-volumes.ts';
import { FakeDisks, type MemoryDisk } from './memory-disk.ts';
import { MemoryPool } from './memory-pool.ts';

/** A machine in memory and what a job of it is given. */
export class FakeMachine {
	readonly disks: FakeDisks;
	readonly volumes = new FakeVolumes();
	readonly snapshots: FakeSnapshots;
	readonly processes = new FakeProcesses();
	readonly clock = new FakeClock();
	readonly controller = new AbortController();
	readonly events: JobEvent[] = [];
	elevated = true;
	onBatch: (batch: number) => void = () => undefined;

	constructor(...disks: MemoryDisk[]) {
		this.disks = new FakeDisks(...disks);
		this.snapshots = new FakeSnapshots(this.disks);
	}

	get logs(): LogEvent[] {
		return this.events.filter((event) => event.type === 'log');
	}

	get context(): JobContext {
		return {
			ports: {
				disks: this.disks,
				volumes: this.volumes,
				snapshots: this.snapshots,
				processes: this.processes,
				clock: this.clock,
				privilege: { elevated: this.elevated, hostName: 'machine.example' },
			},
			createPool: () => new MemoryPool(this.disks.disks, (batch) => this.onBatch(batch)),
			createCodec: createZlibCodec,
			createBlockTools: () => ({
				codec: createZlibCodec(),
				createHasher: (capacity) => createBlockHasher(capacity, undefined),
			}),
			signal: this.controller.signal,
			emit: (event) => void this.events.push(event),
		};
	}
}
