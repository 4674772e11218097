import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JobContext } from '../../../../src/engine/job-context.ts';
import type { LoadJob } from '../../../../src/engine/pipeline/types.ts';
import { FakeMachine } from '../../../support/fakes/fake-context.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { fill } from '../../image/arbitrary.ts';
import { backUp, type ModelDisk, type SetKind } from '../../image/backups.ts';
import { MemoryFolder } from '../../image/memory-folder.ts';
import { plainSet } from '../image-files.ts';

/** What is done between two backups: blocks that change, and then the type of the backup. */
export interface Step {
	readonly type: 'full' | 'inc' | 'diff';
	/** Block and what is written to it; 0 what was there at first. */
	readonly changes: readonly (readonly [block: number, value: number])[];
}

const blockSize = 4096;

/** A folder with the backups of a disk of 8 blocks, and the paths of their files by age. */
export async function makeSet(
	steps: readonly Step[],
	kind: SetKind = plainSet,
	folder = tempFolder(),
): Promise<{ folder: string; files: string[] }> {
	const memory = new MemoryFolder();
	const reserved = 512;
	const content = fill(reserved + 8 * blockSize, 1);
	const original = Uint8Array.from(content);
	const used = new Set([0, 1, 2, 3, 4, 5, 6, 7]);
	const disk: ModelDisk = {
		...{ number: 0, format: 'gpt', signature: 'ABCDEF01', track0: fill(1024, 1), ept: [] },
		partitions: [{ start: 1 << 20, blockSize, content, reserved, used }],
	};
	for (const [i, { type, changes }] of steps.entries()) {
		for (const [block, value] of changes) {
			const at = reserved + block * blockSize;
			if (value === 0) content.set(original.subarray(at, at + 9), at);
			else content.fill(value, at, at + 9);
		}
		await backUp(memory, kind, type, [disk], 1000 + i);
	}
	const names = [...memory.files.keys()].sort();
	for (const name of names) writeFileSync(join(folder, name), memory.files.get(name)!);
	return { folder, files: names.map((name) => join(folder, name)) };
}

/** A machine whose pools list what they read, each stored block as `FILE NUMBER:POSITION`. */
export function watchedMachine(): { machine: FakeMachine; context: JobContext; read: string[] } {
	const machine = new FakeMachine();
	const read: string[] = [];
	const { context } = machine;
	const createPool: JobContext['createPool'] = (options) => {
		const pool = context.createPool(options);
		const load = pool.load.bind(pool);
		pool.load = (job, signal) => {
			read.push(...placesOf(job));
			return load(job, signal);
		};
		return pool;
	};
	return { machine, context: { ...context, createPool }, read };
}

function placesOf({ index, only }: LoadJob): string[] {
	const blocks = only ?? Uint32Array.from({ length: index.count }, (_, block) => block);
	return [...blocks]
		.filter((block) => !index.isHole(block))
		.map((block) => `${index.fileNumber(block)}:${index.position(block)}`);
}
