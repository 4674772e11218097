import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundlePath, bundleText, collectTexts } from '../../../scripts/l10n.ts';
import { t, useTranslator } from '../../../src/extension/l10n.ts';

const { texts, computed } = collectTexts();
const placeholders = (text: string) => (text.match(/\{\d+\}/g) ?? []).sort();

describe('l10n', () => {
	it('finds every text where it stands', () => {
		expect(computed).toEqual([]);
		expect(texts).toContain('Nothing is run or restored in Restricted Mode. Trust this workspace first.');
		expect(texts).toContain('{0} minutes ago');
	});

	it('has a bundle that is up to date (node scripts/l10n.ts writes it)', () => {
		expect(readFileSync(bundlePath, 'utf8')).toBe(bundleText(texts));
	});

	it('has translations of texts that exist, with the same placeholders', () => {
		const folder = dirname(bundlePath);
		const languages = readdirSync(folder).filter((name) => /^bundle\.l10n\.[\w-]+\.json$/.test(name));
		for (const name of languages) {
			const bundle = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, string>;
			for (const [text, translated] of Object.entries(bundle)) {
				expect(texts, name).toContain(text);
				expect(placeholders(translated), `${name}: ${text}`).toEqual(placeholders(text));
			}
		}
	});

	it('fills in what varies, and asks the translator once there is one', () => {
		expect(t('{1} of {0}, {0}', 3, 'x')).toBe('x of 3, 3');
		useTranslator((message) => `<${message}>`);
		expect(t('hello')).toBe('<hello>');
	});
});
