import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runBackup } from '../../../../src/engine/jobs/backup.ts';
import { previewRestore } from '../../../../src/engine/jobs/restore.ts';
import type { RestoreRequest } from '../../../../src/engine/requests/restore.ts';
import { mountAt } from '../../../support/fakes/fake-volumes.ts';
import { MemoryDisk } from '../../../support/fakes/memory-disk.ts';
import { first, sampleDiskGuid, second } from '../../../support/fakes/sample-disk.ts';
import { imageRequest, restoreRequest } from '../../../support/job-requests.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { setUp } from './set-up.ts';

async function scene() {
	const { target, machine, folder, restore } = setUp();
	const { files } = await runBackup(imageRequest(folder, ['/dev/fake']), machine.context);
	machine.events.splice(0);
	const preview = (to: string, more: Partial<RestoreRequest> = {}) =>
		previewRestore(restoreRequest(files[0]!, to, more), machine.context);
	return { target, machine, preview, restore: (more?: Partial<RestoreRequest>) => restore(files[0]!, more) };
}

describe('the preview of a restore', () => {
	it('tells what the restore then writes, and where', async () => {
		const { target, preview, restore } = await scene();
		const told = await preview('/dev/target', { freeSpace: 'zero' });
		expect(target.log).toEqual([]);
		expect(target.openCount).toBe(0);
		expect(told).toMatchObject({ target: '/dev/target', size: target.bytes.length, created: false, warnings: [] });
		expect(told.table).toMatchObject({
			kind: 'gpt',
			diskId: sampleDiskGuid,
			partitions: [
				{ number: 1, offset: first.start, length: first.length },
				{ number: 2, offset: second.start, length: second.length },
			],
		});
		expect(told.partitions.map(({ number, start, length }) => [number, start, length])).toEqual([
			[1, first.start, first.length],
			[2, second.start, second.length],
		]);
		expect(told.clearedBytes).toBe(target.bytes.length - first.length - second.length);
		const { blocks, bytes } = await restore();
		expect({ blocks: told.blocks, bytes: told.bytes }).toEqual({ blocks, bytes });
		for (const { offset, length } of told.table!.writes) expect(target.log).toContain(`write ${offset} ${length}`);
	});

	it('says that a target keeps its table, and where a partition lies on a node of its own', async () => {
		const { machine, preview, restore } = await scene();
		await restore();
		expect(await preview('/dev/target', { partitions: [2] })).toMatchObject({
			table: undefined,
			partitions: [{ number: 2, start: second.start }],
		});
		const node = { path: '/dev/target2', ...second };
		machine.disks.nodes.set(node.path, { disk: '/dev/target', node });
		machine.disks.disks.push(new MemoryDisk(node.path, new Uint8Array(second.length)));
		expect((await preview(node.path, { partitions: [2] })).partitions).toMatchObject([{ number: 2, start: 0 }]);
	});

	it('leaves a new disk id to the restore', async () => {
		const { preview } = await scene();
		const told = await preview('/dev/target', { newDiskId: true });
		expect(told.table?.diskId).toBe(undefined);
		expect(told.notes).toHaveLength(1);
	});

	it('refuses what the restore would', async () => {
		const { machine, target, preview } = await scene();
		machine.volumes.uses.set('/dev/target', [mountAt('/one', 0, target.bytes.length)]);
		await expect(preview('/dev/target')).rejects.toMatchObject({ code: 'target-in-use' });
		const nowhere = join(tempFolder(), 'link');
		symlinkSync('nowhere', nowhere);
		await expect(preview(nowhere)).rejects.toMatchObject({ code: 'target-in-use' });
		await expect(preview(join(tempFolder(), 'none', 'new.img'))).rejects.toMatchObject({ code: 'destination-missing' });
		await expect(preview('/dev/none')).rejects.toMatchObject({ code: 'destination-missing' });
	});

	it('makes no file, and says when there is no room for it', async () => {
		const { machine, preview } = await scene();
		const path = join(tempFolder(), 'new.img');
		const roomy = await preview(path, { freeSpace: 'zero' });
		expect(roomy).toMatchObject({ target: path, created: true, size: 4 * 2 ** 20, clearedBytes: 0, warnings: [] });
		expect(existsSync(path)).toBe(false);
		machine.volumes.place = { ...machine.volumes.place, free: roomy.bytes - 1 };
		const [warning] = (await preview(path)).warnings;
		expect(warning).toContain(`${roomy.bytes} bytes`);
		expect(warning).toContain(`${roomy.bytes - 1} (`);
		machine.volumes.place = { ...machine.volumes.place, maxFileSize: 4 * 2 ** 20 - 1 };
		await expect(preview(path)).rejects.toMatchObject({ code: 'no-space' });
	});
});
