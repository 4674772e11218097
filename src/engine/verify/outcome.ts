import { exitCodeOf, type ErrorCode, type ErrorRecord } from '../../base/errors.ts';
import { counted } from '../../base/quantity.ts';
import { problemsIn, warningsIn } from '../file-walk/words.ts';
import type { BackupState, VerifiedBackup } from '../requests/verify.ts';

/** What each state that is not sound is among errors. */
const codes: Readonly<Record<Exclude<BackupState, 'sound'>, ErrorCode>> = {
	damaged: 'image-damaged',
	unreadable: 'image-damaged',
	faulty: 'image-damaged',
	incomplete: 'image-damaged',
	locked: 'wrong-password',
	changed: 'busy',
};

/** Exit codes of what may go wrong beside each other, the worst first. */
const order = [6, 5, 8, 3];

/** The worst of what went wrong; undefined when all is sound. */
export function worstCode(backups: readonly VerifiedBackup[], problems: readonly ErrorRecord[]): ErrorCode | undefined {
	const found = [
		...backups.flatMap(({ state }) => (state === 'sound' ? [] : codes[state])),
		...problems.map(({ code }) => code),
	];
	const rank = (code: ErrorCode) => (order.includes(exitCodeOf(code)) ? order.indexOf(exitCodeOf(code)) : order.length);
	return found.sort((a, b) => rank(a) - rank(b))[0];
}

const words: Readonly<Record<BackupState, string>> = {
	sound: 'is sound',
	damaged: 'is damaged',
	unreadable: 'cannot be read',
	faulty: 'has sound blocks, but its file systems have problems',
	incomplete: 'lacks files',
	locked: 'could not be opened',
	changed: 'was not verified',
};

/** How a backup is, in words. */
export function backupPhrase({ file, reason, state }: VerifiedBackup): string {
	return reason === undefined ? `${file} ${words[state]}` : `${file} ${words[state]}: ${reason}`;
}

/** How many files and folders are lost of one backup, for the end of a sentence; empty where none is known to be. */
export function lostWords(backups: readonly VerifiedBackup[]): string {
	const counts = backups.map(({ damage }) => damage.reduce((sum, { fileCount }) => sum + fileCount, 0));
	const most = counts.reduce((a, b) => Math.max(a, b), 0);
	const each = counts.filter((count) => count > 0).length > 1 ? ' of each' : '';
	if (most === 0) return '';
	return `; ${each === '' ? '' : 'up to '}${most === 1 ? '1 file or folder' : `${most} files and folders`}${each} in damaged blocks`;
}

/** In how many backups file systems were walked, and what was found, for the end of a sentence; empty where none was. */
export function walkedWords(backups: readonly VerifiedBackup[]): string {
	const walked = backups.flatMap(({ fileSystems }) => (fileSystems === undefined ? [] : [fileSystems]));
	if (walked.length === 0) return '';
	const [problems, warnings] = [problemsIn(walked.flat()), warningsIn(walked.flat())];
	return `; file systems of ${counted(walked.length, 'backup')} walked: ${counted(problems, 'problem')}, ${counted(warnings, 'warning')}`;
}
