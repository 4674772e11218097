import { describe, expect, it } from 'vitest';
import { defaultDefinition } from '../../../../src/definition/defaults.ts';
import { applyTemplate } from '../../../../src/definition/plan/templates.ts';
import { withBrowsed } from '../../../../webview/definition/model/browsed.ts';
import { sizeParts } from '../../../../webview/definition/model/file-size.ts';
import { argumentLines, argumentsOf, scriptBrowseIndex } from '../../../../webview/definition/model/scripts.ts';
import { scheduleLines, summaryRows } from '../../../../webview/definition/model/summary.ts';

const blank = defaultDefinition();

describe('the summary', () => {
	it('has the settings in the order and words of the wizard', () => {
		expect(summaryRows(blank, 4.72 * 1024 ** 3)).toEqual([
			['Auto Verify', 'N'],
			['Maximum File Size', 'Automatic'],
			['Compression', 'Medium'],
			['Password', 'N'],
			['Intelligent Copy', 'Y'],
			['Power Saving', 'N'],
			['Total Selected', '4.72 GB'],
		]);
		const other = summaryRows(
			{
				...blank,
				fileSizeLimit: 4 * 1024 ** 3,
				encryption: { ...blank.encryption, aesType: 'aes-256' },
				autoVerify: true,
			},
			0,
		);
		expect(other.map(([, value]) => value)).toEqual(['Y', '4.00 GB', 'Medium', 'Y (AES-256)', 'Y', 'N', '0 bytes']);
		const again = (reverifyAfterDays: number) => summaryRows({ ...blank, reverifyAfterDays }, 0)[0];
		expect(again(30)).toEqual(['Auto Verify', 'N, again after 30 days']);
		expect(again(1)).toEqual(['Auto Verify', 'N, again after a day']);
	});

	it('lists schedules, or none', () => {
		expect(scheduleLines(blank)).toEqual(['None']);
		expect(scheduleLines(applyTemplate(blank, 'differential'))).toEqual([
			'Full: First Monday of the month at 09:00',
			'Differential: Monday to Saturday at 09:00',
		]);
	});
});

describe('file sizes', () => {
	it('come in the largest unit that leaves no rest', () => {
		expect(sizeParts(4 * 1024 ** 3)).toEqual({ value: 4, unit: 'GB' });
		expect(sizeParts(700 * 1024 ** 2)).toEqual({ value: 700, unit: 'MB' });
		expect(sizeParts(2 * 1024 ** 4)).toEqual({ value: 2, unit: 'TB' });
		expect(sizeParts(1024 ** 3 + 1)).toEqual({ value: 1025, unit: 'MB' });
		expect(sizeParts(10)).toEqual({ value: 1, unit: 'MB' });
	});
});

describe('paths from the system’s dialog', () => {
	it('go where they were asked for', () => {
		const at = (purpose: Parameters<typeof withBrowsed>[1]['purpose'], index = 0) =>
			withBrowsed(blank, { purpose, index, path: '/chosen' });
		expect(at('destination').destination.folder).toBe('/chosen');
		expect(at('alternative').destination.alternativeLocations.folders).toEqual(['/chosen']);
		expect(at('raw-file').sources.rawFiles).toEqual([{ path: '/chosen', partitions: [] }]);
		expect(at('password-file').encryption.passwordName).toBe('/chosen');
		expect(at('script', scriptBrowseIndex('before', 0)).scripts.before).toMatchObject([
			{ path: '/chosen', onFailure: 'stop' },
		]);
		expect(at('script', scriptBrowseIndex('after', 0)).scripts.after).toMatchObject([
			{ path: '/chosen', onFailure: 'warn', runOn: 'always' },
		]);
		expect(at('definition')).toBe(blank);
	});

	it('take the place of the one that was there', () => {
		const two = withBrowsed(withBrowsed(blank, { purpose: 'alternative', index: 0, path: '/a' }), {
			purpose: 'alternative',
			index: 1,
			path: '/b',
		});
		const changed = withBrowsed(two, { purpose: 'alternative', index: 0, path: '/c' });
		expect(changed.destination.alternativeLocations.folders).toEqual(['/c', '/b']);
	});
});

describe('arguments of scripts', () => {
	it('stand one on a line', () => {
		expect(argumentsOf('-a\nb c\r\n\n')).toEqual(['-a', 'b c']);
		expect(argumentLines(['-a', 'b c'])).toBe('-a\nb c');
	});
});
