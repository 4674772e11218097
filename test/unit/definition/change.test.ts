import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeDefinition } from '../../../src/definition/change.ts';
import type { BackupDefinition } from '../../../src/definition/model.ts';
import { readDefinition } from '../../../src/definition/read.ts';
import { checkSchema } from '../../../src/definition/schema/check.ts';
import { definitionSchema } from '../../../src/definition/schema/definition-schema.ts';
import { definitionTree } from '../../../src/definition/tree.ts';
import { applyEdits } from '../../../src/definition/xml/edits.ts';
import { parseXml } from '../../../src/definition/xml/parse.ts';
import { writeDocument } from '../../../src/definition/xml/write.ts';
import { definition } from './arbitrary.ts';

const sample = `<?xml version="1.0" encoding="UTF-8"?>
<!-- nightly -->
<backup_definition xmlns="https://afterimage.dev/schema/backup-definition/1">
  <name>System</name>
  <!-- both disks -->
  <sources>
    <disk signature='FBC48937-34BD-42A9-8051-1F5F83FA5E86' number="01"   model="A &amp; B"> <!-- laptop -->
      <partition number="4"/>
    </disk>
    <!-- the old one -->
    <disk signature="5D4001D3"/> <!-- remove me one day -->
  </sources>
  <destination>
    <folder>/backup</folder>
  </destination>
  <auto_verify>0</auto_verify> <!-- too slow -->
  <file_size_limit>4294967296</file_size_limit>
  <scheduling>
    <schedule backup_type="full"><monthly_weekday week="first" weekday="monday" time="09:00"/></schedule>
    <schedule backup_type="inc"><daily time="12:00"/></schedule>
    <schedule backup_type="diff" enable="1"><weekly days="monday" time="09:00"/></schedule>
  </scheduling>
</backup_definition>
`;

function read(text: string): BackupDefinition {
	return readDefinition(parseXml(text)).definition;
}

/** The lines that a change takes out and puts in. */
function difference(change: (definition: BackupDefinition) => BackupDefinition, text = sample): string[] {
	const after = applyEdits(text, changeDefinition(text, change(read(text)))).split('\n');
	const before = text.split('\n');
	return [
		...before.filter((line) => !after.includes(line)).map((line) => `- ${line.trim()}`),
		...after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
	];
}

