import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../src/definition/xml/edits.ts';
import { complete } from '../../../src/xml/completion.ts';
import type { CompletionItem } from '../../../src/xml/completion/item.ts';
import { noFacts } from '../../../src/xml/live-facts.ts';
import { around, facts, guid, marked, sample, surroundings } from './support.ts';

async function itemsAt(text: string, live = noFacts): Promise<CompletionItem[]> {
	const { document, offset } = marked(text);
	const items = await complete(document, offset, live, surroundings);
	for (const { span } of items) {
		expect(document.text.slice(span.start, span.end)).not.toContain('\n');
		expect(span.start <= offset && offset <= span.end).toBe(true);
	}
	return items.sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : 0));
}

const labels = async (text: string, live = noFacts) => (await itemsAt(text, live)).map(({ label }) => label);
const elementsAt = async (text: string) =>
	(await itemsAt(text)).filter(({ kind }) => kind === 'element').map(({ label }) => label);

/** The document once the item with a label has been chosen. */
async function choose(text: string, label: string, live = noFacts): Promise<string> {
	const item = (await itemsAt(text, live)).find((one) => one.label === label);
	expect(item, label).toBeDefined();
	return applyEdits(marked(text).text, [{ ...item!.span, text: item!.text }, ...(item!.more ?? [])]);
}

describe('elements', () => {
	it('offers what the schema allows and is not there yet, missing ones first', async () => {
		const found = await elementsAt(around('<name>x</name>|<scripts/>'));
		expect(found.slice(0, 2)).toEqual(['sources', 'destination']);
		expect(found).not.toContain('name');
		expect(found).not.toContain('scripts');
		expect(found).toContain('email');
	});

	it('keeps the order of a sequence and the choice between two', async () => {
		expect(await elementsAt(around('<destination>|<filename_template/></destination>'))).toEqual([
			'folder',
			'optical_drive',
			'alternative_locations',
		]);
		expect(await elementsAt(around('<destination><folder>/b</folder>|</destination>'))).toEqual([
			'alternative_locations',
			'filename_template',
			'prefix_unique',
		]);
		expect(
			await elementsAt(
				around('<scheduling><schedule backup_type="full"><daily time="09:00"/>|</schedule></scheduling>'),
			),
		).toEqual([]);
		expect(await elementsAt(around('<scheduling><schedule backup_type="full">|</schedule></scheduling>'))).toContain(
			'event',
		);
	});

	it.each(['<|', '<n|', '<dest|', '|', 'dest|'])('works behind %s', async (typed) => {
		const found = await elementsAt(around(`\n\t${typed}\n\t<name>x</name>\n`));
		expect(found).toContain('destination');
		expect(found).not.toContain('name');
	});

	it('looks past a broken tag for what stands behind it', async () => {
		const found = await elementsAt(around('\n<de|\n<destination><folder>/b</folder></destination><name>x</name>'));
		expect(found).not.toContain('destination');
		expect(found).toContain('sources');
	});

	it('writes all that an element needs', async () => {
		expect(await choose(around('<sources><|</sources>'), 'disk')).toContain(
			'<sources><disk signature="$1">$0</disk></sources>',
		);
		expect(await choose(around('<|'), 'compression_level')).toContain(
			'<compression_level>${1|medium,none,high|}</compression_level>',
		);
		expect(await choose(around('<des|'), 'destination')).toContain(
			'<destination>\n\t<folder>$1</folder>\n</destination>',
		);
		expect(await choose(around('<scheduling>|</scheduling>'), 'schedule')).toContain(
			'<schedule backup_type="${1|full,diff,inc|}">\n\t$0\n</schedule>',
		);
	});

	it('renames an element that is whole, in both its tags', async () => {
		const text = around('<sources><di|sk signature="00000000"></disk></sources>');
		expect(await choose(text, 'raw_file')).toBe(
			around('<sources><raw_file signature="00000000"></raw_file></sources>'),
		);
	});

	it('uses the prefix of the document', async () => {
		const text =
			'<b:backup_definition xmlns:b="https://afterimage.dev/schema/backup-definition/1">|</b:backup_definition>';
		expect(await choose(text, 'name')).toContain('<b:name>$1</b:name>');
		expect(await choose(text, 'retention rules')).toContain('\t<b:full_retention interval="${2:12}"');
	});

	it('offers nothing in comments, CDATA and instructions', async () => {
		for (const text of ['<!-- | -->', '<![CDATA[ | ]]>', '<?x | ?>']) expect(await labels(around(text))).toEqual([]);
	});
});

