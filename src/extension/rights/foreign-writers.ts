import { t } from '../l10n.ts';

/** What lstat(2) says of a file, folder or link, as far as its writers go. */
export interface Ownership {
	readonly mode: number;
	readonly uid: number;
	readonly kind: 'file' | 'folder' | 'link';
}

/**
 * Who but the user and root may write a file, or put another in its place, in words; undefined when nobody. The engine
 * judges by the same rule before it runs anything with administrator rights.
 * @param self the user's own number
 */
export function foreignWriter({ mode, uid, kind }: Ownership, self: number): string | undefined {
	if (uid !== 0 && uid !== self) return t('it belongs to another user (id {0})', uid);
	// A link has no mode of its own; and in a folder with the sticky bit nobody exchanges what is another's.
	if (kind === 'link' || (kind === 'folder' && (mode & 0o1000) !== 0)) return undefined;
	if ((mode & 0o002) !== 0) return t('everybody may write it');
	if ((mode & 0o020) !== 0) return t('its group may write it');
	return undefined;
}
