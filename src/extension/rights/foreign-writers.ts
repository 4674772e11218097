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

/** Rights of an access control entry that change a file or folder, as SDDL writes them ([MS-DTYP] 2.5.1.1). */
const writingRights = ['GA', 'GW', 'WD', 'WO', 'SD', 'DC', 'LC', 'WP', 'FA', 'FW', 'KA', 'KW'];
/** FILE_WRITE_DATA, FILE_APPEND_DATA, FILE_DELETE_CHILD, DELETE, WRITE_DAC, WRITE_OWNER, GENERIC_WRITE, GENERIC_ALL. */
const writingBits = 0x500d_0046;
/** SYSTEM, Administrators, local administrator, TrustedInstaller's service, creator and owner placeholders. */
const trusted = ['SY', 'BA', 'LA', 'CO', 'OW', 'S-1-3-4', 'S-1-5-18', 'S-1-5-32-544'];
const trustedInstaller = /^S-1-5-80-956008885-/;

/** The same for Windows: SIDs with a right to write in a security descriptor's text. @param self the user's own SID */
export function foreignSids(sddl: string, self: string): readonly string[] {
	const list = /D:[^(]*((?:\([^)]*\))*)/.exec(sddl)?.[1];
	// A file without a list may be written by everybody.
	if (list === undefined) return ['WD'];
	const found = [...list.matchAll(/\(([^)]*)\)/g)].flatMap((match) => {
		const [kind, , rights = '', , , sid = ''] = match[1]!.split(';');
		return kind === 'A' && writes(rights) && !isTrusted(sid, self) ? [sid] : [];
	});
	return [...new Set(found)];
}

function writes(rights: string): boolean {
	if (/^0x/i.test(rights)) return (Number(rights) & writingBits) !== 0;
	return (rights.match(/../g) ?? []).some((right) => writingRights.includes(right));
}

function isTrusted(sid: string, self: string): boolean {
	return sid === self || trusted.includes(sid) || trustedInstaller.test(sid);
}
