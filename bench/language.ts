/**
 * How long the language service takes on definitions of some 5,000 lines: `node bench/language.ts`. Median and fastest of
 * 40 rounds after a warm-up, in milliseconds; each round begins with the text, as after a keystroke. On a machine that
 * others use, the fastest says more.
 */
import { complete } from '../src/xml/completion.ts';
import { diagnose } from '../src/xml/diagnostics.ts';
import { DefinitionText } from '../src/xml/document.ts';
import type { Surroundings } from '../src/xml/file-name.ts';
import { format } from '../src/xml/format.ts';
import { hover } from '../src/xml/hover.ts';
import { lenses } from '../src/xml/lenses.ts';
import { noFacts } from '../src/xml/live-facts.ts';
import { symbols } from '../src/xml/symbols.ts';
import { englishWords } from '../src/xml/words.ts';

const rounds = 40;
const warmUp = 15;

const surroundings: Surroundings = {
	now: new Date(),
	zone: 'Europe/Berlin',
	computerName: 'bench',
	userName: 'bench',
	version: '0',
	locale: 'en',
	words: englishWords,
};

function definition(sources: readonly string[], schedules: readonly string[], folders: readonly string[] = []): string {
	const block = (lines: readonly string[]): string => lines.map((line) => `\t\t${line}\n`).join('');
	return (
		'<?xml version="1.0" encoding="UTF-8"?>\n' +
		'<backup_definition xmlns="https://afterimage.dev/schema/backup-definition/1">\n\t<name>Bench</name>\n' +
		`\t<sources>\n${block(sources)}\t</sources>\n\t<destination>\n\t\t<folder>/mnt/backup</folder>\n` +
		`\t\t<alternative_locations>\n${block(folders)}\t\t</alternative_locations>\n\t</destination>\n` +
		`\t<scheduling>\n${block(schedules)}\t</scheduling>\n</backup_definition>\n`
	);
}

const disks = Array.from({ length: 990 }, (_, index) => [
	`<disk signature="${(index + 4096).toString(16).padStart(8, '0')}" number="${index}" model="Disk ${index}">`,
	'\t<partition number="1" offset="1048576" label="EFI"/>',
	'\t<partition number="2" offset="537919488" label="Windows"/>',
	'\t<partition number="3" offset="107911905280"/>',
	'</disk>',
]).flat();
const plan = [
	'<schedule backup_type="full">',
	'\t<monthly_weekday week="first" weekday="monday" time="09:00"/>',
	'</schedule>',
	'<schedule backup_type="inc">',
	'\t<weekly days="monday tuesday wednesday thursday friday" time="09:00"/>',
	'</schedule>',
];
const many = Array.from({ length: 1650 }, (_, index) => [
	'<schedule backup_type="inc">',
	`\t<daily time="${String(index % 24).padStart(2, '0')}:${String(Math.floor(index / 24) % 60).padStart(2, '0')}"/>`,
	'</schedule>',
]).flat();

const folders = Array.from({ length: 4940 }, (_, index) => `<folder>/mnt/backup/${index}</folder>`);

const documents = {
	'990 disks, 2 schedules': definition(disks, plan),
	'4,940 folders': definition(['<disk signature="00000000"/>'], [], folders),
	'1,650 schedules': definition(['<disk signature="00000000"/>'], many),
};

async function measure(work: () => unknown): Promise<{ median: number; fastest: number }> {
	const times: number[] = [];
	for (let round = 0; round < warmUp + rounds; round++) {
		const start = performance.now();
		await work();
		if (round >= warmUp) times.push(performance.now() - start);
	}
	times.sort((a, b) => a - b);
	return { median: times[rounds >> 1]!, fastest: times[0]! };
}

for (const [title, text] of Object.entries(documents)) {
	const inside = text.indexOf('</sources>');
	const typed = `${text.slice(0, inside)}<di${text.slice(inside)}`;
	const value = text.lastIndexOf('="') + 2;
	const open = new DefinitionText(text);
	const facts = { now: surroundings.now.getTime(), systemZone: surroundings.zone };
	const rows: [string, () => unknown][] = [
		['parse', () => new DefinitionText(text)],
		['diagnostics', () => diagnose(new DefinitionText(text), facts)],
		['completion, element', () => complete(new DefinitionText(typed), inside + 3, noFacts, surroundings)],
		['completion, value', () => complete(new DefinitionText(text), value, noFacts, surroundings)],
		['completion, document parsed', () => complete(open, value, noFacts, surroundings)],
		['hover', () => hover(new DefinitionText(text), text.indexOf('scheduling') + 2, noFacts, surroundings)],
		['outline', () => symbols(new DefinitionText(text))],
		['lenses', () => lenses(new DefinitionText(text), surroundings)],
		['format', () => format(new DefinitionText(text), { indent: '\t', tabSize: 4 })],
	];
	process.stdout.write(`${title}: ${text.split('\n').length} lines, ${text.length} characters\n`);
	process.stdout.write(`  ${''.padEnd(30)}${'median'.padStart(8)} ${'fastest'.padStart(8)}\n`);
	for (const [name, work] of rows) {
		const { median, fastest } = await measure(work);
		process.stdout.write(`  ${name.padEnd(30)}${median.toFixed(1).padStart(8)} ${fastest.toFixed(1).padStart(8)}\n`);
	}
}
