import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { RetentionRules } from '../../../../src/definition/retention/types.ts';
import { runPurge } from '../../../../src/engine/jobs/purge.ts';
import { FakeMachine } from '../../../support/fakes/fake-context.ts';
import { fill } from '../../image/arbitrary.ts';
import { backUp, type ModelDisk } from '../../image/backups.ts';
import { MemoryFolder } from '../../image/memory-folder.ts';
import { makeChain, plainSet } from '../image-files.ts';

const off = { enabled: false, keep: 1, unit: 'backups' } as const;
const rules: RetentionRules = {
	...{ scope: 'matching', full: off, differential: off, incremental: { ...off, enabled: true, keep: 2 } },
	...{ syntheticFull: false, runBefore: false, minFreeBytes: undefined },
};

it('a set whose backups cannot become one is left as it is, with the reason, and the others are merged', async () => {
	const { folder } = await makeChain();
	const memory = new MemoryFolder();
	const content = fill(20000, 1);
	const disk: ModelDisk = {
		...{ number: 0, format: 'gpt', signature: 'ABCDEF02', track0: fill(1024, 1), ept: [] },
		partitions: [{ start: 1 << 20, blockSize: 4096, content, reserved: 0, used: new Set([0, 1, 2]) }],
	};
	const imageid = '00000000000000AA';
	for (const [i, compression] of (['none', 'none', 'medium', 'none'] as const).entries())
		await backUp(memory, { ...plainSet, imageid, compression }, i === 0 ? 'full' : 'inc', [disk], 9000 + i);
	for (const [name, bytes] of memory.files) writeFileSync(join(folder, name), bytes);
	const numbers = (id: string) =>
		readdirSync(folder).flatMap((name) => (name.startsWith(id) ? name.slice(17, 19) : []));

	const machine = new FakeMachine();
	const planned = await runPurge({ folder, rules, dryRun: true }, machine.context);
	const { steps } = await runPurge({ folder, rules, dryRun: false }, machine.context);
	expect(steps.map(({ imageId }) => imageId)).toEqual([plainSet.imageid]);
	expect(planned.steps).toEqual(steps);
	expect(numbers(plainSet.imageid)).toEqual(['00', '01', '03']);
	expect(numbers(imageid)).toEqual(['00', '01', '02', '03']);
	const warnings = machine.logs.filter(({ level }) => level === 'warning').map(({ message }) => message);
	expect(warnings).toEqual([warnings[0], warnings[0]]);
	expect(warnings[0]).toMatch(/^Incrementals of set 00000000000000AA stay: .*: compression is not that of /);
});
