import { basename, dirname } from 'node:path';
import type { DoomedBackups } from '../../../protocol/backups.ts';
import { formatBytes, t } from '../../l10n.ts';

/** Files that are named one by one: a dialog of the system does not scroll, and its buttons are below them. */
const mostNames = 24;

/** What is asked before backups are deleted. */
export interface DeleteQuestion {
	readonly title: string;
	readonly detail: string;
}

/**
 * The one question for everything that goes.
 * @param chosen backups that the user has chosen; the others of `doomed` stand on them
 */
export function deleteQuestion(chosen: number, doomed: readonly DoomedBackups[]): DeleteQuestion {
	const backups = sum(doomed.map((one) => one.backups));
	const bytes = sum(doomed.map((one) => one.bytes));
	return {
		title: titleOf(chosen, backups - chosen),
		detail: t(
			'{0} become free. These files are deleted and cannot be brought back:\n{1}',
			formatBytes(bytes),
			namesOf(doomed.flatMap(({ files }) => files)).join('\n'),
		),
	};
}

function titleOf(chosen: number, others: number): string {
	if (chosen === 1) {
		if (others <= 0) return t('Delete this backup?');
		if (others === 1) return t('Delete this backup and the one that stands on it?');
		return t('Delete this backup and {0} that stand on it?', others);
	}
	if (others <= 0) return t('Delete these {0} backups?', chosen);
	if (others === 1) return t('Delete these {0} backups and the one that stands on them?', chosen);
	return t('Delete these {0} backups and {1} that stand on them?', chosen, others);
}

/** By their names alone where all lie in one folder. */
function namesOf(files: readonly string[]): readonly string[] {
	const oneFolder = new Set(files.map((path) => dirname(path))).size === 1;
	const names = files.map((path) => `• ${oneFolder ? basename(path) : path}`);
	// One line is not saved by a line that says so.
	if (names.length <= mostNames + 1) return names;
	return [...names.slice(0, mostNames), t('… and {0} more', names.length - mostNames)];
}

function sum(numbers: readonly number[]): number {
	return numbers.reduce((all, one) => all + one, 0);
}
