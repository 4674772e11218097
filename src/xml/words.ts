import { english, type Translate } from '../base/l10n.ts';
import { formatBytes } from '../base/quantity.ts';

/** How texts, sizes and numbers are said to whoever reads. */
export interface Words {
	readonly t: Translate;
	/** Bytes: `4.72 GB`. */
	readonly size: (bytes: number) => string;
	/** `1,764,066`. */
	readonly count: (count: number) => string;
}

export const englishWords: Words = {
	t: english,
	size: formatBytes,
	count: (count) => count.toLocaleString('en-US'),
};
