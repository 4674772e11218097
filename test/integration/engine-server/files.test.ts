import { readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EngineClient } from '../../../src/extension/engine/engine-client.ts';
import type { FilePlace } from '../../../src/protocol/files.ts';
import { afterimageResult } from '../../support/cli.ts';
import { startJob, startTestEngine } from '../../support/engine.ts';
import { changeSmallDisk, makeSmallDisk, smallDiskTools, type ImageLine } from '../../support/small-disk.ts';
import { requireTools } from '../../support/require.ts';
import { run } from '../../support/run.ts';
import { tempFolder } from '../../support/temp-folder.ts';

requireTools(smallDiskTools);

const password = 'correct horse battery';

/** A full and two incrementals of a disk with one ext4, and an engine of its own. */
async function setUp(...options: string[]) {
	const folder = tempFolder();
	const disk = join(folder, 'disk.img');
	const images = join(folder, 'images');
	await run('mkdir', [images]);
	await makeSmallDisk(disk);
	const files: string[] = [];
	for (const [i, type] of ['full', 'inc', 'inc'].entries()) {
		if (i > 0) await changeSmallDisk(disk, i);
		const args = ['image', disk, '--to', images, '--type', type, ...options];
		files.push(...(await afterimageResult<ImageLine>(args)).files);
	}
	const content = await run('debugfs', ['-R', `dump file-1 ${join(folder, 'file-1')}`, `${disk}?offset=1048576`]);
	expect(content.code).toBe(0);
	const engine = await startTestEngine({ AFTERIMAGE_DATA: tempFolder() });
	const place = (path = '', image = files[2]!): FilePlace => ({ image, disk: 0, partition: 1, path });
	return { folder, files, place, expected: readFileSync(join(folder, 'file-1')), ...engine };
}

async function whole(client: EngineClient, place: FilePlace): Promise<Buffer> {
	const pieces: Buffer[] = [];
	for (let offset = 0, size = 1; offset < size; offset += 300_000) {
		const piece = await client.request('files/read', { place, offset, length: 300_000 });
		size = piece.size;
		pieces.push(Buffer.from(piece.bytes, 'base64'));
	}
	return Buffer.concat(pieces);
}

/** Image files that a process has open. */
function openImages(pid: number): string[] {
	return readdirSync(`/proc/${pid}/fd`)
		.map((fd) => {
			try {
				return readlinkSync(`/proc/${pid}/fd/${fd}`);
			} catch {
				return '';
			}
		})
		.filter((path) => path.includes('.mrimgx'));
}

describe('files in backups over the protocol', () => {
	it('are listed and read, to their end and not beyond', async () => {
		const { client, files, place, expected } = await setUp();
		expect(await client.request('image/partitions', { image: files[2]! })).toMatchObject([
			{ disk: 0, partition: 1, fileSystem: 'ext' },
		]);
		const { entries, caseSensitive, warnings } = await client.request('files/list', { place: place() });
		expect(entries.map(({ name }) => name)).toEqual(['change-1', 'change-2', 'file-0', 'file-1', 'lost+found']);
		expect({ caseSensitive, warnings }).toEqual({ caseSensitive: true, warnings: [] });
		const full = await client.request('files/list', { place: place('', files[0]) });
		expect(full.entries.map(({ name }) => name)).toEqual(['file-0', 'file-1', 'lost+found']);
		const root = await client.request('files/stat', { place: place() });
		expect(root.entries).toMatchObject([{ name: '', kind: 'folder' }]);
		const stat = await client.request('files/stat', { place: place('file-1') });
		expect(stat.entries).toMatchObject([{ name: 'file-1', kind: 'file', size: expected.length }]);
		expect((await whole(client, place('file-1'))).equals(expected)).toBe(true);
		const behind = await client.request('files/read', { place: place('file-1'), offset: 2 ** 40, length: 10 });
		expect(behind).toEqual({ bytes: '', size: expected.length });
		await expect(client.request('files/read', { place: place(), offset: 0, length: 1 })).rejects.toMatchObject({
			code: 'invalid-argument',
		});
		await expect(client.request('files/read', { place: place('x'), offset: 0, length: 2 ** 21 })).rejects.toMatchObject(
			{ code: 'invalid-argument' },
		);
		await expect(client.request('files/list', { place: { ...place(), partition: 7 } })).rejects.toMatchObject({
			code: 'invalid-argument',
			message: expect.stringContaining('no partition 7') as string,
		});
	});

	it('need the password of an encrypted backup each time', async () => {
		const file = join(tempFolder(), 'password');
		writeFileSync(file, `${password}\n`, { mode: 0o600 });
		const { client, files, place } = await setUp('--password-file', file);
		const listed = await client.request('files/list', { place: place(), password });
		expect(listed.entries).toHaveLength(5);
		for (const [given, code] of [
			[undefined, 'password-needed'],
			['another', 'wrong-password'],
		] as const) {
			const asked = given === undefined ? {} : { password: given };
			await expect(client.request('files/list', { place: place(), ...asked })).rejects.toMatchObject({ code });
			const partitions = client.request('image/partitions', { image: files[2]!, ...asked });
			await expect(partitions).rejects.toMatchObject({ code });
		}
	});

	it('are read on while the set is merged and files of it are deleted', async () => {
		const { client, files, place, expected, process: engine } = await setUp();
		await client.request('files/list', { place: place() });
		await whole(client, place('file-1'));
		await expect.poll(() => openImages(engine.pid!), { timeout: 10_000 }).toEqual([]);
		const merged = await startJob(client, { request: { kind: 'merge', files: [files[0]!, files[1]!] } });
		expect(await merged.ended).toMatchObject({ outcome: 'success' });
		expect((await whole(client, place('file-1'))).equals(expected)).toBe(true);
		expect((await whole(client, place('change-1'))).length).toBe(200_000);
		await client.request('files/list', { place: place() });
		const kept = files.filter((file) => readdirSync(join(file, '..')).includes(basename(file)));
		const removed = await startJob(client, { request: { kind: 'delete', files: [kept.at(-1)!] } });
		expect(await removed.ended).toMatchObject({ outcome: 'success' });
		await expect(client.request('files/list', { place: place('lost+found') })).rejects.toMatchObject({
			code: 'source-missing',
		});
	});

	it('are extracted by a job, which is in the history', async () => {
		const { client, files, folder, expected } = await setUp();
		const to = join(folder, 'out');
		const request = {
			...{ kind: 'extract' as const, image: files[2]!, disk: 0, partition: 1 },
			...{ paths: ['file-1', 'change-2'], folder: to, overwrite: false },
		};
		const job = await startJob(client, { request });
		const ended = await job.ended;
		expect(ended).toMatchObject({ outcome: 'success', files: [to], bytesWritten: expected.length + 200_000 });
		expect(job.progress.at(-1)).toMatchObject({ phase: 'extract', doneBytes: expected.length + 200_000 });
		expect(readFileSync(join(to, 'file-1')).equals(expected)).toBe(true);
		const [latest] = await client.request('runs/list', { limit: 1 });
		expect(latest).toMatchObject({ kind: 'extract', title: `Extract 2 files from ${basename(files[2]!)}` });
		rmSync(files[1]!);
		const broken = await startJob(client, { request: { ...request, overwrite: true } });
		expect(await broken.ended).toMatchObject({ outcome: 'failed', error: { code: 'file-missing' } });
	});
});
