import type { Rule } from './rule.ts';

export const keepOneFull: Rule = ({ definition: { diskSpaceManagement: space }, report }) => {
	const { runBefore, fullRetention } = space;
	if (!runBefore || fullRetention?.enable !== true) return;
	if (fullRetention.period !== 'count' || fullRetention.interval !== 1) return;
	report('keep-one-full', fullRetention, 'interval', (t) =>
		t(
			'Every backup there is will be deleted before a new full is made, and none is left if that one fails; keep 2, or set run_before to false.',
		),
	);
};

export const syntheticWithDifferential: Rule = ({ definition: { diskSpaceManagement: space, scheduling }, report }) => {
	if (!space.incrementalsForever) return;
	const differential = scheduling.schedules.find(({ enable, backupType }) => enable && backupType === 'diff');
	if (differential === undefined) return;
	report('synthetic-with-differential', differential, 'backup_type', (t) =>
		t(
			'Sets with differentials never get a synthetic full; schedule incrementals instead, or set incrementals_forever to false.',
		),
	);
};

export const freeSpace: Rule = ({ definition: { diskSpaceManagement: space }, report }) => {
	if (!space.lowSpacePurge || space.lowSpaceGbThreshold >= 1) return;
	report(
		'free-space',
		space,
		'low_space_gb_threshold',
		(t) => t('At least 1 GB must stay free; 5 GB is the usual threshold.'),
		{ name: 'low_space_gb_threshold', expected: ['5', '1'] },
	);
};

export const retentionSplit: Rule = ({ definition, report }) => {
	const { incrementalRetention } = definition.diskSpaceManagement;
	if (definition.fileSizeLimit === undefined || incrementalRetention?.enable !== true) return;
	report('retention-split', incrementalRetention, undefined, (t) =>
		t(
			'Incrementals of split backups are never merged or deleted, so this rule does nothing; leave file_size_limit out, or turn the rule off.',
		),
	);
};
