import { describe, expect, it } from 'vitest';
import { defaultDefinition } from '../../../src/definition/defaults.ts';
import type { BackupDefinition, Destination } from '../../../src/definition/model.ts';
import {
	findParameters,
	imageBaseName,
	parameters,
	resolveParameters,
	type ParameterContext,
} from '../../../src/definition/parameters.ts';

const context: ParameterContext = {
	imageId: 'D684BA87241263E2',
	time: Date.parse('2026-03-29T22:30:00Z'),
	zone: 'Europe/Berlin',
	computerName: 'PC:1',
	userName: 'me',
	backupType: 'diff',
	disks: [0, 2],
	volumes: ['C:\\', 'D:', '/', '/mnt/data'],
	version: '0.1.0',
};

function definition(destination: Partial<Destination> = {}, more: Partial<BackupDefinition> = {}): BackupDefinition {
	const base = defaultDefinition();
	return { ...base, name: 'Nightly', ...more, destination: { ...base.destination, ...destination } };
}

describe('parameters', () => {
	it('stand for what the run knows', () => {
		const all = parameters.map(({ name }) => `{${name}}`).join('|');
		const one = definition({}, { comment: 'a\n b', compressionLevel: 'high' });
		const encrypted = { ...one, encryption: { ...one.encryption, aesType: 'aes-192' as const } };
		expect(resolveParameters(all, context, encrypted)).toBe(
			'D684BA87241263E2|2026-03-30|00-30|PC:1|me|differential|high|192|Nightly|a b|0-2|C-D-root-mnt/data|0.1.0',
		);
	});

	it('are found with their place, known or not', () => {
		expect(findParameters('a{DATE}-{date}{}').map(({ parameter, ...rest }) => [rest, parameter?.name])).toEqual([
			[{ name: 'DATE', start: 1, end: 7 }, 'DATE'],
			[{ name: 'date', start: 8, end: 14 }, undefined],
			[{ name: '', start: 14, end: 16 }, undefined],
		]);
	});

	it('stay as they are when there are none of that name', () => {
		expect(resolveParameters('{WHAT}{DATE}', context, definition())).toBe('{WHAT}2026-03-30');
	});
});

describe('names of image files', () => {
	it.each<[Partial<Destination>, string]>([
		[{}, 'D684BA87241263E2'],
		[{ filenameTemplate: 'demo' }, 'D684BA87241263E2-demo'],
		[{ filenameTemplate: '{IMAGEID}-x', prefixUnique: false }, 'D684BA87241263E2-x'],
		[{ filenameTemplate: '', prefixUnique: false }, 'D684BA87241263E2'],
		[{ filenameTemplate: '{COMPUTERNAME} {VOLUMES}.', prefixUnique: false }, 'PC_1 C-D-root-mnt_data'],
		[{ filenameTemplate: '...', prefixUnique: false }, 'D684BA87241263E2'],
	])('%j gives %s', (destination, expected) => {
		expect(imageBaseName(definition(destination), context)).toBe(expected);
	});

	it.each([
		['ä'.repeat(200), 'ä'.repeat(90)],
		[`a${'😀'.repeat(100)}`, `a${'😀'.repeat(44)}`],
		['x'.repeat(200), 'x'.repeat(180)],
	])('that are too long are cut to 180 bytes, never within a character (%#)', (comment, own) => {
		const one = definition({ filenameTemplate: '{COMMENT}' }, { comment });
		expect(imageBaseName(one, context)).toBe(`D684BA87241263E2-${own}`);
	});
});
