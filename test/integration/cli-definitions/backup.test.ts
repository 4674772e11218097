import { chmodSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ImageResult } from '../../../src/engine/requests/image.ts';
import type { RunRecord } from '../../../src/protocol/jobs.ts';
import { afterimage, afterimageResult } from '../../support/cli.ts';
import { imageFiles } from '../../support/image-files.ts';
import { withLoopDevice } from '../../support/loop-device.ts';
import { patch } from '../../support/raw-disk.ts';
import { run } from '../../support/run.ts';
import { definition, disk, folder, lastRun } from './scene.ts';

describe('afterimage backup', () => {
	it('makes a full, then incrementals that restore, and leaves logs and a history', async () => {
		const { path, images } = definition('<auto_verify>true</auto_verify>');
		const full = await afterimageResult<{ image: ImageResult; logPath: string }>(['backup', path]);
		expect(full.image).toMatchObject({ backupType: 'full', files: [expect.stringContaining(images) as string] });
		expect(readFileSync(full.logPath, 'utf8')).toMatch(/Verifying: .*\n.*Verified /);
		const at = readFileSync(disk).indexOf('afterimageafterimage');
		await patch(disk, at, Buffer.from('AFTERIMAGE'));
		const { image } = await afterimageResult<{ image: ImageResult }>(['backup', path]);
		expect(image.backupType).toBe('inc');
		const target = join(images, 'restored.img');
		await afterimageResult(['restore', image.files[0]!, '--to', target, '--verify']);
		await run('cmp', [disk, target]);
		const { runs } = await afterimageResult<{ runs: RunRecord[] }>(['runs', '--limit', '3']);
		expect(runs.map((one) => [one.kind, one.outcome, one.definition, one.type, one.made])).toEqual([
			['restore', 'success', undefined, undefined, undefined],
			['backup', 'success', path, 'auto', 'inc'],
			['backup', 'success', path, 'auto', 'full'],
		]);
		const { out } = await afterimage(['runs']);
		expect(out.split('\n')[0]).toMatch(/^Started +Result +Took +Written +Run +Summary +Log/);
		expect(out).toContain(full.logPath);
	});

	it('ends with exit code 6 when a backup is damaged that was to be verified again, though its own is made', async () => {
		const { path, images } = definition('<reverify_after_days>30</reverify_after_days>');
		const { files } = await afterimageResult<ImageResult>(['image', disk, '--to', images]);
		await patch(files[0]!, 5000, Buffer.alloc(64, 0xff));
		const { code, err } = await afterimage(['backup', path, '--type', 'full']);
		expect(code).toBe(6);
		expect(err).toContain(`Warning: ${files[0]!} is damaged: `);
		expect(err).toContain(`The backup was made, but 1 backup in ${images} does not verify: ${files[0]!} is damaged`);
		expect(imageFiles(images)).toHaveLength(2);
		expect(await lastRun()).toMatchObject({ outcome: 'failed', made: 'full' });
	});

	it('is overdue for afterimage due until it is made', async () => {
		const daily = '<schedule backup_type="inc"><daily time="00:00"/></schedule>';
		const { home, path } = definition(`<scheduling time_zone="UTC">${daily}</scheduling>`);
		const written = new Date(Date.now() - 3 * 86_400_000);
		utimesSync(path, written, written);
		const due = await afterimage(['due', home, '--overdue', '--grace', '0s']);
		expect(due.code).toBe(9);
		expect(due.out).toMatch(/ {2}overdue since \d{4}-\d\d-\d\d 00:00\n/);
		expect((await afterimage(['backup', path, '--wait', '1m'])).code).toBe(0);
		expect(await afterimage(['due', home, '--overdue', '--grace', '0s'])).toMatchObject({ code: 0, out: '' });
	});

	it('ends with exit code 2, and the place, when the definition is not valid', async () => {
		const { path, images } = definition('<auto_verify>maybe</auto_verify>');
		const { code, err } = await afterimage(['backup', path]);
		expect(code).toBe(2);
		expect(err).toMatch(new RegExp(`${path}:6:\\d+: error schema-`));
		expect(imageFiles(images)).toEqual([]);
	});

	it('names a disk that is missing, and a destination', async () => {
		const missing = definition('', '<disk signature="DEADBEEF" model="Old Disk"/>');
		const gone = await afterimage(['backup', missing.path]);
		expect(gone).toMatchObject({
			code: 8,
			err: expect.stringContaining('Disk DEADBEEF (Old Disk) is not connected') as string,
		});
		const { path, images } = definition();
		rmSync(images, { recursive: true });
		expect((await afterimage(['backup', path])).code).toBe(8);
	});

	it('finds a disk by the id of its partition table, wherever it is attached', async () => {
		const attached = join(folder, 'attached.img');
		await run('cp', ['--sparse=always', disk, attached]);
		const { stdout: id } = await run('sfdisk', ['--disk-id', attached]);
		await withLoopDevice(attached, {}, async (loop) => {
			const { path } = definition('', `<disk signature="${id.toString().trim()}"><partition number="2"/></disk>`);
			const { image } = await afterimageResult<{ image: ImageResult }>(['backup', path]);
			expect(image.partitions.map((one) => one.number)).toEqual([2]);
			const text = readFileSync((await lastRun()).logPath!, 'utf8');
			expect(text).toContain(`is ${loop}, partition 2`);
		});
	});

	it('applies the retention rules of the definition', async () => {
		const { path, images } = definition(
			'<disk_space_management><full_retention interval="2"/><incremental_retention interval="1"/></disk_space_management>',
		);
		for (const type of ['full', 'full', 'inc', 'inc', 'full']) {
			await afterimageResult(['backup', path, '--type', type]);
		}
		const names = imageFiles(images).map((name) => name.slice(17));
		expect(names.sort()).toEqual(['00-00.mrimgx', '00-00.mrimgx', '01-01.mrimgx']);
		for (const name of imageFiles(images)) await afterimageResult(['verify', join(images, name)]);
	});

	it('encrypts with a password from a file that others cannot read', async () => {
		const secret = join(folder, 'password');
		writeFileSync(secret, 'correct horse battery\n', { mode: 0o600 });
		const { path } = definition(`<encryption aes_type="aes-256" password_source="file" password_name="${secret}"/>`);
		const { image } = await afterimageResult<{ image: ImageResult }>(['backup', path]);
		const info = await afterimageResult<{ encryption: string }>(['inspect', image.files[0]!]);
		expect(info.encryption).toBe('aes-256');
		chmodSync(secret, 0o644);
		expect((await afterimage(['backup', path])).code).toBe(1);
		const data = join(folder, 'data', 'runs');
		for (const name of readdirSync(data)) {
			expect(readFileSync(join(data, name), 'utf8')).not.toContain('horse battery');
		}
		const asked = definition('<encryption aes_type="aes-128"/>');
		expect((await afterimage(['backup', asked.path])).code).toBe(5);
		await afterimageResult(['backup', asked.path, '--password-file', secret]);
	});
});
