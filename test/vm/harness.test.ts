import { truncateSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { useTempFolder } from '../support/temp-folder.ts';
import { makeLvmSystem, startLvmSystem } from './support/lvm-system.ts';
import { bootMachine, type Machine } from './support/machine.ts';

describe('a Linux on LVM in a virtual machine', () => {
	const temp = useTempFolder();
	let machine: Machine;

	beforeAll(async () => {
		const disk = temp.file('disk');
		writeFileSync(disk, '');
		truncateSync(disk, 640 * 1024 ** 2);
		machine = await bootMachine({ disks: [disk] });
		await makeLvmSystem(machine);
		await startLvmSystem(machine);
	});

	afterAll(() => machine?.kill());

	it('has a volume as its root, and others beside it', async () => {
		const columns = (names: string) => ['--noheadings', '--raw', '--output', names].join(' ');
		expect(await machine.run(`findmnt ${columns('TARGET,SOURCE,FSTYPE')} --types ext4,xfs`)).toBe(
			['/ /dev/mapper/vg0-root ext4', '/srv /dev/mapper/vg0-data xfs', '/boot /dev/vda1 ext4'].join('\n'),
		);
		expect(await machine.run('grep -oE "^.* / / " /proc/self/mountinfo')).toMatch(/ 253:\d+ \/ \/$/);
	});

	it('runs the Node of this project, and its programs', async () => {
		expect(await machine.run('node --version')).toBe(process.version);
		const disks = await machine.run(`node ${inject('programs')}/afterimage.mjs disks`);
		expect(disks).toContain('/dev/vda');
	});

	it('keeps in a snapshot what its origin was', async () => {
		const notes = await machine.run(`set -e
			echo before > /home/notes.txt
			lvcreate -q --snapshot --name kept --size 32m vg0/root > /dev/null
			echo after > /home/notes.txt
			sync
			mkdir -p /run/kept
			mount -o ro /dev/vg0/kept /run/kept
			cat /home/notes.txt /run/kept/home/notes.txt
			umount /run/kept
			lvs --noheadings --options origin vg0/kept
			lvremove -q -y vg0/kept > /dev/null`);
		expect(notes.split(/\s+/)).toEqual(['after', 'before', 'root']);
	});

	it('tells code and output of commands, also of several at a time', async () => {
		const slow = machine.sh('sleep 2; echo slow >&2; exit 3');
		const [quick] = await Promise.all([machine.sh('seq 100000'), slow]);
		expect(quick.output.split('\n')).toHaveLength(100_001);
		expect(await slow).toEqual({ code: 3, output: 'slow\n' });
	});

	it('says what a command did that took too long', async () => {
		const late = machine.sh('echo begun; sleep 60', { timeout: 5000 });
		await expect(late).rejects.toThrow(/^Not done within 5000 ms: .*sleep 60\nbegun\n/);
	});

	it('tells the end of the machine, and what its console said', async () => {
		await expect(machine.sh('echo c > /proc/sysrq-trigger')).rejects.toThrow(/has ended.*Kernel panic/s);
	});
});
