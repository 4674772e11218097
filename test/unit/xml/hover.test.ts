import { describe, expect, it } from 'vitest';
import { hover } from '../../../src/xml/hover.ts';
import { DefinitionText } from '../../../src/xml/document.ts';
import { noFacts } from '../../../src/xml/live-facts.ts';
import { around, facts, guid, marked, sample, surroundings } from './support.ts';

async function hoverAt(text: string, live = facts): Promise<{ covers: string; says: string } | undefined> {
	const { document, offset, text: plain } = marked(text);
	const found = await hover(document, offset, live, surroundings);
	return found && { covers: plain.slice(found.span.start, found.span.end), says: found.parts.join('\n\n') };
}

const inSample = (before: string, live = facts) =>
	hoverAt(sample.replace(before, before.slice(0, -1) + '|' + before.slice(-1)), live);

describe('hover', () => {
	it('tells what the schema says', async () => {
		const element = (await inSample('<comment'))!;
		expect(element.covers).toBe('comment');
		expect(element.says).toBe(
			'**comment**\n\nA remark for people. It is stored in every image that this definition makes.\n\nDefault: empty.',
		);
		const attribute = (await inSample('backup_type="fu'))!;
		expect(attribute.covers).toBe('backup_type="full"');
		expect(attribute.says).toContain('`full`: Everything; begins a new backup set.');
		expect(attribute.says).toContain('One of `full`, `diff`, `inc`. Required.');
		expect((await inSample('</name'))!.covers).toBe('name');
	});

	it('tells what a file name and its parameters are now', async () => {
		const whole = (await inSample('<filename_temp'))!;
		expect(whole.says).toContain('`D684BA87241263E2-DESK-2026-11-24-00-00.mrimgx`');
		const one = (await inSample('{DAT'))!;
		expect(one).toMatchObject({ covers: '{DATE}' });
		expect(one.says).toContain('Now: `2026-11-24`');
	});

	it('tells the next runs, of one schedule or all', async () => {
		expect((await inSample('<scheduling'))!.says).toContain('Mon, 7 Dec 2026, 09:00: full');
		const second = sample.replace('<schedule backup_type="inc" enable="false"', '<sche|dule backup_type="inc"');
		expect((await hoverAt(second))!.says).toContain('Tue, 1 Dec 2026, 09:00: incremental\n- Thu');
		const broken = around('<scheduling><sched|ule backup_type="inc"><daily time="9"/></schedule></scheduling>');
		expect((await hoverAt(broken))!.says).not.toContain('Next runs');
	});

	it('tells how much is selected of what is attached', async () => {
		expect((await inSample('<sources'))!.says).toContain('Selected: 2 partitions, 400.03 GB used of 400.50 GB');
		expect((await inSample('<disk'))!.says).toContain('Selected: 2 partitions');
		expect((await inSample('<sources', noFacts))!.says).toContain(`Not attached: ${guid}`);
		expect((await inSample(`signature="${guid}`))!.says).toContain(
			'Disk 0: Samsung 980 <Pro> (/dev/nvme0n1, 500.00 GB)',
		);
		expect((await inSample('<partition number="1'))!.says).toContain('EFI, FAT32: 512.00 MB, 32.00 MB of it used');
		const elsewhere = around(`<sources><disk signature="${guid}"><part|ition number="1" offset="5"/></disk></sources>`);
		expect((await hoverAt(elsewhere))!.says).toContain('Samsung 980 <Pro> has no such partition now.');
	});

	it('tells bytes', async () => {
		expect((await inSample('offset="10'))!.says).toContain('1.00 MB = 1,048,576 bytes');
		expect((await inSample('<file_size_limit>42'))!.says).toContain('4.00 GB = 4,294,967,296 bytes');
	});

	it('is silent where there is nothing to say, and never throws', async () => {
		expect(await hoverAt(around('<!-- | -->'))).toBeUndefined();
		expect(await hoverAt(around('<fo|o/>'))).toBeUndefined();
		for (let end = 0; end <= sample.length; end += 5) {
			await hover(new DefinitionText(sample.slice(0, end)), end, facts, surroundings);
			await hover(new DefinitionText(sample), end, facts, surroundings);
		}
	});
});
