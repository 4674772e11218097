import type { Rule } from './rule.ts';

export const keepOneFull: Rule = ({ definition: { diskSpaceManagement: space }, report }) => {
	const { runBefore, fullRetention } = space;
	if (!runBefore || fullRetention?.enable !== true) return;
	if (fullRetention.period !== 'count' || fullRetention.interval !== 1) return;
	const message =
		'Every backup there is will be deleted before a new full is made, and none is left if that one fails; keep 2, or set run_before to false.';
	report('keep-one-full', fullRetention, 'interval', message);
};

export const syntheticWithDifferential: Rule = ({ definition: { diskSpaceManagement: space, scheduling }, report }) => {
	if (!space.incrementalsForever) return;
	const differential = scheduling.schedules.find(({ enable, backupType }) => enable && backupType === 'diff');
	if (differential === undefined) return;
	const message =
		'Sets with differentials never get a synthetic full; schedule incrementals instead, or set incrementals_forever to false.';
	report('synthetic-with-differential', differential, 'backup_type', message);
};

export const freeSpace: Rule = ({ definition: { diskSpaceManagement: space }, report }) => {
	if (!space.lowSpacePurge || space.lowSpaceGbThreshold >= 1) return;
	report('free-space', space, 'low_space_gb_threshold', 'At least 1 GB must stay free; 5 GB is the usual threshold.', {
		name: 'low_space_gb_threshold',
		expected: ['5', '1'],
	});
};

export const retentionSplit: Rule = ({ definition, report }) => {
	const { incrementalRetention } = definition.diskSpaceManagement;
	if (definition.fileSizeLimit === undefined || incrementalRetention?.enable !== true) return;
	const message =
		'Incrementals of split backups are never merged or deleted, so this rule does nothing; leave file_size_limit out, or turn the rule off.';
	report('retention-split', incrementalRetention, undefined, message);
};
