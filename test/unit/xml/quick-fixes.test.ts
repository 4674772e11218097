import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../src/definition/xml/edits.ts';
import { diagnose } from '../../../src/xml/diagnostics.ts';
import { DefinitionText } from '../../../src/xml/document.ts';
import { quickFixes } from '../../../src/xml/quick-fixes.ts';
import { around, namespace, sample, surroundings } from './support.ts';

const minimal = '<name>x</name><sources boot_partitions="true"/><destination><folder>/mnt/b</folder></destination>';
const whole = (more: string) => around(minimal + more);

/** The document after its first problem was mended by the preferred fix, or by the one with a title. */
function mend(text: string, title?: string): string {
	const document = new DefinitionText(text);
	const problems = diagnose(document);
	const fixes = problems
		.slice(0, title === undefined ? 1 : undefined)
		.flatMap((problem) => quickFixes(document, problem, surroundings.now));
	const found = fixes.find((fix) => (title === undefined ? fix.preferred : fix.title === title));
	expect(found, fixes.map((fix) => fix.title).join(', ')).toBeDefined();
	return applyEdits(text, found!.edits);
}

function problemsOf(text: string): string[] {
	return diagnose(new DefinitionText(text)).map(({ code }) => code);
}

describe('the preferred fix', () => {
	it.each([
		// schema: elements
		['schema-root', '<backup_definiton><name>x</name></backup_definiton>', '<backup_definition xmlns="'],
		['schema-root', `<backup_definition>${minimal}</backup_definition>`, `<backup_definition xmlns="${namespace}">`],
		['schema-root', `<b:backup_definition xmlns:b="u"/>`, `xmlns:b="${namespace}"`],
		[
			'schema-missing-element',
			around('<sources/><destination><folder>/b</folder></destination>'),
			'<name>My backup</name>',
		],
		['schema-missing-element', around('<name>x</name><sources/>'), '<destination>'],
		['schema-missing-element', whole('<scheduling><schedule backup_type="full"/></scheduling>'), '<once'],
		[
			'schema-unknown-element',
			whole('<compresion_level>high</compresion_level>'),
			'<compression_level>high</compression_level>',
		],
		[
			'schema-unknown-element',
			whole('<scheduling><Schedule backup_type="full"><daily time="09:00"/></Schedule></scheduling>'),
			'<schedule ',
		],
		[
			'schema-unknown-element',
			whole('<encryption><aes_type>aes-256</aes_type></encryption>'),
			'<encryption aes_type="aes-256"></encryption>',
		],
		['schema-unexpected-element', whole('<comment>a</comment><comment>b</comment>'), '<comment>a</comment></backup'],
		[
			'schema-unexpected-element',
			around(
				'<name>x</name><sources boot_partitions="true"/><destination><folder>/b</folder>\n<prefix_unique>true</prefix_unique>\n<filename_template>y</filename_template></destination>',
			),
			'<filename_template>y</filename_template>\n<prefix_unique>true</prefix_unique></destination>',
		],
		['schema-text', whole('text'), '</destination></backup_definition>'],
		// schema: attributes
		[
			'schema-missing-attribute',
			whole('<scheduling><schedule><daily time="09:00"/></schedule></scheduling>'),
			'<schedule backup_type="full">',
		],
		[
			'schema-missing-attribute',
			whole('<scheduling><schedule backup_type="full"><daily/></schedule></scheduling>'),
			'<daily time="09:00"/>',
		],
		['schema-unknown-attribute', whole('<scheduling missedruns="skip"/>'), '<scheduling missed_runs="skip"/>'],
		// schema: values
		['schema-value', whole('<auto_verify>yes</auto_verify>'), '<auto_verify>true<'],
		['schema-value', whole('<compression_level>hihg</compression_level>'), '>high<'],
		['schema-value', whole('<encryption aes_type="AES256"/>'), '"aes-256"'],
		['schema-value', whole('<rate_limit>-5</rate_limit>'), '>-1<'],
		['schema-value', whole('<file_size_limit>4,7gib</file_size_limit>'), '>4.7 GB<'],
		[
			'schema-value',
			whole('<scheduling><schedule backup_type="full"><daily time="9:5"/></schedule></scheduling>'),
			'"09:05"',
		],
		[
			'schema-value',
			whole('<scheduling><schedule backup_type="full"><daily time="9 pm"/></schedule></scheduling>'),
			'"21:00"',
		],
		[
			'schema-value',
			whole('<scheduling><schedule backup_type="full"><once date="1.2.2027" time="09:00"/></schedule></scheduling>'),
			'"2027-02-01"',
		],
		[
			'schema-value',
			whole('<scheduling><schedule backup_type="full"><weekly days="Mon, tue" time="09:00"/></schedule></scheduling>'),
			'"monday tuesday"',
		],
		[
			'schema-value',
			whole('<scheduling><schedule backup_type="full"><monthly day="32" time="09:00"/></schedule></scheduling>'),
			'"31"',
		],
		[
			'schema-value',
			whole('<scheduling><schedule backup_type="full"><intradaily minutes="0"/></schedule></scheduling>'),
			'"1"',
		],
		['schema-value', whole('<scheduling time_zone="Europe/ Berlin"/>'), '"Europe/Berlin"'],
		['schema-value', whole('<email server="mail.example.com"/>'), '"smtps://mail.example.com"'],
		[
			'schema-value',
			around(
				'<name>x</name><sources><disk signature="{6b1e5c2a-9f3d-4e77-8a10-3c5d7e9f1b24}"/></sources><destination><folder>/b</folder></destination>',
			),
			'"6B1E5C2A-',
		],
		[
			'schema-value',
			around(
				'<name>x</name><sources boot_partitions="true"/><destination><folder>/b</folder><filename_template>a/b:c</filename_template></destination>',
			),
			'>a-b-c<',
		],
		[
			'schema-value',
			around('<name>x</name><sources boot_partitions="true"/><destination><folder> /b </folder></destination>'),
			'<folder>/b<',
		],
		// XML
		['xml-malformed', around('<name>x<sources/>'), '</name>'],
		['xml-malformed', around('<name>x</nam>'), '<name>x</name>'],
		['xml-malformed', around('<sources boot_partitions=true/>'), '"true"'],
		['xml-malformed', around('<sources boot_partitions/>'), '=""'],
		['xml-malformed', around('<sources a="1" a="2"/>'), '<sources a="1"/>'],
		['xml-malformed', around('<sources <name/>'), '<sources/>'],
		['xml-malformed', around('<name>a & b</name>'), 'a &amp; b'],
		['xml-malformed', around('<name>a < b</name>'), 'a &lt; b'],
		['xml-malformed', around('<sources a="<"/>'), '"&lt;"'],
		['xml-malformed', around('</b>'), `1"></backup_definition>`],
		['xml-malformed', around('<sources a="1>\n</sources>'), 'a="1">'],
		['xml-malformed', `<a xmlns="u"></a`, '</a>'],
		['xml-doctype', `<!DOCTYPE a [<!ENTITY x "y">]>${whole('')}`, '<backup_definition'],
	])('mends %s in %s', (code, text, expected) => {
		expect(problemsOf(text)[0]).toBe(code);
		const mended = mend(text);
		expect(mended).toContain(expected);
		const before = problemsOf(text).length;
		expect(problemsOf(mended).length <= before || code === 'xml-malformed' || code === 'schema-root').toBe(true);
		expect(diagnose(new DefinitionText(mended))[0]).not.toEqual(diagnose(new DefinitionText(text))[0]);
	});
});

