import { describe, expect, it } from 'vitest';
import { defaultDefinition } from '../../../../src/definition/defaults.ts';
import { retentionRules } from '../../../../src/definition/retention/rules.ts';

describe('the retention rules of a definition', () => {
	it('are all off when it has none', () => {
		const rules = retentionRules(defaultDefinition().diskSpaceManagement);
		expect([rules.full, rules.differential, rules.incremental].some(({ enabled }) => enabled)).toBe(false);
		expect(rules).toMatchObject({ scope: 'matching', runBefore: false, minFreeBytes: undefined });
	});

	it('are those it names, with at least 1 GB kept free', () => {
		const rules = retentionRules({
			applyToAllSetsInFolder: true,
			incrementalsForever: true,
			runBefore: true,
			lowSpacePurge: true,
			lowSpaceGbThreshold: 0,
			fullRetention: { enable: true, interval: 12, period: 'count' },
			differentialRetention: { enable: false, interval: 4, period: 'weeks' },
			incrementalRetention: { enable: true, interval: 6, period: 'months' },
		});
		expect(rules).toEqual({
			scope: 'all',
			full: { enabled: true, keep: 12, unit: 'backups' },
			differential: { enabled: false, keep: 4, unit: 'weeks' },
			incremental: { enabled: true, keep: 6, unit: 'months' },
			syntheticFull: true,
			runBefore: true,
			minFreeBytes: 2 ** 30,
		});
	});
});
