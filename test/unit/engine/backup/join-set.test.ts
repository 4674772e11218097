import { rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { findBase } from '../../../../src/engine/backup/join-set.ts';
import { runBackup } from '../../../../src/engine/jobs/backup.ts';
import { openImageFolder } from '../../../../src/image/set/image-folder.ts';
import { scanFolder } from '../../../../src/image/set/scan-folder.ts';
import { createZlibCodec } from '../../../../src/image/zlib-codec.ts';
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

it('a set whose file numbers are used up makes a full: merges go on for years, and each backup takes a number', async () => {
	const { machine, folder } = setUp();
	await runBackup(imageRequest(folder, ['/dev/fake']), machine.context);
	const codec = createZlibCodec();
	const files = openImageFolder(folder);
	const [set] = (await scanFolder(files, { codec })).sets;
	const baseAfter = (absorbed: number) => {
		const merged_files = Array.from({ length: absorbed }, (_, i) => i + 1);
		const members = set!.members.map((member) => ({ ...member, header: { ...member.header, merged_files } }));
		const request = imageRequest(folder, ['/dev/fake'], inc);
		return findBase(request, [], files, [{ ...set!, members }], codec, machine.context);
	};
	expect(await baseAfter(64_999)).toBeUndefined();
	expect(machine.logs.at(-1)?.message).toMatch(/cannot be continued, it has had 65000 files, .*: a full is made$/);
	await baseAfter(64_998);
	expect(machine.logs.at(-1)?.message).not.toContain('files, and there are no more');
});
