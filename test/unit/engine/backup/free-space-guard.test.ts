import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { freeSpaceGuard } from '../../../../src/engine/backup/destination/free-space-guard.ts';
import { runBackup } from '../../../../src/engine/jobs/backup.ts';
import { Progress } from '../../../../src/engine/progress.ts';
import { createZlibCodec } from '../../../../src/image/zlib-codec.ts';
import { imageRequest } from '../../../support/job-requests.ts';
import { setUp } from '../jobs/set-up.ts';

const interval = 32 * 2 ** 20;
const minFree = 2 ** 30;

/** A folder of four sets, oldest first, and a guard that looks at once; it lacks one byte, but for `more`. */
async function guarded(freed: 'at once' | 'when settled' | 'never', more = 0) {
	const { machine, folder } = setUp();
	const ids: string[] = [];
	for (let i = 0; i < 4; i++) ids.push((await runBackup(imageRequest(folder, ['/dev/fake']), machine.context)).imageId);
	const taken = () => readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
	const capacity = minFree + interval - 1 + more + taken();
	let counted = taken();
	Object.defineProperty(machine.volumes, 'place', {
		get: () => {
			if (freed === 'at once') counted = taken();
			return { fileSystem: '', free: capacity - counted, total: 0, maxFileSize: undefined, mountPoint: '', on: [] };
		},
	});
	const settle = machine.volumes.settle.bind(machine.volumes);
	machine.volumes.settle = async (path) => {
		if (freed === 'when settled') counted = taken();
		await settle(path);
	};
	machine.events.length = machine.volumes.log.length = 0;
	const { context } = machine;
	const progress = new Progress(machine.clock, context.emit);
	const guard = freeSpaceGuard({ folder, minFree, imageId: ids[3]! }, createZlibCodec(), progress, context);
	const left = () => ids.filter((id) => readdirSync(folder).some((name) => name.startsWith(id)));
	return { machine, ids, guard, left };
}

it.each(['at once', 'when settled'] as const)(
	'deletes as many sets as are needed where they free room %s',
	async (freed) => {
		const { machine, ids, guard, left } = await guarded(freed);
		await guard(0);
		await guard(interval);
		expect(left()).toEqual(ids.slice(1));
		expect(machine.logs.filter((log) => log.level === 'warning')).toEqual([]);
	},
);

it('counts what it has written where the file system does not yet', async () => {
	const { ids, guard, left, machine } = await guarded('never', 3 * interval);
	for (let i = 0; i < 3; i++) await guard(interval);
	expect(machine.volumes.log).toEqual([]);
	expect(left()).toEqual(ids);
	await guard(interval);
	expect(machine.volumes.log).toHaveLength(1);
});

it('deletes no set where the file system does not tell what is free, and says so once', async () => {
	const { machine, ids, guard, left } = await guarded('at once');
	const place = { fileSystem: 'fuse', free: undefined, total: 0, maxFileSize: undefined, mountPoint: '', on: [] };
	Object.defineProperty(machine.volumes, 'place', { value: place });
	for (let i = 0; i < 3; i++) await guard(interval);
	expect(left()).toEqual(ids);
	expect(machine.logs.filter((log) => log.level === 'warning')).toEqual([
		expect.objectContaining({ message: expect.stringContaining('does not tell') as string }),
	]);
});

it('deletes no more sets where that frees nothing, and says so', async () => {
	const { machine, ids, guard, left } = await guarded('never');
	for (let i = 0; i < 4; i++) await guard(interval);
	expect(left()).toEqual(ids.slice(1));
	expect(machine.logs.filter((log) => log.level === 'warning')).toEqual([
		expect.objectContaining({
			message: expect.stringContaining(ids[0]!) as string,
			advice: expect.stringContaining('snapshots') as string,
		}),
	]);
});
