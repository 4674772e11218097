import { readdirSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { second } from '../../../../support/fakes/sample-disk.ts';
import { tempFolder } from '../../../../support/temp-folder.ts';
import { setUp } from './set-up.ts';

describe('destination of a definition', () => {
	const alternatives = (...folders: string[]) =>
		`<alternative_locations>${folders.map((one) => `<folder>${one}</folder>`).join('')}</alternative_locations>`;

	it('is the first location that can be used, and the log says why others were passed over', async () => {
		const there = tempFolder();
		const { write, run, said, images } = setUp();
		write({ destination: alternatives('/nowhere/one', there) });
		expect((await run()).folder).toBe(images);
		rmSync(images, { recursive: true });
		expect((await run()).folder).toBe(there);
		const log = said().slice(-8).join('\n');
		expect(log).toContain(`${images}: no such file or directory: the next location is tried`);
		expect(log).toContain('/nowhere/one: no such file or directory');
		expect(log).toContain(`Destination: ${there}, alternative location 2`);
		write({ destination: alternatives('/nowhere/one') });
		await expect(run()).rejects.toMatchObject({ code: 'destination-missing' });
	});

	it('is never on a partition that is imaged', async () => {
		const { machine, run, images } = setUp();
		machine.volumes.place = {
			...machine.volumes.place,
			on: [{ disk: '/dev/fake', start: second.start + 512, length: 512 }],
		};
		await expect(run()).rejects.toThrow(`${images} lies on partition 2 of /dev/fake, which is to be imaged`);
		expect(readdirSync(images)).toEqual([]);
	});

	it('gives files a name of their own, and another one where that is taken', async () => {
		const template = '<filename_template>{DEFNAME} {BACKUPTYPE}</filename_template>';
		const { images, run, write } = setUp({ destination: template });
		const { image } = await run();
		expect(readdirSync(images)).toEqual([`${image.imageId}-My PC full-00-00.mrimgx`]);
		write({ destination: `${template}<prefix_unique>false</prefix_unique>` });
		for (let i = 0; i < 3; i++) await run({ type: 'full' });
		await run({ type: 'inc' });
		expect(readdirSync(images).slice(1)).toEqual([
			'My PC full-00-00.mrimgx',
			'My PC full_2-00-00.mrimgx',
			'My PC full_3-00-00.mrimgx',
			'My PC incremental-01-01.mrimgx',
		]);
	});
});
