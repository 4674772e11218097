import { describe, expect, it } from 'vitest';
import { compareBars, imageFacts } from '../../../../webview/properties/model/facts.ts';
import { compareInfo, files, imageInfo } from '../../../webview/backup-samples.ts';

describe('the facts of a restore point', () => {
	it('leave out what does not apply', () => {
		const names = (info: typeof imageInfo) => imageFacts(info, (time) => time).map(([name]) => name);
		expect(names(imageInfo)).toContain('Holds merged files');
		const full = names({ ...imageInfo, file: files[0]! });
		expect(full).not.toContain('Stands on');
		expect(full).not.toContain('Comment');
	});

	it('say when it was verified', () => {
		const facts = Object.fromEntries(imageFacts({ ...imageInfo, file: files[0]! }, (time) => time.slice(0, 10)));
		expect(facts).toMatchObject({ Type: 'Full 00', Verified: '2026-11-02' });
	});
});

describe('the bars of a comparison', () => {
	it('have one scale', () => {
		const bars = compareBars(compareInfo);
		const longest = bars[1]!;
		expect(longest.changed + longest.fresh + longest.freed).toBeCloseTo(1);
		expect(bars[0]!.changed).toBeCloseTo(12 / 35_300);
		expect(bars[2]).toMatchObject({ changed: 0, fresh: 0, freed: 0, words: 'Nothing changed' });
		expect(longest.words).toContain('21,400 blocks changed');
	});
});
