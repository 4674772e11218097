import { truncateSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { run } from '../support/run.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { bootMachine, type Machine } from './support/machine.ts';

const mebibyte = 1024 ** 2;
const patience = { timeout: 300_000 };
const afterimage = `AFTERIMAGE_DATA=/run/data node ${inject('programs')}/afterimage.mjs`;
const image = (rest: string) => `${afterimage} image ${rest} --to /run/images 2>&1`;
const modules = 'modprobe -a raid1 raid456 dm_mod';

/** The mirror /dev/md0 of /dev/vda and /dev/vdb, the RAID 5 /dev/md1 of the three after them; of them all whole disks. */
const arrays = { md0: '/dev/vda /dev/vdb', md1: '/dev/vdc /dev/vdd /dev/vde' };

describe('arrays of Linux RAID', { timeout: 900_000 }, () => {
	const temp = useTempFolder();
	let machine: Machine;
	let sums = '';

	const blank = (name: string, size: number) => {
		const path = temp.file(name);
		writeFileSync(path, '');
		truncateSync(path, size);
		return path;
	};
	const sizes = [96, 96, 72, 72, 72];
	const blanks = (name: string, more = 0) => sizes.map((size, i) => blank(`${name}${i + 1}`, (size + more) * mebibyte));
	const boot = async (disks: readonly string[]) => {
		machine = await bootMachine({ disks: [...disks.slice(0, 5), temp.file('destination'), ...disks.slice(5)] });
		await machine.run(`set -e
			${modules}
			# The device manager puts together what it finds.
			udevadm settle && { vgchange -q -an; mdadm --stop --scan; } || true
			mkdir -p /run/images /run/data /run/files && mount /dev/vdf /run/images`);
	};
	const mountAll = (mirror: string, striped: string) =>
		machine.run(`set -e
			udevadm settle
			vgchange -q -ay vgm
			e2fsck -fn /dev/vgm/data && e2fsck -fn ${striped}p1
			mount /dev/vgm/data /run/data && mount ${striped}p1 /run/files
			findmnt --noheadings --output SOURCE /run/files && lsblk --noheadings ${mirror} | grep vgm-data`);
	const sumsNow = () => machine.run('sha256sum /run/data/random /run/files/random');

	let disks: string[] = [];
	beforeAll(async () => {
		await run('mkfs.ext4', ['-q', '-F', blank('destination', 500 * mebibyte)]);
		disks = blanks('member');
		await boot([...disks, ...blanks('copy')]);
		const table = (type: string) => `printf 'label: gpt\\nsize=40M,type=${type}\\ntype=L\\n' | sfdisk --quiet`;
		await machine.run(
			`set -e
			mdadm --create /dev/md0 --run --metadata 1.2 --level 1 --raid-devices 2 ${arrays.md0}
			mdadm --create /dev/md1 --run --metadata 1.0 --level 5 --raid-devices 3 ${arrays.md1}
			mdadm --wait /dev/md0 /dev/md1 || true
			${table('lvm')} /dev/md0
			${table('L')} /dev/md1
			udevadm settle
			vgcreate -q vgm /dev/md0p1
			lvcreate -q -y --name data --size 24m vgm
			mkfs.ext4 -q /dev/vgm/data && mkfs.ext4 -q /dev/md1p1
			mount /dev/vgm/data /run/data && mount /dev/md1p1 /run/files
			head -c 8M /dev/urandom > /run/data/random; head -c 16M /dev/urandom > /run/files/random; sync`,
			patience,
		);
		sums = await sumsNow();
	}, 300_000);

	afterAll(() => machine?.kill());

	it('are imaged as disks, by what their file systems use', async () => {
		const said = await machine.run(image('/dev/md0 /dev/md1 --name arrays'), patience);
		expect(said).toContain('Made snapshots (LVM) of /run/data for this run');
		expect(said).toContain('Froze the ext4 file system at /run/files for this run');
		expect(said).toMatch(/Disk 0, partition 1: LVM2 physical volume "vgm", [\d.]+ MB of 40\.00 MB$/m);
		expect(said).toMatch(/Disk 1, partition 1: ext4, [\d.]+ MB of 40\.00 MB$/m);
	});

	it('have members that are overwritten by no restore, in words that say of what they are members', async () => {
		await machine.run('umount /run/files');
		const restore = `${afterimage} restore /run/images/*arrays* --disk 1 --to /dev/vdc --dry-run 2>&1`;
		const { code, output } = await machine.sh(restore, patience);
		expect(output).toContain('/dev/vdc cannot be overwritten: it is a member of the array /dev/md1');
		expect(output).toContain('Close it first: mdadm --stop /dev/md1');
		expect(code).toBe(1);
		await machine.run('mount /dev/md1p1 /run/files');
	});

	it('have members that are imaged as they are, whatever table or snapshot the array has', async () => {
		const said = await machine.run(image(`/dev/vda ${arrays.md1} --name members`), patience);
		expect(said).toMatch(/Froze the ext4 file system at \/run\/data .*\/dev\/md0p1 lies encrypted or in an array/);
		expect(said).toMatch(/Disk 2, partition 1: Linux RAID member \(1\.2\), 96\.00 MB of 96\.00 MB \(every sector\)/);
		expect(said.match(/Linux RAID member \(1\.0\), 72\.00 MB of 72\.00 MB \(every sector\)/g)).toHaveLength(3);
		// The copies follow the disk with the images.
		for (const [number, to] of [
			[2, '/dev/vdg'],
			[4, '/dev/vdi'],
			[5, '/dev/vdj'],
			[6, '/dev/vdk'],
		]) {
			await machine.run(`${afterimage} restore /run/images/*members* --disk ${number} --to ${to} --yes 2>&1`, patience);
		}
		await machine.off();
		await boot(['copy1', 'copy2', 'copy3', 'copy4', 'copy5'].map((name) => temp.file(name)));
		await machine.run(`set -e
			mdadm --assemble --run /dev/md0 /dev/vda
			mdadm --assemble /dev/md1 ${arrays.md1}`);
		await mountAll('/dev/md0', '/dev/md1');
		expect(await sumsNow()).toBe(sums);
	});

	it('are restored to new arrays, by other names', async () => {
		machine.kill();
		await boot(blanks('new', 8));
		await machine.run(`set -e
			mdadm --create /dev/md127 --run --level 1 --raid-devices 2 ${arrays.md0}
			mdadm --create /dev/md126 --run --level 5 --raid-devices 3 ${arrays.md1}
			mdadm --wait /dev/md127 /dev/md126 || true`);
		for (const [disk, to] of [
			[0, '/dev/md127'],
			[1, '/dev/md126'],
		]) {
			await machine.run(`${afterimage} restore /run/images/*arrays* --disk ${disk} --to ${to} --yes 2>&1`, patience);
		}
		await mountAll('/dev/md127', '/dev/md126');
		expect(await sumsNow()).toBe(sums);
	});

	it('join their set after a start in which they have other names', async () => {
		machine.kill();
		await boot(disks);
		await machine.run(`set -e
			mdadm --assemble /dev/md127 ${arrays.md0}
			mdadm --assemble /dev/md126 ${arrays.md1}`);
		await mountAll('/dev/md127', '/dev/md126');
		const said = await machine.run(image('/dev/md126 /dev/md127 --type inc'), patience);
		expect(said).toMatch(/^Incremental image of set/m);
	});
});
