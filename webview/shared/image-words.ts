import { t } from './l10n.ts';

/** Words for what stands in the metadata of an image. */

/** A file system as an image names it; `unknown` is the image's word for none that it knows. */
export function fileSystemName(name: string): string {
	return name === 'unknown' ? t('unknown') : name;
}

/** A level of compression, or a cipher. */
export function settingName(value: string): string {
	return { none: t('none'), medium: t('medium'), high: t('high') }[value] ?? value;
}
