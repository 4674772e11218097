import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MemoryDisk } from '../../../../support/fakes/memory-disk.ts';
import { swapVolume } from '../../../../support/fakes/nameless-disks.ts';
import { sampleDiskGuid } from '../../../../support/fakes/sample-disk.ts';
import { setUp } from './set-up.ts';

describe('retention rules of a definition', () => {
	const keep = (rules: string, attributes = '') =>
		`<disk_space_management ${attributes}>${rules}</disk_space_management>`;

	it('are applied after the backup to sets of the same partitions alone', async () => {
		const { images, run, write, machine } = setUp({
			sources: `<disk signature="${sampleDiskGuid}"><partition number="1"/></disk>`,
		});
		const other = (await run()).image.files[0]!;
		const rules = keep('<full_retention interval="1"/>');
		write({ more: rules });
		const sets: string[] = [];
		for (let i = 0; i < 3; i++) {
			machine.clock.advance(60_000);
			const { image, purged } = await run({ type: 'full' });
			sets.push(image.files[0]!);
			expect(purged.map((step) => step.files)).toEqual(i === 0 ? [] : [[sets[i - 1]]]);
		}
		expect(readdirSync(images).sort()).toEqual([basename(other), basename(sets[2]!)].sort());
		write({ more: keep('<full_retention interval="1"/>', 'apply_to_all_sets_in_folder="true"') });
		machine.clock.advance(60_000);
		await run({ type: 'full' });
		expect(readdirSync(images)).toHaveLength(1);
	});

	it('are applied before the backup when it says so, which then counts', async () => {
		const { images, run, machine } = setUp({ more: keep('<full_retention interval="1"/>', 'run_before="true"') });
		await run({ type: 'full' });
		machine.clock.advance(60_000);
		const { purged } = await run({ type: 'full' });
		expect(purged).toHaveLength(1);
		expect(readdirSync(images)).toHaveLength(1);
	});

	it('that are applied before count the full that is to come where no set can be continued', async () => {
		const { images, run, write, machine } = setUp({
			sources: `<disk signature="${sampleDiskGuid}"><partition number="1"/></disk>`,
		});
		const other = (await run()).image.files[0]!;
		machine.clock.advance(60_000);
		const all = 'run_before="true" apply_to_all_sets_in_folder="true"';
		write({ more: keep('<full_retention interval="1"/>', all) });
		const { purged, image } = await run({ type: 'auto' });
		expect(purged.map((step) => step.files)).toEqual([[other]]);
		expect(image.backupType).toBe('full');
		expect(readdirSync(images)).toHaveLength(1);
		machine.clock.advance(60_000);
		expect(await run({ type: 'auto' })).toMatchObject({ purged: [], image: { backupType: 'inc' } });
	});

	it.each([false, true])('leave alone what is of other disks without an id (before the backup: %s)', async (before) => {
		const { images, run, write, machine, said } = setUp();
		const use = (path: string) =>
			write({
				sources: `<raw_file path="${path}"/>`,
				more: keep('<full_retention interval="1"/>', before ? 'run_before="true"' : ''),
			});
		const disks = { '/one': swapVolume(1), '/two': swapVolume(2), '/a': swapVolume(0), '/b': swapVolume(0) };
		for (const [path, bytes] of Object.entries(disks)) machine.disks.disks.push(new MemoryDisk(path, bytes));
		const left: string[] = [];
		for (const path of ['/one', '/two', '/a', '/b', '/a', '/one']) {
			use(path);
			machine.clock.advance(60_000);
			const { image, purged } = await run({ type: 'full' });
			left.push(basename(image.files[0]!));
			const gone = path === '/one' && left.length > 1 ? [left.shift()!] : [];
			expect(purged.flatMap((step) => step.files.map((file) => basename(file)))).toEqual(gone);
			expect(readdirSync(images).sort()).toEqual([...left].sort());
		}
		const warning = (line: string) => line.startsWith('! No rule reaches the earlier sets of these partitions');
		expect(said().filter(warning)).toHaveLength(3);
	});

	it('leave the backup just made, also one of an unknown disk by a clock that was set back', async () => {
		const { images, run, write, machine } = setUp();
		for (const path of ['/a', '/b']) {
			machine.disks.disks.push(new MemoryDisk(path, swapVolume(0)));
			machine.clock.setBack(3_600_000);
			const all = 'apply_to_all_sets_in_folder="true"';
			write({
				sources: `<raw_file path="${path}"/>`,
				more: keep('<full_retention interval="1"/>', all),
			});
			const { image } = await run();
			expect(readdirSync(images)).toEqual([basename(image.files[0]!)]);
		}
	});

	it('reach the incrementals of a disk without an id', async () => {
		const { run, machine } = setUp({
			sources: '<raw_file path="/one"/>',
			more: keep('<incremental_retention interval="2"/>', 'run_before="true"'),
		});
		machine.disks.disks.push(new MemoryDisk('/one', swapVolume(1)));
		const kinds: unknown[] = [];
		for (let i = 0; i < 5; i++) {
			machine.clock.advance(60_000);
			const { image, purged } = await run();
			kinds.push([image.backupType, ...purged.map((step) => step.kind)]);
		}
		expect(kinds).toEqual([['full'], ['inc'], ['inc'], ['inc', 'merge'], ['inc', 'merge']]);
	});

	it('roll the full forward before the backup, whose numbers follow those of all files that were merged', async () => {
		const { images, run, write, machine } = setUp();
		const next = async () => {
			machine.clock.advance(60_000);
			return (await run()).image.imageId;
		};
		let id = '';
		for (let i = 0; i < 4; i++) id = await next();
		const forever = 'run_before="true" incrementals_forever="true"';
		write({ more: keep('<incremental_retention interval="1"/>', forever) });
		expect(await next()).toBe(id);
		// The worked example of version 7.2 calls the new file 01-01. Of this format the merged full has 1 in its
		// `merged_files`, for indexes that name blocks of that file: a second file 1 would be taken for the first.
		expect(readdirSync(images).sort()).toEqual([`${id}-00-00.mrimgx`, `${id}-04-04.mrimgx`]);
	});

	it('that fail are a warning, for the backup is there', async () => {
		const { images, run, machine, said } = setUp({ more: keep('<full_retention interval="1"/>') });
		await run({ type: 'full' });
		machine.clock.advance(60_000);
		let scans = 0;
		machine.volumes.placeOf = async () => {
			if (++scans > 3) throw new Error('the drive has gone');
			return machine.volumes.place;
		};
		await run({ type: 'full' });
		expect(readdirSync(images)).toHaveLength(2);
		expect(said().at(-1)).toBe('! The retention rules could not be applied: the drive has gone');
	});
});