describe('fixes', () => {
	it('put a missing element where the schema wants it', () => {
		const text = around(
			'<name>x</name><sources boot_partitions="true"/><destination>\n\t<prefix_unique>true</prefix_unique>\n</destination>',
		);
		const mended = mend(text);
		expect(mended).toMatch(/<destination>\s*<folder>.*<\/folder>\s*<prefix_unique>/);
		expect(problemsOf(mended)).toEqual([]);
	});

	it('also remove what is unknown or in the way', () => {
		expect(mend(whole('\n\t<foo>x</foo>\n'), 'Remove foo')).toBe(whole('\n'));
		expect(mend(whole('<scheduling foo="1" missed_runs="skip"/>'), 'Remove foo')).toBe(
			whole('<scheduling missed_runs="skip"/>'),
		);
		expect(mend(whole('<auto_verify>maybe</auto_verify>'), 'Remove auto_verify')).toBe(whole(''));
		expect(mend(whole('text -- x'), 'Make it a comment')).toBe(whole('<!-- text - x -->'));
	});

	it('use the prefix of the document', () => {
		const text = `<b:backup_definition xmlns:b="${namespace}"><b:nme>x</b:nme><b:sources/></b:backup_definition>`;
		expect(mend(text, 'Rename to name')).toContain('<b:name>x</b:name>');
		expect(mend(text.replaceAll('nme', 'name'))).toContain('<b:folder>');
	});

	it('exist for broken documents of every kind without throwing', () => {
		for (let end = 0; end < sample.length; end += 2) {
			for (const text of [sample.slice(0, end), sample.slice(end), sample.slice(0, end) + sample.slice(end + 7)]) {
				const document = new DefinitionText(text);
				for (const problem of diagnose(document)) {
					for (const { edits } of quickFixes(document, problem, surroundings.now)) applyEdits(text, edits);
				}
			}
		}
	});
});
