import { rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runBackup } from '../../../../src/engine/jobs/backup.ts';
import { FakeMachine } from '../../../support/fakes/fake-context.ts';
import { MemoryDisk } from '../../../support/fakes/memory-disk.ts';
import { first, gptBytes, second } from '../../../support/fakes/sample-disk.ts';
import { imageRequest } from '../../../support/job-requests.ts';
import { setUp } from '../jobs/set-up.ts';

const inc = { type: 'inc' } as const;

it('a set that lacks a file is not continued: the next backup is a full', async () => {
	const { machine, folder } = setUp();
	const made: string[] = [];
	for (const more of [{}, inc, inc])
		made.push((await runBackup(imageRequest(folder, ['/dev/fake'], more), machine.context)).files[0]!);
	rmSync(made[1]!);
	const { backupType } = await runBackup(imageRequest(folder, ['/dev/fake'], inc), machine.context);
	expect(backupType).toBe('full');
	const warnings = machine.logs.filter(({ level }) => level === 'warning').map(({ message }) => message);
	expect(warnings.at(-1)).toMatch(/cannot be continued, .*-01-01\.mrimgx is missing: a full is made$/);
});

it('a partition that has another length by now makes a full', async () => {
	const { machine, folder } = setUp();
	await runBackup(imageRequest(folder, ['/dev/fake']), machine.context);
	const shorter = { ...second, length: second.length - 512 };
	const other = new FakeMachine(new MemoryDisk('/dev/fake', gptBytes(4 * 2 ** 20, [first, shorter])));
	const { backupType } = await runBackup(imageRequest(folder, ['/dev/fake'], inc), other.context);
	expect(backupType).toBe('full');
	expect(other.logs.map(({ message }) => message).join('\n')).toContain(
		'partition 2 of disk 0 has another size: a full',
	);
});
