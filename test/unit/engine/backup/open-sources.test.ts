import { describe, expect, it } from 'vitest';
import { openSources } from '../../../../src/engine/backup/open-sources.ts';
import { FakeMachine } from '../../../support/fakes/fake-context.ts';
import { MemoryDisk } from '../../../support/fakes/memory-disk.ts';
import { first, gptBytes, sampleDisk } from '../../../support/fakes/sample-disk.ts';

const mebibyte = 2 ** 20;

async function refusal(disk: MemoryDisk, path: string, partitions?: readonly number[]) {
	const machine = new FakeMachine(disk);
	machine.disks.nodes.set('/dev/fake9', { disk: '/dev/fake', node: { path: '/dev/fake9', start: 512, length: 512 } });
	const error: unknown = await openSources([{ path, partitions }], false, machine.context).catch((one: unknown) => one);
	expect(disk.openCount).toBe(0);
	return error;
}

describe('a source in which there is nothing to image', () => {
	it.each([
		['an empty file', new Uint8Array(), '/dev/fake is empty: expected a disk, found 0 bytes'],
		[
			'a table without partitions',
			gptBytes(mebibyte, []),
			'/dev/fake has nothing to image: no partition of its table lies on it',
		],
	])('%s is refused in words', async (_, bytes, message) => {
		const error = await refusal(new MemoryDisk('/dev/fake', bytes), '/dev/fake');
		expect(error).toMatchObject({ code: 'source-missing', message });
	});

	it('a device that the table does not have is refused with the partitions that it has', async () => {
		expect(await refusal(sampleDisk('/dev/fake'), '/dev/fake9')).toMatchObject({
			code: 'source-missing',
			message: '/dev/fake has no partition where the one that was named begins: its table has 1, 2',
		});
	});

	it('a number that the table does not have is refused with those that it has', async () => {
		expect(await refusal(sampleDisk('/dev/fake'), '/dev/fake', [1, 7])).toMatchObject({
			code: 'invalid-argument',
			message: '/dev/fake has no partition 7; it has 1, 2',
		});
	});
});

it('opens a disk once for all that is named of it', async () => {
	const disk = sampleDisk('/dev/fake');
	const machine = new FakeMachine(disk);
	machine.disks.nodes.set('/dev/fake1', { disk: '/dev/fake', node: { path: '/dev/fake1', ...first } });
	const requests = [
		{ path: '/dev/fake1', partitions: undefined },
		{ path: '/dev/fake', partitions: [2] },
	];
	const sources = await openSources(requests, false, machine.context);
	expect(sources.map(({ partitions }) => partitions.map(({ number }) => number))).toEqual([[1, 2]]);
	expect(disk.openCount).toBe(1);
});
