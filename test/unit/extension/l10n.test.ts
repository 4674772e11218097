import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundlePath, bundleText, collectTexts } from '../../../scripts/l10n.ts';
import { english, translator } from '../../../src/base/l10n.ts';
import { dateAndTime, formatBytes, formatCount, formatRate, t, useTranslator } from '../../../src/extension/l10n.ts';

const { texts, computed } = collectTexts();
const placeholders = (text: string) => (text.match(/\{\d+\}/g) ?? []).sort();
const commands = (text: string) => (text.match(/\(command:[\w.]+\)/g) ?? []).sort();
const readTexts = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;

const bundles = dirname(bundlePath);
const root = dirname(bundles);
/** `de` and others that there is a translation for. */
const languages = readdirSync(bundles).flatMap((name) => /^bundle\.l10n\.([\w-]+)\.json$/.exec(name)?.[1] ?? []);

describe('l10n', () => {
	it('finds every text where it stands', () => {
		expect(computed).toEqual([]);
		expect(texts).toContain('Nothing is run or restored in Restricted Mode. Trust this workspace first.');
		expect(texts).toContain('{0} minutes ago');
		// Of a page, of the words for schedules, and one that stands in several lines.
		expect(texts).toContain('Type {0} to confirm.');
		expect(texts).toContain('{0} of the month at {1}');
		expect(texts.find((text) => text.startsWith('A full backup on the first Monday'))).toContain('for 4 weeks');
	});

	it('has a bundle that is up to date (node scripts/l10n.ts writes it)', () => {
		expect(readFileSync(bundlePath, 'utf8')).toBe(bundleText(texts));
	});

	it('is translated into German', () => {
		expect(languages).toContain('de');
	});

	it.each(languages)('has each text in the language %s, with the same placeholders', (language) => {
		const bundle = readTexts(join(bundles, `bundle.l10n.${language}.json`));
		expect(Object.keys(bundle).sort()).toEqual(texts);
		for (const [text, translated] of Object.entries(bundle)) {
			expect(placeholders(translated), text).toEqual(placeholders(text));
			expect(translated.trim(), text).not.toBe('');
		}
	});

	it.each(languages)('has the texts of the manifest in the language %s, with the same commands', (language) => {
		const english = readTexts(join(root, 'package.nls.json'));
		const translated = readTexts(join(root, `package.nls.${language}.json`));
		expect(Object.keys(translated)).toEqual(Object.keys(english));
		for (const [key, text] of Object.entries(translated)) {
			expect(commands(text), key).toEqual(commands(english[key]!));
			expect(text.trim(), key).not.toBe('');
		}
	});

	it.each(languages)('puts the language %s into the package', (language) => {
		const ignored = readFileSync(join(root, '.vscodeignore'), 'utf8').split('\n');
		expect(ignored).toEqual(expect.arrayContaining(['!l10n/**', '!package.nls.*.json']));
		expect(readFileSync(join(root, 'scripts/package.ts'), 'utf8')).toContain(`'package.nls.${language}.json'`);
	});

	it('fills in what varies, and asks the translator once there is one', () => {
		expect(t('{1} of {0}, {0}', 3, 'x')).toBe('x of 3, 3');
		useTranslator((message) => `<${message}>`, 'de');
		expect(t('hello')).toBe('<hello>');
		expect(dateAndTime('2026-11-30T08:00:00Z', 'Europe/Berlin')).toBe('Mo., 30. Nov. 2026, 09:00');
	});

	it('has sizes and numbers of the language of the user', () => {
		const german = readTexts(join(bundles, 'bundle.l10n.de.json'));
		useTranslator(translator(german), 'de');
		expect([formatBytes(2.37 * 2 ** 30), formatBytes(512), formatBytes(1)]).toEqual(['2,37 GB', '512 Bytes', '1 Byte']);
		expect([formatRate(1536), formatCount(1_764_066)]).toEqual(['1,50 KB/s', '1.764.066']);
		useTranslator(english, 'en');
		expect([formatBytes(2.37 * 2 ** 30), formatBytes(1), formatCount(1_764_066)]).toEqual([
			'2.37 GB',
			'1 byte',
			'1,764,066',
		]);
	});

	it('has the numbers of errors, logs and the command line nowhere else in the extension', () => {
		const folder = join(root, 'src/extension');
		const wrong = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
			(name) =>
				name.endsWith('.ts') &&
				/format(Bytes|Rate)\b[^;]*quantity\.ts|toLocaleString\(\)/.test(readFileSync(join(folder, name), 'utf8')),
		);
		expect(wrong).toEqual([]);
	});
});
