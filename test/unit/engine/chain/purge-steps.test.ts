import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RetentionRules } from '../../../../src/definition/retention/types.ts';
import { runPurge } from '../../../../src/engine/jobs/purge.ts';
import { FakeMachine } from '../../../support/fakes/fake-context.ts';
import { fill } from '../../image/arbitrary.ts';
import { backUp, type ModelDisk, type SetKind } from '../../image/backups.ts';
import { MemoryFolder } from '../../image/memory-folder.ts';
import { makeChain, plainSet } from '../image-files.ts';

const off = { enabled: false, keep: 1, unit: 'backups' } as const;
const rules: RetentionRules = {
	...{ scope: 'matching', full: off, differential: off, incremental: { ...off, enabled: true, keep: 2 } },
	...{ syntheticFull: false, runBefore: false, minFreeBytes: undefined },
};

const imageid = '00000000000000AA';

/** A folder with a set, and a later one of another disk, which is looked at first. */
async function twoSets(
	compression: readonly SetKind['compression'][],
	spoil?: (bytes: Uint8Array, i: number) => void,
): Promise<string> {
	const { folder } = await makeChain();
	const memory = new MemoryFolder();
	const content = fill(20000, 1);
	const disk: ModelDisk = {
		...{ number: 0, format: 'gpt', signature: 'ABCDEF02', track0: fill(1024, 1), ept: [] },
		partitions: [{ start: 1 << 20, blockSize: 4096, content, reserved: 0, used: new Set([0, 1, 2]) }],
	};
	for (let i = 0; i < 4; i++) {
		content[0] = i;
		const kind = { ...plainSet, imageid, compression: compression[i]! };
		await backUp(memory, kind, i === 0 ? 'full' : 'inc', [disk], 9000 + i);
	}
	for (const [i, name] of [...memory.files.keys()].sort().entries()) {
		const bytes = memory.files.get(name)!;
		spoil?.(bytes, i);
		writeFileSync(join(folder, name), bytes);
	}
	return folder;
}

const numbers = (folder: string, id: string) =>
	readdirSync(folder).flatMap((name) => (name.startsWith(id) ? name.slice(17, 19) : []));

describe('merges of a purge', () => {
	it('leave a set whose backups cannot become one as it is, with the reason, and are done in the others', async () => {
		const folder = await twoSets(['none', 'none', 'medium', 'none']);
		const machine = new FakeMachine();
		const planned = await runPurge({ folder, rules, dryRun: true }, machine.context);
		const { steps } = await runPurge({ folder, rules, dryRun: false }, machine.context);
		expect(steps.map((step) => step.imageId)).toEqual([plainSet.imageid]);
		expect(planned.steps).toEqual(steps);
		expect(numbers(folder, plainSet.imageid)).toEqual(['00', '01', '03']);
		expect(numbers(folder, imageid)).toEqual(['00', '01', '02', '03']);
		const warnings = machine.logs.filter(({ level }) => level === 'warning').map(({ message }) => message);
		expect(warnings).toEqual([warnings[0], warnings[0]]);
		expect(warnings[0]).toMatch(/^Incrementals of set 00000000000000AA stay: .*: compression is not that of /);
	});

	it('fail where an index is damaged, when they are done in the other sets', async () => {
		const folder = await twoSets(['none', 'none', 'none', 'none'], (bytes, i) => {
			if (i === 2) bytes[Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).lastIndexOf('$INDEX') + 40]! ^= 0xff;
		});
		const machine = new FakeMachine();
		const planned = await runPurge({ folder, rules, dryRun: true }, machine.context);
		expect(planned.steps.map((step) => step.imageId)).toEqual([plainSet.imageid]);
		const warnings = machine.logs.filter(({ level }) => level === 'warning').map(({ message }) => message);
		expect(warnings).toEqual([expect.stringMatching(`^A merge would fail: .*${imageid}`)]);
		const run = runPurge({ folder, rules, dryRun: false }, machine.context);
		await expect(run).rejects.toMatchObject({
			code: 'image-damaged',
			message: expect.stringContaining(imageid) as string,
		});
		expect(numbers(folder, plainSet.imageid)).toEqual(['00', '01', '03']);
		expect(numbers(folder, imageid)).toEqual(['00', '01', '02', '03']);
	});
});
