import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { problemCodes } from '../../../src/definition/codes.ts';
import { parseXml } from '../../../src/definition/xml/parse.ts';

const folder = join(import.meta.dirname, '../../../docs/rules');

describe('the documentation of rules', () => {
	it('has a page for every code and for nothing else', () => {
		const pages = readdirSync(folder).filter((name) => name !== 'README.md');
		expect(pages.sort()).toEqual(
			Object.keys(problemCodes)
				.map((code) => `${code}.md`)
				.sort(),
		);
	});

	it.each(Object.entries(problemCodes))('%s is explained with its severity and what to do', (code, severity) => {
		const page = readFileSync(join(folder, `${code}.md`), 'utf8');
		expect(page.startsWith(`# ${code}\n\nSeverity: ${severity}\n`)).toBe(true);
		expect(page).toContain('\n## Why\n');
		expect(page).toContain('\n## What to do\n');
		expect(readFileSync(join(folder, 'README.md'), 'utf8')).toContain(`| [${code}](${code}.md) | ${severity} |`);
		const good = /<!-- good -->\n([^`]*)```/.exec(page)?.[1];
		if (good?.startsWith('<?') === false) expect(parseXml(`<x>${good}</x>`).problems).toEqual([]);
	});
});
