import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../src/definition/xml/edits.ts';
import { definitionXsd } from '../../../src/definition/schema/xsd.ts';
import { definitionLink } from '../../../src/xml/definition-link.ts';
import { DefinitionText } from '../../../src/xml/document.ts';
import { foldingRanges } from '../../../src/xml/folding.ts';
import { inlayHints } from '../../../src/xml/inlay-hints.ts';
import { lenses } from '../../../src/xml/lenses.ts';
import { links } from '../../../src/xml/links.ts';
import { noFacts } from '../../../src/xml/live-facts.ts';
import { symbols, type DefinitionSymbol } from '../../../src/xml/symbols.ts';
import { englishWords } from '../../../src/xml/words.ts';
import { around, facts, guid, marked, sample, surroundings } from './support.ts';

function outline(list: readonly DefinitionSymbol[], margin = ''): string[] {
	return list.flatMap(({ name, detail, children }) => [
		`${margin}${name}${detail === '' ? '' : `: ${detail}`}`,
		...outline(children, `${margin}  `),
	]);
}

describe('the outline', () => {
	it('shows each element with what it says', () => {
		expect(outline(symbols(new DefinitionText(sample)))).toEqual([
			'backup_definition: Home',
			'  name: Home',
			'  comment: Weekly and by hand',
			'  sources',
			'    disk: Samsung',
			'      partition: 1, EFI, at 1.00 MB',
			'      partition: 2',
			'    raw_file: /var/lib/vm/disk.img',
			'  destination',
			'    folder: /mnt/backup',
			'    filename_template: {COMPUTERNAME}-{DATE}',
			'  file_size_limit: 4294967296',
			'  rate_limit: 20000',
			'  scheduling',
			'    schedule: Full: First Monday of the month at 09:00',
			'    schedule: Incremental: Tuesday and Thursday at 09:00 (off)',
			'  disk_space_management',
			'    full_retention: Retain 12 full images',
			'  scripts',
			'    before: /usr/local/sbin/before',
			'      argument: a b',
		]);
	});

	it('has its names inside of its ranges, whatever the text', () => {
		const check = (list: readonly DefinitionSymbol[]): void => {
			for (const { span, nameSpan, children, name } of list) {
				expect(span.start <= nameSpan.start && nameSpan.end <= span.end && name !== '').toBe(true);
				check(children);
			}
		};
		for (let end = 0; end <= sample.length; end += 3) check(symbols(new DefinitionText(sample.slice(0, end))));
	});
});

describe('folding', () => {
	it('folds elements, comments, CDATA and regions', () => {
		const text =
			'<a>\n<!-- #region x -->\n<b>\n1\n</b>\n<!-- #endregion -->\n<!--\n-->\n<c><![CDATA[\n]]></c>\n<d/>\n</a>\n';
		expect(foldingRanges(new DefinitionText(text)).map((one) => `${one.kind} ${one.startLine}-${one.endLine}`)).toEqual(
			['element 0-10', 'region 1-5', 'element 2-3', 'comment 6-7', 'element 8-9'],
		);
	});
});

describe('links', () => {
	it('lead to folders, scripts and raw files', () => {
		const document = new DefinitionText(sample);
		const found = links(document).map(({ span, path, kind }) => [kind, path, sample.slice(span.start, span.end)]);
		expect(found).toEqual([
			['file', '/var/lib/vm/disk.img', '/var/lib/vm/disk.img'],
			['folder', '/mnt/backup', '/mnt/backup'],
			['file', '/usr/local/sbin/before', '/usr/local/sbin/before'],
		]);
		const windows = new DefinitionText(
			around('<destination><folder>\n D:\\a&amp;b\n</folder><optical_drive>//x</optical_drive></destination>'),
		);
		expect(links(windows).map(({ path }) => path)).toEqual(['D:\\a&b', '//x']);
		expect(links(new DefinitionText(around('<destination><folder>a/b</folder></destination>')))).toEqual([]);
		const password = '<encryption password_source="file" password_name="/root/p"/>';
		expect(links(new DefinitionText(around(password)))).toHaveLength(1);
		expect(links(new DefinitionText(around(password.replace('"file"', '"environment"'))))).toEqual([]);
	});
});

