import { truncateSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { DiskInfo } from '../../src/protocol/disks.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { bootMachine, type Machine } from './support/machine.ts';

const patience = { timeout: 300_000 };
const afterimage = `AFTERIMAGE_DATA=/run/data node ${inject('programs')}/afterimage.mjs`;

describe('a disk that two paths lead to', { timeout: 900_000 }, () => {
	const temp = useTempFolder();
	let machine: Machine;

	beforeAll(async () => {
		const paths = ['one', 'two'].map((name) => temp.file(name));
		for (const path of paths) {
			writeFileSync(path, '');
			truncateSync(path, 64 * 1024 ** 2);
		}
		machine = await bootMachine({ disks: paths });
		// The kernel takes the first path for as long as it works, so that nobody misses that the other leads elsewhere here.
		await machine.run(`set -e
			modprobe -a dm_multipath dm_service_time
			sectors=$(blockdev --getsz /dev/vda)
			group='service-time 0 1 2'
			dmsetup create mpatha --uuid mpath-36001405 --table \\
				"0 $sectors multipath 0 0 2 1 $group $(cat /sys/block/vda/dev) 1 1 $group $(cat /sys/block/vdb/dev) 1 1"
			printf 'label: gpt\\nsize=32M\\ntype=L\\n' | sfdisk --quiet --no-reread /dev/mapper/mpatha
			udevadm settle`);
	}, 300_000);

	afterAll(() => machine?.kill());

	it('is listed once, as what the paths make', async () => {
		const said = await machine.run(`${afterimage} disks --json`, patience);
		const { disks } = JSON.parse(said.split('\n').at(-1)!) as { disks: DiskInfo[] };
		expect(disks.map(({ path, model, table, partitions }) => [path, model, table, partitions.length])).toEqual([
			['/dev/dm-0', 'mpatha', 'gpt', 2],
		]);
	});

	it('is overwritten by no path, in words that name the disk', async () => {
		const { code, output } = await machine.sh(
			`mkdir -p /run/images && ${afterimage} image /dev/mapper/mpatha --partition 2 --to /run/images &&
			${afterimage} restore /run/images/*.mrimgx --to /dev/vdb --dry-run 2>&1`,
			patience,
		);
		expect(output).toContain('/dev/vdb cannot be overwritten: it is one of the paths of /dev/mapper/mpatha');
		expect(code).toBe(1);
	});
});