describe('end tags', () => {
	it('closes the element that is open', async () => {
		expect(await choose(around('<sources></|'), '</sources>')).toContain('<sources></sources>');
		expect(await choose(around('<name>x</na|'), '</name>')).toContain('<name>x</name>');
		expect(await choose(around('<name>x</na|>'), '</name>')).toBe(around('<name>x</name>'));
		expect(await choose(around('<sources><|'), '</sources>')).toContain('<sources></sources>');
	});
});

describe('attributes', () => {
	it('offers those that are not there yet, required ones first', async () => {
		expect(await labels(around('<sources><disk |/></sources>'))).toEqual(['signature', 'number', 'model']);
		expect(await labels(around('<sources><disk signature="00000000" m|/></sources>'))).toEqual(['number', 'model']);
		expect(await labels(around('<sources><disk signature="00000000"| number="1"/></sources>'))).toEqual(['model']);
	});

	it('writes the value with it, and only the name where there is one already', async () => {
		expect(await choose(around('<sources |/>'), 'boot_partitions')).toContain(
			'<sources boot_partitions="${1|false,true|}"/>',
		);
		expect(await choose(around('<sources boot|="true"/>'), 'boot_partitions')).toBe(
			around('<sources boot_partitions="true"/>'),
		);
	});

	it('works in a tag that is not closed yet', async () => {
		expect(await labels(around('<sources><disk |</sources>'))).toEqual(['signature', 'number', 'model']);
		expect(await labels(around('<sources><disk sig|\n<raw_file path="/x"/></sources>'))).toContain('signature');
	});
});

describe('values', () => {
	it('offers enumerations, booleans, lists and likely values', async () => {
		expect(await labels(around('<compression_level>|</compression_level>'))).toEqual(['medium', 'none', 'high']);
		expect(await labels(around('<auto_verify>t|</auto_verify>'))).toEqual(['false', 'true']);
		expect(await labels(around('<encryption aes_type="|"/>'))).toEqual(['none', 'aes-128', 'aes-192', 'aes-256']);
		expect(await labels(around('<encryption aes_type="|>\n<name/>'))).toContain('aes-256');
		const days = await labels(
			around('<scheduling><schedule backup_type="full"><weekly days="monday |tuesday"/></schedule></scheduling>'),
		);
		expect(days).not.toContain('monday');
		expect(days).toContain('friday');
		expect(await labels(around('<scheduling time_zone="|"/>'))).toContain('Europe/Berlin');
		expect(
			await labels(around('<scheduling><schedule backup_type="full"><once date="|"/></schedule></scheduling>')),
		).toEqual(['2026-11-24']);
	});

	it('replaces the whole value', async () => {
		expect(await choose(around('<compression_level> no|ne </compression_level>'), 'high')).toBe(
			around('<compression_level> high </compression_level>'),
		);
	});

	it('offers parameters in file names, with what they are now', async () => {
		const text = around('<destination><folder>/b</folder><filename_template>x-{COM|</filename_template></destination>');
		const item = (await itemsAt(text)).find(({ label }) => label === '{COMPUTERNAME}')!;
		expect(item).toMatchObject({ detail: 'DESK', documentation: 'Name of the computer.' });
		expect(await choose(text, '{COMPUTERNAME}')).toContain('>x-{COMPUTERNAME}<');
		expect(await choose(text.replace('{COM|', '{|DATE}'), '{TIME}')).toContain('>x-{TIME}<');
		expect(await labels(around('<name>{|</name>'))).toEqual([]);
	});
});

