import { mkdirSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DefinitionRunResult } from '../../../../src/engine/requests/definition.ts';
import type { ImageResult } from '../../../../src/engine/requests/image.ts';
import type { PurgeResult } from '../../../../src/engine/requests/retention.ts';
import { sparseFile } from '../../../support/byte-files.ts';
import { afterimageResult } from '../../../support/cli.ts';
import { definitionText } from '../../../support/definition-text.ts';
import { imageFiles } from '../../../support/image-files.ts';
import { makeRawDisk, patch } from '../../../support/raw-disk.ts';
import { requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';

const ready = requireTools(['mkfs.ext4', 'mkfs.fat', 'mkfs.btrfs', 'cryptsetup', 'sfdisk']);
const temp = useTempFolder();
const mebibyte = 2 ** 20;

/** Pairs of disks that their maker's tools alone tell apart. */
const made = new Map<string, [string, string]>();

async function pair(name: string, size: number, make: (file: string) => Promise<unknown>): Promise<void> {
	const files = [temp.file(`${name}-1.img`), temp.file(`${name}-2.img`)] as [string, string];
	for (const file of files) await make(await sparseFile(file, size * mebibyte));
	made.set(name, files);
}

const ext4 = (file: string) => run('mkfs.ext4', ['-q', '-F', file]);

beforeAll(async () => {
	if (!ready) return;
	await pair('ext4', 8, ext4);
	await pair('FAT', 8, async (file) => run('mkfs.fat', ['-i', file.endsWith('1.img') ? 'aa01' : 'aa02', file]));
	const cost = ['--pbkdf', 'pbkdf2', '--pbkdf-force-iterations', '1000', '--batch-mode'];
	await pair('LUKS', 20, (file) => run('cryptsetup', ['luksFormat', ...cost, file], { input: 'password' }));
	await pair('MBR', 20, async (file) => {
		await makeRawDisk(file, 'dos', 20, [
			{ start: 1, size: 8, type: 'L', make: async (part) => void (await ext4(part)) },
		]);
		await patch(file, 0x1b8, new Uint8Array(4));
	});
	await pair('Btrfs', 130, async () => undefined);
	await run('mkfs.btrfs', ['-q', '-d', 'raid1', '-m', 'raid1', ...made.get('Btrfs')!]);
	await pair('nothing known', 2, (file) => patch(file, 5000, Uint8Array.of(1)));
});

async function image(disk: string, folder: string, type = 'full'): Promise<ImageResult> {
	return afterimageResult<ImageResult>(['image', disk, '--to', folder, '--type', type]);
}

describe('sets of disks without an id', () => {
	it.each(['ext4', 'FAT', 'LUKS', 'MBR', 'Btrfs'])('are purged disk by disk: %s', async (name) => {
		const folder = temp.file(`purged ${name}`);
		mkdirSync(folder);
		const [one, two] = made.get(name)!;
		const old = await image(one, folder);
		const other = await image(two, folder, 'auto');
		expect(other.backupType).toBe('full');
		const keepOne = () => afterimageResult<PurgeResult & { type: string }>(['purge', folder, '--full', '1']);
		expect((await keepOne()).steps).toEqual([]);
		const renewed = await image(one, folder);
		expect((await keepOne()).steps.map((step) => step.imageId)).toEqual([old.imageId]);
		const left = [other, renewed].map(({ files }) => basename(files[0]!));
		expect(imageFiles(folder).sort()).toEqual(left.sort());
		for (const [disk, { imageId }] of [
			[one, renewed],
			[two, other],
		] as const) {
			expect(await image(disk, folder, 'auto')).toMatchObject({ backupType: 'inc', imageId });
		}
	});

	it('are all kept where nothing tells the disks apart', async () => {
		const folder = temp.file('unknown');
		mkdirSync(folder);
		for (const disk of made.get('nothing known')!) {
			for (const type of ['full', 'auto']) expect((await image(disk, folder, type)).backupType).toBe('full');
		}
		const { steps, notes } = await afterimageResult<PurgeResult & { type: string }>(['purge', folder, '--full', '1']);
		expect(steps).toEqual([]);
		expect(notes).toHaveLength(4);
		expect(imageFiles(folder)).toHaveLength(4);
		await afterimageResult(['purge', folder, '--full', '1', '--all-sets']);
		expect(imageFiles(folder)).toHaveLength(1);
	});

	it('are left alone by the definitions of others that share the folder', async () => {
		const folder = temp.file('shared');
		mkdirSync(folder);
		const backUp = async (disk: string) => {
			const path = temp.file(`${basename(disk)}.xml`);
			const more = '<disk_space_management><full_retention interval="1"/></disk_space_management>';
			writeFileSync(path, definitionText({ sources: `<raw_file path="${disk}"/>`, folder, more }));
			return afterimageResult<DefinitionRunResult & { type: string }>(['backup', path, '--type', 'full']);
		};
		const [one, two] = made.get('ext4')!;
		const first = await backUp(one);
		expect((await backUp(two)).purged).toEqual([]);
		expect((await backUp(one)).purged.map((step) => step.imageId)).toEqual([first.image.imageId]);
		expect(imageFiles(folder)).toHaveLength(2);
	});
});
