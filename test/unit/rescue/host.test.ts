import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chooseKernel } from '../../../src/rescue/host/kernel.ts';
import { chooseModules } from '../../../src/rescue/host/modules.ts';
import { busyboxLinks, librariesIn } from '../../../src/rescue/host/programs.ts';
import { tempFolder } from '../../support/temp-folder.ts';

describe('modules of a rescue medium', () => {
	const dep = [
		'kernel/drivers/nvme/host/nvme.ko: kernel/drivers/nvme/host/nvme-core.ko',
		'kernel/drivers/nvme/host/nvme-core.ko: kernel/lib/crc.ko',
		'kernel/lib/crc.ko:',
		'kernel/drivers/net/wireless/intel/iwlwifi.ko: kernel/net/wireless/cfg80211.ko',
		'kernel/net/wireless/cfg80211.ko:',
		'kernel/drivers/net/virtio_net.ko.xz: kernel/net/core/failover.ko.xz',
		'kernel/net/core/failover.ko.xz:',
		'kernel/drivers/gpu/drm/i915/i915.ko:',
		'kernel/fs/ocfs2/ocfs2.ko:',
		'kernel/fs/ntfs3/ntfs3.ko:',
		'kernel/sound/a.ko: kernel/sound/b.ko',
		'kernel/sound/b.ko: kernel/sound/a.ko',
		'updates/drivers/net/ethernet/own.ko: kernel/sound/a.ko',
		'',
	].join('\n');

	it('are those of disks, wired networks and file systems with what they need, once', () => {
		expect([...chooseModules(dep)].sort()).toEqual([
			'kernel/drivers/net/virtio_net.ko.xz',
			'kernel/drivers/nvme/host/nvme-core.ko',
			'kernel/drivers/nvme/host/nvme.ko',
			'kernel/fs/ntfs3/ntfs3.ko',
			'kernel/lib/crc.ko',
			'kernel/net/core/failover.ko.xz',
			'kernel/sound/a.ko',
			'kernel/sound/b.ko',
			'updates/drivers/net/ethernet/own.ko',
		]);
	});
});

describe('programs of a rescue medium', () => {
	it('bring the libraries and the loader that ldd names', () => {
		const said = [
			'\tlinux-vdso.so.1 (0x00007fff1a9f2000)',
			'\tlibm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x00007f00)',
			'\tlibgone.so => not found',
			'\t/lib64/ld-linux-x86-64.so.2 (0x00007f01)',
		].join('\n');
		expect(librariesIn(said)).toEqual(['/lib/x86_64-linux-gnu/libm.so.6', '/lib64/ld-linux-x86-64.so.2']);
		expect(librariesIn('\tnot a dynamic executable\n')).toEqual([]);
	});

	it('go before the commands of busybox with their names', () => {
		expect(busyboxLinks('[\nbusybox\nmount\nvi\n../x\n', new Set(['usr/bin/mount']))).toEqual([
			{ kind: 'link', path: 'usr/bin/[', target: 'busybox' },
			{ kind: 'link', path: 'usr/bin/vi', target: 'busybox' },
		]);
	});
});

describe('the kernel of a rescue medium', () => {
	/** A file with the header of a kernel, and its modules where a system has them. */
	function kernel(release: string, modulesOf: string | undefined): string {
		const folder = tempFolder();
		mkdirSync(join(folder, 'boot'));
		const file = join(folder, 'boot/vmlinuz');
		const head = Buffer.alloc(4096);
		head.write('HdrS', 0x202);
		head.writeUInt16LE(0x400, 0x20e);
		head.write(`${release} (builder@place) #1 SMP\0`, 0x600);
		writeFileSync(file, head);
		if (modulesOf !== undefined) {
			mkdirSync(join(folder, 'lib/modules', modulesOf), { recursive: true });
			writeFileSync(join(folder, 'lib/modules', modulesOf, 'modules.dep'), '');
		}
		return file;
	}

	it('is known by its header, and its modules by its release', async () => {
		const file = kernel('6.1.0-57-amd64', '6.1.0-57-amd64');
		expect(await chooseKernel(file)).toEqual({
			release: '6.1.0-57-amd64',
			file,
			modules: join(file, '../../lib/modules/6.1.0-57-amd64'),
		});
	});

	it.each([
		['6.1.0-57-test', '6.1.0-56-test', 'file-missing', /is 6\.1\.0-57-test, of which no modules are/],
		['../../../etc', '../../../etc', 'invalid-argument', /is no kernel of Linux/],
	])('%s with the modules of %s is refused', async (release, modules, code, message) => {
		const refused = chooseKernel(kernel(release, modules));
		await expect(refused).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string });
	});

	it('is no short file, and no file that is not there', async () => {
		const short = join(tempFolder(), 'short');
		writeFileSync(short, 'MZ');
		await expect(chooseKernel(short)).rejects.toMatchObject({ code: 'invalid-argument' });
		await expect(chooseKernel('/nowhere/vmlinuz')).rejects.toMatchObject({
			code: 'file-missing',
			message: 'The kernel /nowhere/vmlinuz cannot be read: no such file or directory',
		});
	});
});
