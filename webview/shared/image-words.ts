import { t } from './l10n.ts';

/** Words for what stands in the metadata of an image. */

/**
 * A file system by its name in an image, in the words that disks have for it. Images have one name for the three
 * generations of ext, and `unknown` for what the format does not know.
 */
export function fileSystemName(name: string): string {
	if (name === 'ext') return 'ext2/3/4';
	return name === 'unknown' ? t('Unknown') : name;
}

/** A level of compression, or a cipher. */
export function settingName(value: string): string {
	return { none: t('None'), medium: t('Medium'), high: t('High') }[value] ?? value.replace(/^aes-(\d+)$/, 'AES $1');
}
