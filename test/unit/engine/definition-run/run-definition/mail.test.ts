import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { first } from '../../../../support/fakes/sample-disk.ts';
import { setUp } from './set-up.ts';

describe('mail of a definition', () => {
	const email = `<email sender="pc@example.com">
		<success recipients="a@example.com; b@example.com" attach_log="true"/>
		<warning recipients="w@example.com" subject="{DEFNAME} on {COMPUTERNAME}"><content>See {IMAGEID}</content></warning>
		<failure recipients="f@example.com"/>
	</email>`;

	it('tells of a success', async () => {
		const { ports, run } = setUp({ more: email });
		const { image } = await run();
		expect(ports.mails).toEqual([
			{
				server: undefined,
				sender: 'pc@example.com',
				recipients: ['a@example.com', 'b@example.com'],
				subject: 'machine.example: My PC: Success',
				text: expect.stringContaining(image.files[0]!) as string,
				attachment: '/runs/1.log',
			},
		]);
	});

	it('tells of warnings in the words of the definition', async () => {
		const { ports, source, run } = setUp({ more: email });
		ports.ends.set('/s', { kind: 'exit', code: 1 });
		const { image } = await run({ type: 'inc' });
		expect(source.openCount).toBe(0);
		expect(ports.mails).toMatchObject([
			{
				recipients: ['w@example.com'],
				subject: 'My PC on machine.example',
				text: `See ${image.imageId}`,
				attachment: undefined,
			},
		]);
	});

	it('tells of a failure, of a skipped run, and of a cancelled one only when that is wanted', async () => {
		const failed = setUp({ more: email });
		failed.source.bad.add(first.start + 100);
		await expect(failed.run()).rejects.toThrow();
		expect(failed.ports.mails).toMatchObject([
			{
				recipients: ['f@example.com'],
				subject: 'machine.example: My PC: Failure',
				text: expect.stringContaining('cannot be read') as string,
			},
		]);

		const skipped = setUp({ more: email });
		writeFileSync(
			join(skipped.images, '.afterimage.lock'),
			JSON.stringify({ ...skipped.machine.processes.self(), host: 'other', since: 'now', task: 'image' }),
		);
		await expect(skipped.run()).rejects.toMatchObject({ code: 'busy' });
		expect(skipped.ports.mails).toHaveLength(1);
		skipped.write({ more: email.replace('<failure ', '<failure include_skipped="false" ') });
		await expect(skipped.run()).rejects.toMatchObject({ code: 'busy' });
		expect(skipped.ports.mails).toHaveLength(1);

		for (const [attribute, mails] of [
			['', 0],
			['include_cancelled="true" ', 1],
		] as const) {
			const cancelled = setUp({ more: email.replace('<failure ', `<failure ${attribute}`) });
			cancelled.machine.onBatch = () => cancelled.machine.controller.abort();
			await expect(cancelled.run()).rejects.toMatchObject({ code: 'cancelled' });
			expect(cancelled.ports.mails).toHaveLength(mails);
		}
	});

	it('is not sent about a password that somebody is asked for', async () => {
		const { ports, run } = setUp({ more: `${email}<encryption aes_type="aes-256"/>` });
		await expect(run({ interactive: true })).rejects.toMatchObject({ code: 'password-needed' });
		expect(ports.mails).toEqual([]);
		await expect(run()).rejects.toMatchObject({ code: 'password-needed' });
		expect(ports.mails).toHaveLength(1);
	});

	it('that cannot be sent is a warning of the run', async () => {
		const { ports, run, said } = setUp({ more: email });
		ports.mailFailure = 'refused by the server';
		await run();
		expect(said().at(-1)).toBe('! No mail was sent: refused by the server');
	});
});
