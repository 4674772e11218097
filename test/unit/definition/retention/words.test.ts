import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { english, translator, type TextBundle } from '../../../../src/base/l10n.ts';
import { bytesText } from '../../../../src/base/quantity-text.ts';
import { formatBytes } from '../../../../src/base/quantity.ts';
import type { RetentionInput, RetentionRules, RetentionStep } from '../../../../src/definition/retention/types.ts';
import { keep, plan, set } from './sets.ts';

const german = translator(
	JSON.parse(readFileSync(resolve(import.meta.dirname, '../../../../l10n/bundle.l10n.de.json'), 'utf8')) as TextBundle,
);
const germanBytes = (bytes: number) => bytesText(bytes, 'de', (few) => german('{0} bytes', few));

function first(
	kind: RetentionStep['kind'],
	sets: string[],
	rules: Partial<RetentionRules>,
	more: Partial<RetentionInput> = {},
): RetentionStep {
	const { steps } = plan(
		sets.map((text, index) => set('ABCDE'[index]!, text)),
		rules,
		more,
	);
	return steps.find((step) => step.kind === kind)!;
}

const roomy = { minFreeBytes: 5 * 2 ** 30 };
const forever = { incremental: keep(1), syntheticFull: true };
const runBefore = { full: keep(1), runBefore: true };

const cases: readonly (readonly [string, RetentionStep, string])[] = [
	[
		'a rule that counts',
		first('delete-set', ['F0', 'F7', 'F14'], { full: keep(2) }),
		'Vollsicherung: 2 Vollsicherungen aufbewahren; diese ist, von der neuesten an gezählt, Nummer 3. Zugehörige Sicherungen werden mit gelöscht.',
	],
	[
		'a rule that counts the coming backup',
		first('delete-set', ['F0'], runBefore, { coming: 'full' }),
		'Vollsicherung: 1 Vollsicherung aufbewahren, die kommende eingeschlossen; diese ist, von der neuesten an gezählt, Nummer 1. Zugehörige Sicherungen werden mit gelöscht.',
	],
	[
		'a rule by age',
		first('delete-differential', ['F0 D1 I2 D29'], { differential: keep(2, 'weeks') }),
		'Differenziell: differenzielle Sicherungen von 2 Wochen aufbewahren; diese ist älter. Inkrementelle Sicherungen, die auf ihr aufbauen, werden mit gelöscht.',
	],
	[
		'a differential with nothing on it',
		first('delete-differential', ['F0 D1 D29'], { differential: keep(1) }),
		'Differenziell: 1 differenzielle Sicherung aufbewahren; diese ist, von der neuesten an gezählt, Nummer 2.',
	],
	[
		'incrementals of which none is kept',
		first('delete-incrementals', ['F0 I1', 'F7 I8'], { incremental: keep(1) }),
		'Inkrementell: 1 inkrementelle Sicherung aufbewahren; von denen dieser Vollsicherung ist keine darunter, und nichts baut auf ihnen auf.',
	],
	[
		'a merge',
		first('merge', ['F0 I1 I2 I29'], { incremental: keep(7, 'days') }),
		'Inkrementell: inkrementelle Sicherungen von 7 Tagen aufbewahren; 2 ältere mit der ältesten aufbewahrten zusammengeführt.',
	],
	[
		'a synthetic full',
		first('roll-forward', ['F0 I1 I2'], forever),
		'Inkrementell: 1 inkrementelle Sicherung aufbewahren; 1 ältere inkrementelle Sicherung mit der Vollsicherung zusammengeführt.',
	],
	[
		'little space',
		first('delete-set', ['F0', 'F7'], roomy, { freeBytes: 2 ** 30 }),
		'Freier Platz: 1,00 GB frei, mindestens 5,00 GB gewünscht; der älteste Satz wird gelöscht.',
	],
];

describe('reasons', () => {
	it.each(cases)('of %s are said in German', (_, step, text) => {
		const said = step.wording(german, germanBytes);
		expect(said).toBe(text);
		const outside = step.wording(
			(message, ...args) => english(message.replace(/[^{}\d]+/g, '·'), ...args),
			() => '·',
		);
		expect(outside).not.toMatch(/\p{Letter}/u);
		expect(step.reason).toBe(step.wording(english, formatBytes));
	});
});
