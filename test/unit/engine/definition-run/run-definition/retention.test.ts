import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
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

	it('that fail are a warning, for the backup is there', async () => {
		const { images, run, machine, said } = setUp({ more: keep('<full_retention interval="1"/>') });
		await run({ type: 'full' });
		machine.clock.advance(60_000);
		let scans = 0;
		machine.volumes.placeOf = async () => {
			if (++scans > 2) throw new Error('the drive has gone');
			return machine.volumes.place;
		};
		await run({ type: 'full' });
		expect(readdirSync(images)).toHaveLength(2);
		expect(said().at(-1)).toBe('! The retention rules could not be applied: the drive has gone');
	});
});
