import { describe, expect, it } from 'vitest';
import { ruleSeverities, type ValidationFacts } from '../../../src/definition/rules/rule.ts';
import { applyEdits } from '../../../src/definition/xml/edits.ts';
import { diagnose } from '../../../src/xml/diagnostics.ts';
import { DefinitionText } from '../../../src/xml/document.ts';
import { quickFixes } from '../../../src/xml/quick-fixes.ts';
import { around, guid, surroundings } from './support.ts';

const sources = '<sources boot_partitions="true"/>';
const place = '<destination><folder>/mnt/b</folder></destination>';
const whole = (more: string) => around(`\n\t<name>x</name>${sources}${place}${more}\n`);
const aimed = (destination: string) => around(`<name>x</name>${sources}<destination>${destination}</destination>`);
const taken = (disks: string) => around(`<name>x</name><sources>${disks}</sources>${place}`);
const planned = (schedules: string, more = '') => whole(`<scheduling>${schedules}</scheduling>${more}`);

const full = '<schedule backup_type="full"><weekly days="monday" time="09:00"/></schedule>';
const inc = '<schedule backup_type="inc"><daily time="09:00"/></schedule>';

type Sample = readonly [code: keyof typeof ruleSeverities, text: string, facts: ValidationFacts];
const noWorld: ValidationFacts = {};

const given: readonly (readonly [Sample[0], string, ValidationFacts?])[] = [
	['no-source', taken('')],
	['duplicate-source', taken(`<disk signature="${guid}"/><disk signature="${guid.toLowerCase()}"/>`)],
	[
		'duplicate-source',
		taken(
			`<disk signature="${guid}"><partition number="1"/></disk><disk signature="${guid}"><partition number="2"/></disk>`,
		),
	],
	['duplicate-source', taken(`<disk signature="${guid}"><partition number="1"/><partition number="1"/></disk>`)],
	['duplicate-source', taken('<raw_file path="/x"/><raw_file path="/x"/>')],
	[
		'destination-on-source',
		around(
			`<name>x</name><sources><disk signature="${guid}"/></sources><destination><folder>/a</folder><alternative_locations><folder>/b</folder></alternative_locations></destination>`,
		),
		{ placeOf: (path) => (path === '/a' ? { diskSignature: guid, partitionNumber: 1 } : undefined) },
	],
	[
		'definition-in-destination',
		aimed('<folder>/mnt/b</folder><alternative_locations><folder>/mnt/c</folder></alternative_locations>'),
		{ definitionPath: '/mnt/b/x.xml' },
	],
	['definition-on-network', whole(''), { definitionPath: '\\\\server\\share\\x.xml' }],
	['relative-path', aimed('<folder>backup</folder>')],
	['relative-path', aimed('<folder>D:backup</folder>')],
	['relative-path', whole('<scripts><before path="./x.sh"/></scripts>')],
	[
		'duplicate-location',
		aimed('<folder>/a</folder><alternative_locations><folder>/b</folder><folder>/a/</folder></alternative_locations>'),
	],
	['unknown-parameter', aimed('<folder>/b</folder><filename_template>x-{COMPUTER}</filename_template>')],
	['unknown-parameter', aimed('<folder>/b</folder><filename_template>x-{date}</filename_template>')],
	['unknown-parameter', whole('<email><failure recipients="a@b.c" subject="{FOO} failed"/></email>')],
	[
		'file-name-without-id',
		aimed('<folder>/b</folder><filename_template>x</filename_template><prefix_unique>false</prefix_unique>'),
	],
	['file-name-id-twice', aimed('<folder>/b</folder><filename_template>x-{IMAGEID}</filename_template>')],
	['file-size-limit', whole('<file_size_limit>4 KB</file_size_limit>')],
	['password-name', whole('<encryption aes_type="aes-256" password_source="file"/>')],
	['password-prompt', planned(full, '<encryption aes_type="aes-256"/>')],
	[
		'password-prompt',
		planned(full, '<encryption aes_type="aes-256" password_source="secret_storage" password_name="backup"/>'),
	],
	['shutdown-level', whole('<post_backup_shutdown enable="true"/>')],
	['time-zone', whole('<scheduling time_zone="Europe/Berlim"/>')],
	['time-zone', whole('<scheduling time_zone="Berlin"/>')],
	['incremental-without-full', planned(inc)],
	['incremental-without-full', planned(inc.replace('"inc"', '"diff"'))],
	['same-minute', planned(full + inc)],
	[
		'never-runs',
		planned(full + '<schedule backup_type="inc"><intradaily minutes="5" from="17:00" until="09:00"/></schedule>'),
	],
	[
		'never-runs',
		planned(
			full + '<schedule backup_type="inc" start_date="2030-01-01"><once date="2029-01-01" time="09:00"/></schedule>',
		),
	],
	['never-runs', planned(full + '<schedule backup_type="inc"><once date="2020-01-01" time="09:00"/></schedule>')],
	[
		'keep-one-full',
		whole('<disk_space_management run_before="true"><full_retention interval="1"/></disk_space_management>'),
	],
	[
		'synthetic-with-differential',
		planned(
			full + inc.replace('"inc"', '"diff"').replace('09', '10'),
			'<disk_space_management incrementals_forever="true"/>',
		),
	],
	['free-space', whole('<disk_space_management low_space_purge="true" low_space_gb_threshold="0"/>')],
	[
		'retention-split',
		whole(
			'<file_size_limit>4 GB</file_size_limit><disk_space_management><incremental_retention interval="4"/></disk_space_management>',
		),
	],
	['script-writable', whole('<scripts><after path="/tmp/x"/></scripts>'), { writableByOthers: () => true }],
	['mail-address', whole('<email><failure recipients="a@b.c d"/></email>')],
	['mail-address', whole('<email><success recipients="me"/></email>')],
];
const samples = given.map(([code, text, facts]): Sample => [code, text, facts ?? noWorld]);

describe('semantic rules', () => {
	it('all have a sample here', () => {
		expect([...new Set(samples.map(([code]) => code))].sort()).toEqual(Object.keys(ruleSeverities).sort());
	});

	it.each(samples)('%s in %s is mended by each of its fixes', (code, text, facts) => {
		const known = { now: surroundings.now.getTime(), ...facts };
		const document = new DefinitionText(text);
		const problems = diagnose(document, known);
		const problem = problems.find((one) => one.code === code);
		expect(problem, problems.map((one) => one.code).join(', ')).toBeDefined();
		const fixes = quickFixes(document, problem!, surroundings.now);
		expect(fixes.filter(({ preferred }) => preferred)).toHaveLength(1);
		for (const { title, edits, command } of fixes) {
			if (command !== undefined) {
				expect(edits).toEqual([]);
				continue;
			}
			const mended = applyEdits(text, edits);
			expect(mended, title).not.toBe(text);
			const left = diagnose(new DefinitionText(mended), known);
			expect(
				left.filter((one) => one.code === code || one.severity === 'error'),
				`${title}: ${mended}`,
			).toEqual([]);
		}
	});
});
