import { t } from './l10n.ts';

/** The types of backups in a letter and in words. */
export const typeLetters = { full: t('F'), diff: t('D'), inc: t('I') };
export const typeNames = { full: t('Full'), diff: t('Differential'), inc: t('Incremental') };
