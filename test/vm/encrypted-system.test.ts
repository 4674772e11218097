import { truncateSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { definitionText } from '../support/definition-text.ts';
import { run } from '../support/run.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { container, makeEncryptedSystem, openContainer, startEncryptedSystem } from './support/encrypted-system.ts';
import { bootMachine, type Machine } from './support/machine.ts';

const mebibyte = 1024 ** 2;
const patience = { timeout: 300_000 };
const afterimage = `AFTERIMAGE_DATA=/run/data node ${inject('programs')}/afterimage.mjs`;
const image = (rest: string) => `${afterimage} image ${rest} --to /run/images 2>&1`;
const withPassword = '--password-file /run/password';

describe('a running system in a LUKS container', { timeout: 1_200_000 }, () => {
	const temp = useTempFolder();
	let machine: Machine;

	const blank = (name: string, size: number) => {
		const path = temp.file(name);
		writeFileSync(path, '');
		truncateSync(path, size);
		return path;
	};
	/** Starts the machine with a disk as /dev/vda, and the images below /run/images. */
	const boot = async (disk: string) => {
		machine = await bootMachine({ disks: [disk, temp.file('destination')] });
		await machine.run(`set -e
			mkdir -p /run/images && mount /dev/vdb /run/images
			(umask 077; echo of-the-image > /run/password)`);
	};

	beforeAll(async () => {
		await run('mkfs.ext4', ['-q', '-F', blank('destination', 400 * mebibyte)]);
		await boot(blank('system', 800 * mebibyte));
		await makeEncryptedSystem(machine);
		await startEncryptedSystem(machine);
		await machine.run('echo loader > /boot/efi/loader; sync');
	}, 600_000);

	afterAll(() => machine?.kill());

	it('is refused as a disk alone, in words that name the command that does it', async () => {
		const { code, output } = await machine.sh(image('/dev/vda'), patience);
		expect(output).toMatch(/Partition 3 of \/dev\/vda is mounted for writing at \/ \(ext4\)/);
		expect(output).toContain(`afterimage image /dev/vda ${container} --to FOLDER --password-file FILE`);
		expect(code).toBe(1);
	});

	it('warns when its volumes would be plain text in the image', async () => {
		const said = await machine.run(image('/dev/vg0/swap --name plain'), patience);
		expect(said).toMatch(/Warning: What vg0-swap holds lies encrypted on the disk; the image holds it in plain text/);
		await machine.run('rm /run/images/*plain*');
	});

	it('is what a definition of the system that runs images, with what its container is opened as', async () => {
		const text = definitionText({ sources: '', bootPartitions: true, folder: '/run/images' });
		await machine.run(`cat > /run/system.xml << 'END'\n${text}\nEND`);
		const said = await machine.run(`${afterimage} backup /run/system.xml 2>&1`, patience);
		expect(said).toMatch(/Required to boot: \/dev\/vda, partitions 1, 2, 3/);
		expect(said).toMatch(/Required to boot: \/dev\/dm-0, partition 1/);
		expect(said).toMatch(/LUKS2, 16\.00 MB of /);
		await machine.run('rm /run/images/*.mrimgx');
	});

	it('needs free room in its group, which a smaller volume for swap gives', async () => {
		await machine.run('lvcreate -q -y --name filler --extents 100%FREE vg0');
		const { code, output } = await machine.sh(image('/dev/vg0/root --name room'), patience);
		expect(output).toMatch(
			/there are no snapshots of it \(its volume group vg0 has 0 MB free: expected at least 4 MB\)/,
		);
		expect(code).toBe(1);
		await machine.run(`set -e
			uuid=$(blkid --output value --match-tag UUID /dev/vg0/swap)
			swapoff /dev/vg0/swap && lvreduce -q -f -y --size -12m vg0/swap
			mkswap -q --uuid $uuid /dev/vg0/swap && swapon /dev/vg0/swap`);
		await machine.run(image('/dev/vg0/root --name room'), patience);
		await machine.run('rm /run/images/*room* && lvremove -q -y vg0/filler');
	});

	it('is imaged while it goes on, and starts again from a blank disk to which it was restored, by its old passphrase', async () => {
		const said = await machine.run(image(`/dev/vda ${container} ${withPassword}`), patience);
		expect(said).toContain(`Partition 3 of /dev/vda holds ${container} encrypted: of it only the header is stored`);
		expect(said).toContain('Made snapshots (LVM) of /, /srv for this run');
		expect(said).toMatch(/Disk 0, partition 3: LUKS2, 16\.00 MB of \d/);
		expect(said).toMatch(/Disk 1, partition 1: LVM2 physical volume "vg0", \d+\.\d+ MB of \d+\.\d+ MB$/m);
		const files = '/home/random /home/notes.txt /srv/notes.txt /boot/efi/loader';
		const sums = await machine.run(`sha256sum ${files}`);
		const uuids = await machine.run('blkid --output value --match-tag UUID /dev/vda3 /dev/vg0/root');
		await machine.off();

		await boot(blank('restored', 900 * mebibyte));
		const restored = await machine.run(
			`${afterimage} restore /run/images/*.mrimgx --disk 0 --to /dev/vda --yes ${withPassword} 2>&1`,
			patience,
		);
		expect(restored).toContain('Of partition 3 the image has the header of LUKS2 alone: open it afterwards');
		await openContainer(machine);
		await machine.run(
			`${afterimage} restore /run/images/*.mrimgx --disk 1 --to ${container} --yes ${withPassword} 2>&1`,
			patience,
		);
		await machine.run(
			`set -e
			sgdisk -v /dev/vda
			vgchange -q -ay vg0
			fsck.fat -n /dev/vda1 && e2fsck -fn /dev/vda2 && e2fsck -fn /dev/vg0/root
			mkdir /run/srv && mount /dev/vg0/data /run/srv && umount /run/srv && xfs_repair -n /dev/vg0/data`,
			patience,
		);
		await startEncryptedSystem(machine);
		expect(await machine.run(`sha256sum ${files}`)).toBe(sums);
		expect(await machine.run('blkid --output value --match-tag UUID /dev/vda3 /dev/vg0/root')).toBe(uuids);
	});

	it('joins its set after a start in which its devices have other numbers', async () => {
		await machine.run('echo later > /home/notes.txt; sync');
		await machine.off();
		await boot(temp.file('restored'));
		await machine.run(
			'modprobe dm_mod; dmsetup create before --table "0 8 zero"; dmsetup create other --table "0 8 zero"',
		);
		await openContainer(machine);
		expect(await machine.run(`readlink ${container}`)).toBe('../dm-2');
		await machine.run('vgchange -q -ay vg0');
		const said = await machine.run(image(`/dev/vda ${container} --type inc ${withPassword}`), patience);
		expect(said).toMatch(/^Incremental image of set/m);
		const newest = '/run/images/*-01-01.mrimgx';
		await machine.run(
			`${afterimage} verify ${newest} ${withPassword} && ${afterimage} extract ${newest} /root/home/notes.txt --disk 1 --to /run/out ${withPassword}`,
			patience,
		);
		expect(await machine.run('cat $(find /run/out -name notes.txt)')).toBe('later');
	});

	it('is overwritten by no restore while it is open, and the advice closes it', async () => {
		const restore = `${afterimage} restore /run/images/*-01-01.mrimgx --disk 0 --to /dev/vda --dry-run ${withPassword} 2>&1`;
		const { code, output } = await machine.sh(restore, patience);
		expect(output).toContain(`/dev/vda cannot be overwritten: it is open as ${container}`);
		expect(code).toBe(1);
		const commands = /Close it first: (.*)/.exec(output)![1]!;
		await machine.run(commands.replaceAll('; ', ' && '));
		await machine.run(restore, patience);
	});
});
