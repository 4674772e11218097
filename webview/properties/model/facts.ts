import { formatBytes } from '../../../src/base/quantity.ts';
import type { CompareInfo, ImageInfo } from '../../../src/protocol/backups.ts';
import { typeNames } from '../../shared/type-names.ts';

/** What is said of a restore point, in the order of the page. @param format a point in time in words */
export function imageFacts(
	{ file, imageId, computer, compression, encryption }: ImageInfo,
	format: (time: string) => string,
): readonly (readonly [name: string, value: string])[] {
	return [
		['Type', `${typeNames[file.type]} ${String(file.incrementNumber).padStart(2, '0')}`],
		['Made', format(file.time)],
		['Backup set', imageId],
		['File', String(file.fileNumber)],
		...(file.parent === undefined ? [] : [['Stands on', file.parent] as const]),
		...(file.merged.length === 0 ? [] : [['Holds merged files', file.merged.join(', ')] as const]),
		['Size', formatBytes(file.size)],
		['Computer', computer],
		['Compression', compression],
		['Encryption', encryption],
		['Verified', file.verifiedOn === undefined ? 'Not yet' : format(file.verifiedOn)],
		...(file.split ? [['Split', 'Into several files'] as const] : []),
		...(file.comment === '' ? [] : [['Comment', file.comment] as const]),
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
		title: `Disk ${one.disk + 1}, partition ${one.partition}${one.label === '' ? '' : ` - ${one.label}`}`,
		changed: one.changedBlocks / most,
		fresh: one.newBlocks / most,
		freed: one.freedBlocks / most,
		words:
			`${blocks(one.changedBlocks)} changed, ${blocks(one.newBlocks)} new, ${blocks(one.freedBlocks)} freed · ` +
			`${formatBytes(one.changedBytes)} changed, ${formatBytes(one.storedBytes)} stored`,
	}));
}

function blocks(count: number): string {
	return `${count.toLocaleString('en')} ${count === 1 ? 'block' : 'blocks'}`;
}