describe('what only this computer knows', () => {
	it('offers attached disks as signatures, with their hints', async () => {
		const text = around('<sources><disk signature="|"/></sources>');
		expect(await labels(text)).toEqual([]);
		expect(await choose(text, 'Disk 0 – Samsung 980 <Pro>', facts)).toBe(
			around(`<sources><disk signature="${guid}" number="0" model="Samsung 980 &lt;Pro&gt;"/></sources>`),
		);
		expect(await labels(text, facts)).toHaveLength(2);
	});

	it('offers whole disks and partitions that are not listed yet', async () => {
		expect(await choose(around('<sources>|</sources>'), 'disk: Disk 0 – Samsung 980 <Pro>', facts)).toContain(
			`<disk signature="${guid}" number="0" model="Samsung 980 &lt;Pro&gt;">\n` +
				'\t<partition number="1" offset="1048576" label="EFI"/>\n\t<partition number="2" offset="537919488"/>\n</disk>',
		);
		const listed = around(`<sources><disk signature="${guid}"><partition number="1"/>|</disk></sources>`);
		expect((await labels(listed, facts)).filter((label) => label.startsWith('partition:'))).toEqual([
			'partition: Partition 2 – ext4',
		]);
		expect(await labels(around(`<sources><disk signature="${guid}"/>|</sources>`), facts)).not.toContain(
			'disk: Disk 0 – Samsung 980 <Pro>',
		);
	});

	it('offers the partitions of the disk as numbers', async () => {
		const text = around(`<sources><disk signature="${guid}"><partition number="|"/></disk></sources>`);
		expect(await choose(text, 'Partition 1 – EFI, FAT32', facts)).toContain(
			'<partition number="1" offset="1048576" label="EFI"/>',
		);
	});

	it('offers folders, for paths alone', async () => {
		expect(await choose(around('<destination><folder>/mnt/b|</folder></destination>'), '/mnt/backup', facts)).toContain(
			'<folder>/mnt/backup</folder>',
		);
		expect(await labels(around('<encryption password_name="/mnt/|"/>'), facts)).toEqual([]);
		expect(await labels(around('<encryption password_source="file" password_name="/mnt/|"/>'), facts)).toHaveLength(2);
	});
});

describe('blocks', () => {
	it('offers a whole definition to an empty document', async () => {
		for (const text of ['|', '<|', '<ba|', '\n|']) expect(await labels(text)).toEqual(['backup definition']);
		expect(await choose('<?xml version="1.0"?>\n|', 'backup definition')).not.toMatch(/<\?xml[^]*<\?xml/);
	});

	it('offers plans where there is neither a schedule nor a rule', async () => {
		const plan = 'plan: Grandfather, Father, Son';
		const text = await choose(around('<|'), plan);
		expect(text).toContain('<monthly_weekday week="first" weekday="monday" time="09:00"/>');
		expect(text).toContain('<full_retention interval="26" period="weeks"/>');
		expect(await labels(around('<scheduling/>|'))).not.toContain(plan);
	});

	it('offers schedules inside of scheduling only', async () => {
		expect(await labels(around('<scheduling>|</scheduling>'))).toContain('schedule: weekly');
		expect(await labels(around('|'))).not.toContain('schedule: weekly');
	});
});

describe('anywhere', () => {
	it('never throws, whatever is behind and in front of the cursor', async () => {
		for (let offset = 0; offset <= sample.length; offset += 3) {
			for (const text of [sample.slice(0, offset), `${sample.slice(0, offset)}<${sample.slice(offset)}`]) {
				const { document } = marked(text);
				const at = Math.min(offset + (text.length > sample.length ? 1 : 0), text.length);
				for (const { span } of await complete(document, at, facts, surroundings)) {
					expect(span.start <= at && at <= span.end, text.slice(0, at)).toBe(true);
					expect(document.text.slice(span.start, span.end)).not.toContain('\n');
				}
			}
		}
	});
});
