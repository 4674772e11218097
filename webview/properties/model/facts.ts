import { formatBytes, formatCount } from '../../shared/quantities.ts';
import type { CompareInfo, ImageInfo } from '../../../src/protocol/backups.ts';
import { t } from '../../shared/l10n.ts';
import { typeNames } from '../../shared/type-names.ts';
import { settingName } from '../../shared/image-words.ts';

/** What is said of a restore point, in the order of the page. @param format a point in time in words */
export function imageFacts(
	{ file, imageId, computer, compression, encryption }: ImageInfo,
	format: (time: string) => string,
): readonly (readonly [name: string, value: string])[] {
	return [
		[t('Type'), `${typeNames[file.type]} ${String(file.incrementNumber).padStart(2, '0')}`],
		[t('Made'), format(file.time)],
		[t('Backup set'), imageId],
		[t('File'), String(file.fileNumber)],
		...(file.parent === undefined ? [] : [[t('Stands on'), file.parent] as const]),
		...(file.merged.length === 0 ? [] : [[t('Holds merged files'), file.merged.join(', ')] as const]),
		[t('Size'), formatBytes(file.size)],
		[t('Computer'), computer],
		[t('Compression'), settingName(compression)],
		[t('Encryption'), settingName(encryption)],
		[t('Verified'), verified(file, format)],
		...(file.split ? [[t('Split'), t('Into several files')] as const] : []),
		...(file.comment === '' ? [] : [[t('Comment'), file.comment] as const]),
	];
}

export interface CompareBar {
	readonly title: string;
	/** Shares of the longest bar, 0 to 1. */
	readonly changed: number;
	readonly fresh: number;
	readonly freed: number;
	readonly words: string;
}

/** What changed on each partition as a bar; all bars have the same scale, in blocks. */
export function compareBars({ partitions }: CompareInfo): readonly CompareBar[] {
	const most = Math.max(1, ...partitions.map((one) => one.changedBlocks + one.newBlocks + one.freedBlocks));
	return partitions.map((one) => ({
		title: `${t('Disk {0}, partition {1}', one.disk + 1, one.partition)}${one.label === '' ? '' : ` - ${one.label}`}`,
		changed: one.changedBlocks / most,
		fresh: one.newBlocks / most,
		freed: one.freedBlocks / most,
		words: changeWords(one),
	}));
}

function changeWords(one: CompareInfo['partitions'][number]): string {
	if (one.changedBlocks + one.newBlocks + one.freedBlocks === 0) return t('Nothing changed');
	return t(
		'{0} changed, {1} new, {2} freed · {3} changed, {4} stored',
		blocks(one.changedBlocks),
		blocks(one.newBlocks),
		blocks(one.freedBlocks),
		formatBytes(one.changedBytes),
		formatBytes(one.storedBytes),
	);
}

function blocks(count: number): string {
	return count === 1 ? t('1 block') : t('{0} blocks', formatCount(count));
}

function verified({ verifiedOn, wasDamaged }: ImageInfo['file'], format: (time: string) => string): string {
	if (wasDamaged) return t('damaged when it was last verified');
	return verifiedOn === undefined ? t('Not yet') : format(verifiedOn);
}
