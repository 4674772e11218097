import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
	createDestination,
	destinationFacts,
	isOnNetwork,
} from '../../../../src/extension/editor/destination-facts.ts';
import { isNetwork, mountOf } from '../../../../src/extension/editor/mounts.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { backupSet, files } from '../../../webview/backup-samples.ts';

const mountInfo = [
	'22 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw',
	'30 22 8:17 / /mnt/back\\040up rw - exfat /dev/sdb1 rw',
	'31 22 0:50 / /mnt/nas rw - cifs //nas/share rw',
	'32 22 0:51 / /mnt/nas/fast rw - fuse.sshfs ada@host:/ rw',
	'33 22 0:52 / /tmp rw - tmpfs tmpfs rw',
	'',
].join('\n');

describe('mounts', () => {
	it('are found by the longest beginning of a path', () => {
		expect(mountOf('/mnt/back up/images', mountInfo)).toEqual({ point: '/mnt/back up', fileSystem: 'exfat' });
		expect(mountOf('/mnt/nas/fast', mountInfo)?.fileSystem).toBe('fuse.sshfs');
		expect(mountOf('/mnt/nasty', mountInfo)?.point).toBe('/');
		expect(mountOf('/', mountInfo)?.point).toBe('/');
	});

	it('tell network shares', () => {
		expect(isNetwork(mountOf('/mnt/nas/a', mountInfo)!)).toBe(true);
		expect(isNetwork(mountOf('/mnt/nas/fast/a', mountInfo)!)).toBe(true);
		expect(isNetwork(mountOf('/home', mountInfo)!)).toBe(false);
	});
});

describe('a destination that is asked for', () => {
	it('is created with the folders above it', async () => {
		const folder = join(tempFolder(), 'not', 'there');
		await createDestination(folder);
		expect(existsSync(folder)).toBe(true);
		await createDestination(folder);
	});

	it('is refused in the words of the system, and where it is no full path', async () => {
		const file = join(tempFolder(), 'file');
		writeFileSync(file, '');
		await expect(createDestination(join(file, 'folder'))).rejects.toThrow(`${join(file, 'folder')}: not a directory`);
		await expect(createDestination('backups')).rejects.toMatchObject({ code: 'invalid-argument' });
	});
});

describe('facts of a folder', () => {
	it('say whether it is there and how much room it has', async () => {
		const folder = tempFolder();
		const facts = await destinationFacts(folder, [], undefined);
		expect(facts).toMatchObject({ exists: true, writable: true, network: false });
		expect(facts.total).toBeGreaterThan(0);
		expect(await destinationFacts(join(folder, 'not', 'there'), [], undefined)).toMatchObject({
			exists: false,
			writable: false,
			free: undefined,
		});
	});

	it('follow links', async () => {
		const folder = tempFolder();
		mkdirSync(join(folder, 'there'));
		symlinkSync(join(folder, 'there'), join(folder, 'link'));
		expect(await destinationFacts(join(folder, 'link'), [], undefined)).toMatchObject({ exists: true });
	});

	it('know a share by its path', async () => {
		expect(await isOnNetwork('\\\\server\\share\\a')).toBe(true);
		expect(await isOnNetwork(tempFolder())).toBe(false);
	});

	it('have the average size of the images of each type', async () => {
		const file = files[0]!;
		const sets = [{ ...backupSet, files: [file, { ...file, size: file.size * 3 }] }];
		const images = { folder: '/b', sets, unreadable: [], free: 0, total: 0 };
		const { averageSizes } = await destinationFacts(tempFolder(), [], images);
		expect(averageSizes).toEqual({ full: file.size * 2 });
	});
});
