import { describe, expect, it } from 'vitest';
import { openSources } from '../../../../src/engine/backup/sources/open-sources.ts';
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

describe('what is named twice', () => {
	const namedTwice = async (...paths: string[]) => {
		const disk = sampleDisk('/dev/fake');
		const own = { identity: '1:2', kind: 'file' } as const;
		const [file, link] = ['/one.img', '/link.img'].map((path) => new MemoryDisk(path, disk.bytes, own));
		const machine = new FakeMachine(disk, file!, link!);
		for (const path of ['/dev/fake1', '/dev/by-name/one']) {
			machine.disks.nodes.set(path, { disk: '/dev/fake', node: { path: '/dev/fake1', ...first } });
		}
		const requests = paths.map((path) => ({ path, partitions: undefined }));
		const sources = await openSources(requests, false, machine.context);
		const numbers = sources.map(({ partitions }) => partitions.map(({ number }) => number));
		return { numbers, said: machine.logs.map(({ level, message }) => [level, message]) };
	};

	it('is opened once, which is said: a file under two names', async () => {
		expect(await namedTwice('/one.img', '/link.img')).toEqual({
			numbers: [[1, 2]],
			said: [['warning', '/one.img and /link.img are the same; it is imaged once']],
		});
	});

	it('a partition under two names, and a disk with one of its partitions', async () => {
		expect(await namedTwice('/dev/fake1', '/dev/by-name/one')).toEqual({
			numbers: [[1]],
			said: [['warning', '/dev/fake1 and /dev/by-name/one are the same; it is imaged once']],
		});
		for (const paths of [
			['/dev/fake', '/dev/fake1'],
			['/dev/fake1', '/dev/fake'],
		]) {
			expect(await namedTwice(...paths)).toEqual({
				numbers: [[1, 2]],
				said: [['warning', '/dev/fake is imaged as a whole, with /dev/fake1, which is named too']],
			});
		}
	});

	it('nothing is said of two disks', async () => {
		expect(await namedTwice('/one.img', '/dev/fake1')).toEqual({ numbers: [[1, 2], [1]], said: [] });
	});
});
