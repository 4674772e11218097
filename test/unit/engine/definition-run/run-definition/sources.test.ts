import { describe, expect, it } from 'vitest';
import { AfterimageError } from '../../../../../src/base/errors.ts';
import { runInspect } from '../../../../../src/engine/jobs/inspect.ts';
import { mountAt } from '../../../../support/fakes/fake-volumes.ts';
import { MemoryDisk } from '../../../../support/fakes/memory-disk.ts';
import { first, gptBytes, sampleDiskGuid, second } from '../../../../support/fakes/sample-disk.ts';
import { setUp } from './set-up.ts';

const mebibyte = 2 ** 20;

describe('running a definition', () => {
	it('finds its disk by the id, images it, and puts the definition into the image', async () => {
		const { machine, images, definition, run } = setUp({ more: '<comment>for people</comment>' });
		const result = await run();
		expect(result).toMatchObject({ definition, name: 'My PC', folder: images, purged: [] });
		expect(result.image).toMatchObject({ backupType: 'full' });
		expect(result.image.partitions.map((one) => one.number)).toEqual([1, 2]);
		const info = await runInspect(result.image.files[0]!, machine.context);
		expect(info.file.comment).toBe('for people');
		expect(info.json).toMatchObject({
			_auxiliary_data: {
				backup_definition: {
					backup_definition_file: definition,
					filename: result.image.files[0],
					afterimage_xml: expect.stringContaining('<name>My PC</name>') as string,
				},
			},
		});
	});

	it('images only the partitions that are named, and stops where one begins elsewhere', async () => {
		const only = (offset: number) =>
			setUp({ sources: `<disk signature="${sampleDiskGuid}"><partition number="2" offset="${offset}"/></disk>` });
		const { image } = await only(second.start).run();
		expect(image.partitions.map((one) => one.number)).toEqual([2]);
		await expect(only(first.start).run()).rejects.toMatchObject({
			code: 'source-missing',
			details: { expected: first.start, found: second.start },
		});
		const none = setUp({ sources: `<disk signature="${sampleDiskGuid}"><partition number="7" label="Data"/></disk>` });
		await expect(none.run()).rejects.toThrow('Partition 7 (Data) is not on /dev/fake; it has 1, 2');
	});

	it('names a disk that is not connected, and disks that could be it but need rights', async () => {
		const other = { sources: `<disk signature="0A0B0C0D" model="USB Stick"/>` };
		await expect(setUp(other).run()).rejects.toMatchObject({
			code: 'source-missing',
			message: 'Disk 0A0B0C0D (USB Stick) is not connected',
		});
		const { machine, run } = setUp(other);
		machine.disks.openSource = () => Promise.reject(new AfterimageError('permission-denied', 'no rights'));
		const advice = (text: RegExp) => expect.stringMatching(text) as string;
		await expect(run()).rejects.toMatchObject({ code: 'source-missing', advice: advice(/is root already/) });
		machine.elevated = false;
		await expect(run()).rejects.toMatchObject({ code: 'permission-denied', advice: advice(/^Run it as root/) });
	});

	it('refuses to choose between a disk and its copy', async () => {
		const { machine, run } = setUp();
		machine.disks.disks.push(new MemoryDisk('/dev/copy', gptBytes(4 * mebibyte, [first])));
		await expect(run()).rejects.toThrow('/dev/fake and /dev/copy have the same id');
	});

	it('finds the partitions that are required to boot', async () => {
		const { machine, run, said } = setUp({ sources: '', bootPartitions: true });
		await expect(run()).rejects.toMatchObject({ code: 'source-missing' });
		machine.volumes.uses.set('/dev/fake', [mountAt('/boot', second.start, second.length, { readOnly: true })]);
		const { image } = await run();
		expect(image.partitions.map((one) => one.number)).toEqual([2]);
		expect(said()).toContain('Required to boot: /dev/fake, partition 2');
	});
});
