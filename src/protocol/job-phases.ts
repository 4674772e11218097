import type { Translate } from '../base/l10n.ts';

/**
 * What a job is at. `image`: read and write; `check`: decode what was written; `restore`; `shrink-copy`: write partitions whose
 * file systems are made smaller to temporary files; `shrink`: make them smaller there; `read-back`; `verify`; `merge`;
 * `extract`; `name-files`: find out which files lie in damaged blocks; `file-systems`: walk those in an image; `pack`: write
 * what a rescue medium starts with.
 */
export type JobPhase =
	| 'shrink-copy'
	| 'shrink'
	| 'image'
	| 'check'
	| 'verify'
	| 'restore'
	| 'zero'
	| 'read-back'
	| 'merge'
	| 'extract'
	| 'name-files'
	| 'file-systems'
	| 'pack';

/** What a phase is called for people, in the language that `t` speaks. */
export function phaseName(phase: JobPhase, t: Translate): string {
	switch (phase) {
		case 'image':
			return t('Imaging');
		case 'check':
			return t('Checking');
		case 'verify':
			return t('Verifying');
		case 'restore':
			return t('Restoring');
		case 'shrink-copy':
			return t('Copying what becomes smaller');
		case 'shrink':
			return t('Shrinking file systems');
		case 'zero':
			return t('Zeroing free space');
		case 'read-back':
			return t('Reading back');
		case 'merge':
			return t('Merging');
		case 'extract':
			return t('Extracting');
		case 'name-files':
			return t('Naming damaged files');
		case 'file-systems':
			return t('Checking file systems');
		case 'pack':
			return t('Packing');
	}
}
