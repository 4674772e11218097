import { describe, expect, it } from 'vitest';
import { runBackup } from '../../../../src/engine/jobs/backup.ts';
import { previewRestore } from '../../../../src/engine/jobs/restore.ts';
import { FakeMachine } from '../../../support/fakes/fake-context.ts';
import { mountAt } from '../../../support/fakes/fake-volumes.ts';
import { MemoryDisk } from '../../../support/fakes/memory-disk.ts';
import { first, second, gptBytes } from '../../../support/fakes/sample-disk.ts';
import { imageRequest, restoreRequest } from '../../../support/job-requests.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { luks2, luksUuid, segment } from '../../disk/small-luks.ts';

const mebibyte = 2 ** 20;
const dataStart = 128 * 1024;

/** A disk whose first partition is a LUKS container that holds the running system, and what it is opened as. */
function setUp(more: { readonly uuid?: string; readonly size?: number } = {}) {
	const bytes = gptBytes(4 * mebibyte, [first, second]);
	const header = luks2({ segments: { 0: { ...segment, offset: String(dataStart) } }, config: {} });
	bytes.set(header.subarray(0, dataStart), first.start);
	const outer = new MemoryDisk('/dev/fake', bytes);
	const inside = new Uint8Array(more.size ?? first.length - dataStart).fill(0xab);
	const inner = new MemoryDisk('/dev/dm-0', inside, {
		model: 'opened',
		isDecrypted: true,
		encrypted: {
			path: '/dev/mapper/opened',
			disk: '/dev/fake',
			...first,
			uuid: more.uuid ?? luksUuid.replaceAll('-', ''),
		},
	});
	const target = new MemoryDisk('/dev/target', new Uint8Array(5 * mebibyte).fill(0xee));
	const machine = new FakeMachine(outer, inner, target);
	const folder = tempFolder();
	const root = { volume: 'root', system: true };
	machine.volumes.uses.set('/dev/fake', [mountAt('/', first.start, first.length, root)]);
	machine.volumes.uses.set('/dev/dm-0', [mountAt('/', 0, inside.length, root)]);
	machine.snapshots.contents.set('root', inside);
	machine.snapshots.parts.set('root', [{ disk: '/dev/dm-0', start: 0, length: inside.length, at: 0 }]);
	// As on Linux: none of what lies encrypted on the disk.
	machine.snapshots.withoutOn.add('/dev/fake');
	const image = (sources: string[], password?: string) =>
		runBackup({ ...imageRequest(folder, sources), password }, machine.context);
	return { machine, image };
}

describe('a LUKS container whose contents are imaged as well', () => {
	it('gives its header alone, and what it holds is read from snapshots', async () => {
		const { machine, image } = setUp();
		const { files, partitions } = await image(['/dev/fake', '/dev/dm-0']);
		expect(partitions.map(({ fileSystem, usedBytes }) => [fileSystem, usedBytes])).toEqual([
			['LUKS2', dataStart],
			['unknown', second.length],
			['unknown', first.length - dataStart],
		]);
		const logs = machine.logs.map(({ message }) => message);
		expect(logs).toContain(
			'Partition 1 of /dev/fake holds /dev/mapper/opened encrypted: of it only the header is stored',
		);
		expect(logs.filter((message) => message.includes('plain text'))).toHaveLength(1);
		const { notes } = await previewRestore(restoreRequest(files[0]!, '/dev/target', { disk: 0 }), machine.context);
		expect(notes.join()).toContain('Of partition 1 the image has the header of LUKS2 alone');
	});

	it('is in no image in plain text unsaid, and needs no word with a password', async () => {
		const { machine, image } = setUp();
		await image(['/dev/fake', '/dev/dm-0'], 'secret');
		expect(machine.logs.filter(({ message }) => message.includes('plain text'))).toEqual([]);
	});

	it.each([
		['is another one', { uuid: 'f'.repeat(32) }, /its header has the UUID/],
		['has another size', { size: first.length - dataStart - 4096 }, /expected \d+ by its header/],
		['is larger', { size: first.length - dataStart + 512 }, /expected \d+ by its header/],
	])('is read as it lies there where what is opened %s, and so refused while it is in use', async (_, more, why) => {
		const { machine, image } = setUp(more);
		await expect(image(['/dev/fake', '/dev/dm-0'])).rejects.toMatchObject({ code: 'not-supported' });
		expect(machine.logs.map(({ message }) => message).join()).toMatch(why);
	});

	it('is refused alone while it is in use, with the command that images both', async () => {
		const { machine, image } = setUp();
		const holder = { kind: 'holder' as const, holder: { kind: 'luks' as const, depth: 1 } };
		machine.volumes.uses.get('/dev/fake')!.push(mountAt('/dev/dm-0', first.start, first.length, holder));
		await expect(image(['/dev/fake'])).rejects.toMatchObject({
			code: 'not-supported',
			advice: expect.stringContaining(
				'afterimage image /dev/fake /dev/dm-0 --to FOLDER --password-file FILE',
			) as string,
		});
	});
});
