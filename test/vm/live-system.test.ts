import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { afterimage } from '../support/cli.ts';
import { mounted } from '../support/mounted.ts';
import { run } from '../support/run.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { makeLvmSystem, startLvmSystem } from './support/lvm-system.ts';
import { bootMachine, type Machine } from './support/machine.ts';

const mebibyte = 1024 ** 2;
const programs = inject('programs');
/** Machines take their time, the more so beside other work. */
const patience = { timeout: 300_000 };

describe('a running system on LVM', { timeout: 900_000 }, () => {
	const temp = useTempFolder();
	let machine: Machine;

	const blank = (name: string, size: number) => {
		const path = temp.file(name);
		writeFileSync(path, '');
		truncateSync(path, size);
		return path;
	};
	const image = (rest: string) =>
		`AFTERIMAGE_DATA=/run/data node ${programs}/afterimage.mjs image ${rest} --to /run/images`;
	const volumesOf = async (of: Machine) =>
		(await of.run('lvs --noheadings --options lv_name vg0')).split(/\s+/).toSorted();
	const images = async () => (await machine.run('ls /run/images')).split(/\s+/).filter((name) => name.includes('.'));
	/** Runs commands on an image, here: the machine lends its disk for so long. */
	const here = async (name: RegExp, commands: (file: string) => string[][]) => {
		await machine.run('umount /run/images');
		try {
			await mounted(temp.file('destination'), ['-o', 'loop'], async (folder) => {
				for (const args of commands(`${folder}/${readdirSync(folder).find((one) => name.test(one))!}`)) {
					const { code, err } = await afterimage(args);
					expect(code, err).toBe(0);
				}
			});
		} finally {
			await machine.run('mount /dev/vdb /run/images');
		}
	};
	const restore = (name: RegExp, to: string) =>
		here(name, (file) => [
			['verify', file],
			['restore', file, '--to', to, '--yes'],
		]);
	/** Waits until the run whose log is at `log` reads from its snapshot, and stops it there. */
	const stopAtSnapshot = (log: string) =>
		`until lvs --noheadings --options lv_name vg0 | grep -q afterimage_; do sleep 0.2; done
		until grep -q "Made snapshots" ${log}; do sleep 0.1; done
		kill -STOP $pid`;

	beforeAll(async () => {
		const [system, destination] = [blank('system', 700 * mebibyte), blank('destination', 400 * mebibyte)];
		await run('mkfs.ext4', ['-q', '-F', destination]);
		machine = await bootMachine({ disks: [system, destination, blank('mapped', 64 * mebibyte)] });
		await makeLvmSystem(machine);
		await startLvmSystem(machine);
		await machine.run(`mkdir -p /run/images && mount /dev/vdb /run/images
			(i=0; while :; do
				i=$((i+1)); echo $i > /home/count.new; sync -f /home/count.new; mv /home/count.new /home/count; cp /home/count /srv/count; sleep 0.3
			done) > /dev/null 2>&1 &`);
	}, 300_000);

	afterAll(() => machine?.kill());

	it('has a volume as its root, and others beside it', async () => {
		const columns = '--noheadings --raw --output TARGET,SOURCE,FSTYPE';
		expect((await machine.run(`findmnt ${columns} --types ext4,xfs`)).split('\n').slice(0, 3)).toEqual([
			'/ /dev/mapper/vg0-root ext4',
			'/srv /dev/mapper/vg0-data xfs',
			'/boot /dev/vda1 ext4',
		]);
	});

	it('is imaged from snapshots while it goes on; what is restored from it starts, and its files are read from the image', async () => {
		await machine.run(
			`lvcreate -q -y --snapshot --name afterimage_4194300_00000000_1 --addtag afterimage --extents 2 vg0/root`,
		);
		const before = Number(await machine.run('cat /home/count'));
		const said = await machine.run(`${image('/dev/vda')} 2>&1`, patience);
		expect(said).toContain('Made snapshots (LVM) of /, /srv for this run');
		expect(said).toContain('Froze the ext4 file system at /boot for this run');
		expect(said).toMatch(/partition 2: LVM2 physical volume "vg0", \d+\.\d+ MB of \d+\.\d+ MB$/m);
		expect(said).not.toContain('stored whole');
		expect(said).toContain('Removed the snapshot vg0/afterimage_4194300_00000000_1 of a run that died');
		expect(await volumesOf(machine)).toEqual(['data', 'root', 'swap']);
		const after = Number(await machine.run('cat /home/count'));
		const sums = await machine.run('sha256sum /home/random /home/notes.txt /srv/notes.txt');
		const restored = temp.file('restored');
		await restore(/-00-00\.mrimgx$/, restored);
		await run('sgdisk', ['-v', restored]);

		const second = await bootMachine({ disks: [restored] });
		try {
			await second.run('vgchange -q -ay vg0 && e2fsck -fn /dev/vg0/root && e2fsck -fn /dev/vda1', patience);
			expect(await volumesOf(second)).toEqual(['data', 'root', 'swap']);
			await second.run(
				'mkdir /run/data && mount /dev/vg0/data /run/data && umount /run/data && xfs_repair -n /dev/vg0/data',
				patience,
			);
			await startLvmSystem(second);
			expect(await second.run('sha256sum /home/random /home/notes.txt /srv/notes.txt')).toBe(sums);
			const count = Number(await second.run('cat /home/count'));
			expect(count).toBeGreaterThanOrEqual(before);
			// It went on while it was read: the image is of the beginning, not of the end.
			expect(count).toBeLessThan(after);
		} finally {
			second.kill();
			rmSync(restored);
		}

		const [root, data] = [temp.file('from-root'), temp.file('from-data')];
		await here(/-00-00\.mrimgx$/, (file) => [
			['extract', file, '/root/home', '--partition', '2', '--to', root],
			['extract', file, '/data/notes.txt', '--partition', '2', '--to', data],
		]);
		const files = [`${root}/home/random`, `${root}/home/notes.txt`, `${data}/notes.txt`];
		const hashes = (text: string) => text.match(/\b[0-9a-f]{64}\b/g);
		expect(hashes((await run('sha256sum', files)).stdout)).toEqual(hashes(sums));
		const extracted = Number(readFileSync(`${root}/home/count`, 'utf8'));
		expect(extracted).toBeGreaterThanOrEqual(before);
		expect(extracted).toBeLessThan(after);
	});

	it('gives a volume of its own, of which only used blocks are stored', async () => {
		const said = await machine.run(`${image('/dev/vg0/root --name alone')} 2>&1`, patience);
		expect(said).toContain('Made snapshots (LVM) of / for this run');
		expect(said).toMatch(/partition 1: ext4, \d+\.\d+ MB of 160\.00 MB$/m);
		expect(await volumesOf(machine)).toEqual(['data', 'root', 'swap']);
		const restored = temp.file('volume');
		await restore(/alone/, restored);
		await run('e2fsck', ['-fn', restored]);
	});

	it('keeps FAT read-only while it is read, which knows no freeze, and refuses it to whoever writes there', async () => {
		const esp = await machine.run(`set -e
			truncate -s 48M /run/esp && mkfs.fat -F 32 /run/esp > /dev/null
			modprobe -a loop vfat nls_ascii
			mkdir -p /run/efi
			device=$(losetup -f --show /run/esp)
			mount -o rw $device /run/efi
			echo $device`);
		const open = await machine.sh(
			`exec 9> /run/efi/open; ${image(`${esp} --name open`)} 2>&1; code=$?; exec 9>&-; rm /run/efi/open; exit $code`,
			patience,
		);
		expect(open.output).toMatch(/The file system at \/run\/efi cannot be made read-only for the run: .*busy/);
		expect(open.code).toBe(1);
		const said = await machine.run(
			`${image(`${esp} --name efi`)} 2>&1; echo after > /run/efi/after; umount /run/efi; fsck.fat -n /run/esp`,
			patience,
		);
		expect(said).toMatch(/Made the vfat file system at \/run\/efi read-only for this run: .*not on LVM/);
		expect(said).toMatch(/partition 1: FAT32, \d+\.\d+ [kM]B of 48\.00 MB$/im);
	});

	it('gives a thin volume of its own, from a thin snapshot', async () => {
		const said = await machine.run(
			`set -e
			lvcreate -q -y --type thin-pool --name pool --size 40m vg0
			lvcreate -q -y --thinpool pool --virtualsize 64m --name thin vg0
			mkfs.ext4 -q /dev/vg0/thin
			mkdir -p /run/thin && mount /dev/vg0/thin /run/thin
			cp /home/random /run/thin
			${image('/dev/vg0/thin --name thin')} 2>&1
			umount /run/thin && lvremove -q -f -y vg0/thin vg0/pool`,
			patience,
		);
		expect(said).toContain('Made snapshots (LVM) of /run/thin for this run');
		expect(await volumesOf(machine)).toEqual(['data', 'root', 'swap']);
		const restored = temp.file('thin');
		await restore(/-thin-/, restored);
		await run('e2fsck', ['-fn', restored]);
	});

	it('is frozen where its bytes do not lie on the disk as they are', async () => {
		const said = await machine.run(
			`set -e
			echo "0 100000 linear /dev/vdc 2048" | dmsetup create mapped
			vgcreate -q vg1 /dev/mapper/mapped
			lvcreate -q -y --name inner --size 24m vg1
			mkfs.ext4 -q /dev/vg1/inner
			mkdir -p /run/inner && mount /dev/vg1/inner /run/inner
			${image('/dev/vdc --name mapped')} 2>&1
			umount /run/inner && vgremove -q -f -y vg1 && dmsetup remove mapped`,
			patience,
		);
		expect(said).toMatch(
			/Froze the ext4 file system at \/run\/inner .*\/dev\/mapper\/mapped lies encrypted or in an array/,
		);
	});

	it('keeps no snapshot of a run that is killed', async () => {
		const before = await images();
		await machine.run(
			`${image('/dev/vg0/root --all-sectors')} > /run/killed.log 2>&1 & pid=$!
			${stopAtSnapshot('/run/killed.log')}
			kill -KILL $pid
			for i in $(seq 100); do lvs --noheadings --options lv_name vg0 | grep -q afterimage_ || exit 0; sleep 0.3; done
			exit 1`,
			patience,
		);
		expect(await volumesOf(machine)).toEqual(['data', 'root', 'swap']);
		expect((await images()).filter((name) => name.endsWith('.mrimgx'))).toEqual(
			before.filter((name) => name.endsWith('.mrimgx')),
		);
	});

	it('ends a run whose snapshot ran over in words, although it skips bad sectors', async () => {
		const before = await images();
		const { code, output } = await machine.sh(
			`lvcreate -q -y --name filler --extents 90%FREE vg0
			${image('/dev/vg0/root --all-sectors --skip-bad-sectors')} > /run/full.log 2>&1 & pid=$!
			${stopAtSnapshot('/run/full.log')}
			head -c 60M /dev/urandom > /home/much; sync
			kill -CONT $pid
			wait $pid; code=$?
			rm /home/much
			lvremove -q -y vg0/filler
			cat /run/full.log
			exit $code`,
			patience,
		);
		expect(output).toContain('The snapshot of vg0/root was lost during the run');
		expect(code).toBe(7);
		expect(await volumesOf(machine)).toEqual(['data', 'root', 'swap']);
		expect((await images()).filter((name) => name.endsWith('.mrimgx'))).toEqual(
			before.filter((name) => name.endsWith('.mrimgx')),
		);
	});

	it('is refused where its volume group has no room, and says so', async () => {
		const { code, output } = await machine.sh(
			`lvcreate -q -y --name filler --extents 100%FREE vg0
			${image('/dev/vda')} 2>&1; code=$?
			lvremove -q -y vg0/filler
			exit $code`,
			patience,
		);
		expect(output).toMatch(/mounted for writing at \/ \(ext4\), there are no snapshots of it .*vg0 has 0 MB free/);
		expect(code).toBe(1);
	});
});
