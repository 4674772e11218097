import type { DiskSpaceManagement, Retention } from '../model.ts';
import type { RetentionRule, RetentionRules } from './types.ts';

const bytesPerGb = 1024 ** 3;

/** The retention rules of a definition, as the planner takes them. */
export function retentionRules(space: DiskSpaceManagement): RetentionRules {
	return {
		scope: space.applyToAllSetsInFolder ? 'all' : 'matching',
		full: retentionRule(space.fullRetention),
		differential: retentionRule(space.differentialRetention),
		incremental: retentionRule(space.incrementalRetention),
		syntheticFull: space.incrementalsForever,
		runBefore: space.runBefore,
		minFreeBytes: space.lowSpacePurge ? Math.max(1, space.lowSpaceGbThreshold) * bytesPerGb : undefined,
	};
}

function retentionRule(rule: Retention | undefined): RetentionRule {
	if (rule === undefined) return { enabled: false, keep: 1, unit: 'backups' };
	return {
		enabled: rule.enable,
		keep: Math.max(1, rule.interval),
		unit: rule.period === 'count' ? 'backups' : rule.period,
	};
}
