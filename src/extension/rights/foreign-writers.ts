import { t } from '../l10n.ts';

/** What stat(2) says of a file or folder, as far as its writers go. */
export interface Ownership {
	readonly mode: number;
	readonly uid: number;
	readonly gid: number;
	readonly directory: boolean;
}

export interface Self {
	readonly uid: number;
	readonly gid: number;
}

/** Who but the user and root may write a file, or put another in its place, in words; undefined when nobody. */
export function foreignWriter(found: Ownership, self: Self): string | undefined {
	if (found.uid !== 0 && found.uid !== self.uid) return t('it belongs to another user (id {0})', found.uid);
	// In a folder with the sticky bit nobody removes or renames what is another's.
	if (found.directory && (found.mode & 0o1000) !== 0) return undefined;
	if ((found.mode & 0o002) !== 0) return t('anybody may write it');
	// Systems that give every user a group of his own, with his own number, let that group write everything of his.
	const ownGroup = found.gid === self.gid && found.gid === self.uid;
	if ((found.mode & 0o020) !== 0 && found.gid !== 0 && !ownGroup) {
		return t('its group (id {0}) may write it', found.gid);
	}
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
