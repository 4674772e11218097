import { readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { JobEvent } from '../../../../../src/engine/job-events.ts';
import { readVerified } from '../../../../../src/engine/verified-record.ts';
import { sampleDiskGuid } from '../../../../support/fakes/sample-disk.ts';
import { setUp } from './set-up.ts';

const day = 24 * 3600 * 1000;
const email =
	'<email sender="a@example.com"><success recipients="s@example.com"/><failure recipients="f@example.com"/></email>';
const monthly = `<reverify_after_days>30</reverify_after_days>${email}`;

/** Changes a byte of the file's first block. */
function damage(path: string): void {
	const { atime, mtime } = statSync(path);
	const bytes = readFileSync(path);
	bytes[100]! ^= 1;
	writeFileSync(path, bytes);
	utimesSync(path, atime, mtime);
}

describe('backups of a definition that were not verified for long', () => {
	it('are verified again after a backup, those of other partitions not', async () => {
		const { ports, run, write, machine, images } = setUp({
			sources: `<disk signature="${sampleDiskGuid}"><partition number="1"/></disk>`,
		});
		await run();
		machine.clock.advance(60_000);
		write({ more: monthly });
		const first = await run({ type: 'full' });
		expect(first.reverified.map(({ file, state }) => [file, state])).toEqual([[first.image.files[0], 'sound']]);
		machine.clock.advance(10 * day);
		const second = await run({ type: 'full' });
		expect(second.reverified.map(({ file }) => file)).toEqual(second.image.files);
		machine.clock.advance(21 * day);
		const third = await run({ type: 'full' });
		expect(third.reverified.map(({ file }) => file)).toEqual([third.image.files[0], first.image.files[0]]);
		expect(readVerified(images).size).toBe(3);
		expect(ports.mails.at(-1)?.text).toContain('; 2 backups verified again\n');
	});

	it('are let be unless the definition wants it', async () => {
		const { run, images } = setUp({ more: '<reverify_after_days>0</reverify_after_days>' });
		expect((await run()).reverified).toEqual([]);
		expect(readVerified(images).size).toBe(0);
	});

	it('make the run fail when one is damaged, which mail tells of', async () => {
		const { run, machine, images, ports } = setUp({ more: monthly });
		const { image } = await run();
		damage(image.files[0]!);
		machine.clock.advance(31 * day);
		const advice = 'Look at the medium, make a full to another one, and delete the damaged backups.';
		const message = `The backup was made, but 1 backup in ${images} does not verify: ${image.files[0]!} is damaged: 1 bad block`;
		await expect(run({ type: 'full' })).rejects.toMatchObject({ code: 'image-damaged', message, advice });
		expect(readdirSync(images).filter((name) => name.endsWith('.mrimgx'))).toHaveLength(2);
		expect(ports.mails.slice(-1)).toMatchObject([
			{ recipients: ['f@example.com'], text: expect.stringContaining(message) as string },
		]);
		// What lies there is told too, and not to everybody.
		const lost = 'Disk 0, partition 1 (unknown): which files are damaged is not known: ';
		expect(machine.logs.filter(({ openly }) => openly === '').map((line) => line.message)).toEqual([
			`${image.files[0]!}:`,
			expect.stringContaining(lost),
		]);
	});

	it('say that the backup was made when they are cancelled', async () => {
		const { run, machine, images } = setUp({ more: monthly });
		machine.events.push = ((event: JobEvent) => {
			if (event.type === 'progress' && event.phase === 'verify') machine.controller.abort();
		}) as typeof machine.events.push;
		await expect(run()).rejects.toMatchObject({
			code: 'cancelled',
			advice: expect.stringMatching(/^The backup was made: .*-00-00\.mrimgx$/) as string,
		});
		expect(readdirSync(images).filter((name) => name.endsWith('.mrimgx'))).toHaveLength(1);
	});

	it('warn when they lack files or have another password', async () => {
		const { run, machine, said, write } = setUp();
		const { image } = await run();
		machine.clock.advance(day);
		const inc = await run({ type: 'inc' });
		rmSync(image.files[0]!);
		machine.clock.advance(day);
		write({ more: monthly });
		const { reverified } = await run();
		expect(reverified.map(({ state }) => state)).toEqual(['incomplete', 'sound']);
		expect(said().filter((line) => line.startsWith(`! ${inc.image.files[0]!} lacks files`))).toHaveLength(1);
	});

	it('are left to the next run when they take long', async () => {
		const { run, machine, said, write } = setUp();
		for (let i = 0; i < 3; i++) {
			await run({ type: 'full' });
			machine.clock.advance(day);
		}
		write({ more: monthly });
		machine.onBatch = () => machine.clock.advance(0.2 * 3600 * 1000);
		const { reverified } = await run({ type: 'full' });
		expect(reverified.length).toBeGreaterThan(0);
		expect(reverified.length).toBeLessThan(4);
		const left = 4 - reverified.length;
		const line = `${left} backup${left === 1 ? ' is' : 's are'} left to the next run: verifying takes 6 hours at most`;
		expect(said()).toContain(line);
		expect((await run({ type: 'inc' })).reverified.length).toBeGreaterThan(0);
	});

	it('keep what was verified by then when the run is cancelled', async () => {
		const { run, machine, images, write } = setUp();
		await run();
		machine.clock.advance(day);
		write({ more: monthly });
		machine.onBatch = () => {
			if (readVerified(images).size === 1) machine.controller.abort();
		};
		await expect(run({ type: 'full' })).rejects.toMatchObject({ code: 'cancelled' });
		expect(readVerified(images).size).toBe(1);
		expect(readdirSync(images).filter((name) => name.endsWith('.mrimgx'))).toHaveLength(2);
	});
});