describe('a change of a document', () => {
	it('is nothing when nothing changes', () => {
		expect(changeDefinition(sample, read(sample))).toEqual([]);
	});

	it('replaces only the characters of a value', () => {
		expect(changeDefinition(sample, { ...read(sample), autoVerify: true })).toEqual([
			{ start: sample.indexOf('>0<') + 1, end: sample.indexOf('>0<') + 2, text: 'true' },
		]);
	});

	it('keeps a value that means the same', () => {
		expect(changeDefinition(sample, { ...read(sample), fileSizeLimit: 4 * 2 ** 30 })).toEqual([]);
	});

	it('adds an element in its place, with the indentation of its neighbours', () => {
		expect(difference((old) => ({ ...old, comment: 'a\n<b>' }))).toEqual(['+   <comment>a', '+ &lt;b&gt;</comment>']);
		expect(difference((old) => ({ ...old, encryption: { ...old.encryption, aesType: 'aes-256' } }))).toEqual([
			'+   <encryption aes_type="aes-256"/>',
		]);
	});

	it('adds attributes and children to an element that has none', () => {
		const disks = (old: BackupDefinition) => [
			old.sources.disks[0]!,
			{ ...old.sources.disks[1]!, model: 'X', partitions: [{ number: 1, offset: 512, label: undefined }] },
		];
		expect(difference((old) => ({ ...old, sources: { ...old.sources, disks: disks(old) } }))).toEqual([
			'- <disk signature="5D4001D3"/> <!-- remove me one day -->',
			'+     <disk signature="5D4001D3" model="X">',
			'+       <partition number="1" offset="512"/>',
			'+     </disk> <!-- remove me one day -->',
		]);
	});

	it('takes out one of several and leaves the others alone', () => {
		const without = (old: BackupDefinition) => old.scheduling.schedules.filter((one) => one.backupType !== 'inc');
		expect(difference((old) => ({ ...old, scheduling: { ...old.scheduling, schedules: without(old) } }))).toEqual([
			'- <schedule backup_type="inc"><daily time="12:00"/></schedule>',
		]);
	});

	it('leaves a comment behind an element where it is, whether it adds or takes out', () => {
		const after = applyEdits(sample, changeDefinition(sample, { ...read(sample), checkFilesystem: true }));
		expect(after).toContain(
			'  <auto_verify>0</auto_verify> <!-- too slow -->\n  <check_filesystem>true</check_filesystem>\n',
		);
		const one = (old: BackupDefinition) => ({ ...old.sources, disks: old.sources.disks.slice(0, 1) });
		expect(difference((old) => ({ ...old, sources: one(old) }))).toEqual([
			'- <disk signature="5D4001D3"/> <!-- remove me one day -->',
			'+      <!-- remove me one day -->',
		]);
	});

	it('keeps line ends and tabs inside a value', () => {
		const disks = read(sample).sources.disks.map((disk) => ({ ...disk, model: 'a\n\tb' }));
		const after = applyEdits(
			sample,
			changeDefinition(sample, { ...read(sample), sources: { ...read(sample).sources, disks } }),
		);
		expect(read(after).sources.disks[1]!.model).toBe('a\n\tb');
	});

	it('changes one kind of schedule into another', () => {
		expect(
			difference((old) => ({
				...old,
				scheduling: {
					...old.scheduling,
					schedules: old.scheduling.schedules.map((one) =>
						one.backupType === 'inc' ? { ...one, timing: { kind: 'event', trigger: 'startup' } } : one,
					),
				},
			})),
		).toEqual([
			'- <schedule backup_type="inc"><daily time="12:00"/></schedule>',
			'+     <schedule backup_type="inc"><event trigger="startup"/></schedule>',
		]);
	});

	it('keeps Windows line ends and a namespace prefix', () => {
		const text = sample
			.replace(/<(\/?)([a-z])/g, '<$1b:$2')
			.replace('xmlns=', 'xmlns:b=')
			.replaceAll('\n', '\r\n');
		const after = applyEdits(text, changeDefinition(text, { ...read(text), comment: 'x\ny' }));
		expect(after).toContain('  <b:comment>x\r\ny</b:comment>\r\n');
		expect(read(after).comment).toBe('x\ny');
	});

	it('writes quotes into single-quoted values safely', () => {
		const text = sample.replace('"A &amp; B"', "'A'");
		const disks = read(text).sources.disks.map((disk) => (disk.model === undefined ? disk : { ...disk, model: `'"` }));
		const after = applyEdits(
			text,
			changeDefinition(text, { ...read(text), sources: { ...read(text).sources, disks } }),
		);
		expect(after).toContain("model='&apos;&quot;'");
	});

	it('works on a document of one line', () => {
		const text = sample.replace(/<!--.*?-->|\n/g, '').replace(/> +</g, '><');
		const after = applyEdits(text, changeDefinition(text, { ...read(text), comment: 'x' }));
		expect(after).toContain('</name><comment>x</comment><sources>');
	});

	it('refuses a document that is not well-formed', () => {
		expect(() => changeDefinition('<a>', read(sample))).toThrow(/no end tag/);
		expect(() => changeDefinition('<a/>', read(sample))).toThrow(/no backup definition/);
	});
});

describe('any definition', () => {
	it('is written as a valid document and read back the same', () => {
		fc.assert(
			fc.property(definition, (one) => {
				const document = parseXml(writeDocument(definitionTree(one)));
				expect(document.problems).toEqual([]);
				expect(checkSchema(document, definitionSchema())).toEqual([]);
				expect(readDefinition(document).definition).toEqual(one);
			}),
			{ numRuns: 200 },
		);
	});

	it('becomes any other by edits that leave every comment where it was', () => {
		fc.assert(
			fc.property(definition, definition, fc.nat(), (one, other, seed) => {
				const text = commented(writeDocument(definitionTree(one)), seed);
				const mixed =
					seed % 2 === 0 ? other : { ...one, [keys[seed % keys.length]!]: other[keys[seed % keys.length]!] };
				const after = applyEdits(text, changeDefinition(text, mixed));
				const document = parseXml(after);
				expect(document.problems).toEqual([]);
				expect(checkSchema(document, definitionSchema())).toEqual([]);
				expect(readDefinition(document).definition).toEqual(mixed);
				expect(changeDefinition(after, mixed)).toEqual([]);
				expect(after.match(/<!-- top-level \d+ -->/g)).toEqual(text.match(/<!-- top-level \d+ -->/g));
			}),
			{ numRuns: 400 },
		);
	});
});

const keys = [
	'name',
	'comment',
	'sources',
	'destination',
	'encryption',
	'scheduling',
	'diskSpaceManagement',
	'scripts',
	'email',
] as const satisfies readonly (keyof BackupDefinition)[];

/** Puts comments around the children of the root, on lines of their own or behind them. */
function commented(text: string, seed: number): string {
	let n = 0;
	return text.replace(/^\t<(\w+)|^\t<\/\w+>$|^\t<.*\/>$/gm, (line) => {
		n++;
		if ((seed + n) % 3 === 0 && !line.startsWith('\t</')) return `\t<!-- top-level ${n} -->\n${line}`;
		return (seed + n) % 3 === 1 && line.endsWith('>') ? `${line} <!-- top-level ${n} -->` : line;
	});
}
