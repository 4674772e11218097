import { visible } from '../../src/base/visible.ts';
import { t } from './l10n.ts';

export function filesWord(count: number): string {
	return count === 1 ? t('1 file') : t('{0} files', count);
}

/** `4 - Windows`. @param name label, name or mount point; empty when it has none */
export function partitionTitle(number: number, name: string): string {
	return `${number} - ${name === '' ? t('(None)') : visible(name)}`;
}