describe('lenses', () => {
	it('stand above the root and each schedule', () => {
		const found = lenses(new DefinitionText(sample), surroundings).map(({ span, action }) =>
			[sample.slice(span.start, span.end), action.kind, action.kind === 'next' ? action.text : ''].join(' ').trim(),
		);
		expect(found).toEqual([
			'backup_definition run-full',
			'backup_definition run-incremental',
			'backup_definition next Mon 7 Dec, 09:00 (full)',
			'backup_definition open-form',
			'schedule next Mon 7 Dec, 09:00',
			'schedule disable',
			'schedule enable',
		]);
	});

	it('turn a schedule on and off', () => {
		const edits = lenses(new DefinitionText(sample), surroundings).flatMap(({ action }) =>
			action.kind === 'enable' || action.kind === 'disable' ? action.edit : [],
		);
		const changed = applyEdits(sample, edits);
		expect(changed).toContain('<schedule backup_type="full" enable="false">');
		expect(changed).toContain('<schedule backup_type="inc" enable="true">');
	});

	it('tell of no run that nothing plans', () => {
		const next = lenses(new DefinitionText(around('')), surroundings).find(({ action }) => action.kind === 'next');
		expect(next!.action).toEqual({ kind: 'next', text: undefined });
		expect(lenses(new DefinitionText('<a/>'), surroundings)).toEqual([]);
		const strange = around(
			'<scheduling time_zone="No/Where"><schedule backup_type="inc"><daily time="09:00"/></schedule></scheduling>',
		);
		expect(lenses(new DefinitionText(strange), surroundings).length).toBeGreaterThan(3);
	});
});

describe('inlay hints', () => {
	it('tell models and sizes', async () => {
		const hints = await inlayHints(new DefinitionText(sample), facts);
		const text = applyEdits(
			sample,
			hints.map(({ offset, text: hint }) => ({ start: offset, end: offset, text: `«${hint}»` })),
		);
		expect(text).toContain(`signature="${guid}"«Samsung 980 <Pro>»`);
		expect(text).toContain('number="1"«EFI, FAT32, 512.00 MB» offset="1048576"«1.00 MB»');
		expect(text).toContain('4294967296«4.00 GB»<');
		expect(text).toContain('20000«19.53 MB/s»<');
		expect(hints).toHaveLength(6);
		const told = await inlayHints(new DefinitionText(sample), facts, {
			...englishWords,
			size: (bytes) => `${bytes} Byte`,
		});
		expect(told.map((hint) => hint.text)).toEqual(expect.arrayContaining(['4294967296 Byte', '20480000 Byte/s']));
	});

	it('say that a disk is missing only where others are known', async () => {
		const document = new DefinitionText(around('<sources><disk signature="12345678"/></sources>'));
		expect((await inlayHints(document, facts)).map(({ text }) => text)).toEqual(['not attached']);
		expect(await inlayHints(document, noFacts)).toEqual([]);
	});
});

describe('going to the schema', () => {
	const target = (text: string): string | undefined => {
		const { document, offset } = marked(text);
		const link = definitionLink(document, offset);
		return link && definitionXsd.slice(link.target.start, link.target.start + 60).split('\n')[0];
	};

	it('finds elements, attributes and values', () => {
		expect(target('<backup_def|inition/>')).toBe('<xs:element name="backup_definition" type="backup_definition');
		expect(target(around('<destination><fold|er/></destination>'))).toBe('<xs:element name="folder" type="path">');
		expect(target(around('<encryption aes_|type="none"/>'))).toBe(
			'<xs:attribute name="aes_type" type="aes_type" default="none"',
		);
		expect(target(around('<encryption aes_type="aes-|128"/>'))).toBe('<xs:enumeration value="aes-128">');
		expect(target(around('<compression_level>hi|gh</compression_level>'))).toBe('<xs:enumeration value="high">');
		expect(target(around('<name>|x</name>'))).toBe('<xs:element name="name" type="title">');
		expect(target(around('<fo|o/>'))).toBeUndefined();
		expect(target('<a|/>')).toBeUndefined();
	});
});
