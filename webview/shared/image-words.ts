import { t } from './l10n.ts';

/** Words for what stands in the metadata of an image. */

/**
 * A file system by its name in an image, in the words that disks have for it. Images have one name for the three
 * generations of ext, and `unknown` for what the format does not know.
 */
export function fileSystemName(name: string): string {
	if (name === 'ext') return 'ext2/3/4';
	return name === 'unknown' ? t('unknown') : name;
}

/** A level of compression, or a cipher. */
export function settingName(value: string): string {
	return { none: t('none'), medium: t('medium'), high: t('high') }[value] ?? value;
}
