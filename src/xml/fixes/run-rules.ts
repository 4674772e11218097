import type { Wording } from '../../base/l10n.ts';
import { removeElement } from '../../definition/xml/edits.ts';
import { setAttribute } from './change.ts';
import { commandFix, elementOfProblem, firstPreferred, fix, remodel, type RuleFixer } from './fix.ts';

/** Likely names of what a password comes from. */
const passwordNames: Readonly<Record<string, string>> = {
	secret_storage: 'backup',
	environment: 'AFTERIMAGE_PASSWORD',
	file: '/etc/afterimage/password',
};

/** Fixes of the rules about how a backup runs: password, size of files, scripts, mail. */
export const runFixers: Readonly<Record<string, RuleFixer>> = {
	'file-size-limit'(document, problem, { t }) {
		const element = elementOfProblem(document, problem);
		if (element === undefined) return [];
		const { start, end } = problem;
		return firstPreferred(
			...['4 GB', '16 MB'].map((size) => fix(t('Change to {0}', size), { start, end, text: size })),
			fix(t('Do not split the files'), removeElement(document.xml, element)),
		);
	},

	'password-name'(document, problem, { t }) {
		const element = elementOfProblem(document, problem, 'encryption');
		if (element === undefined) return [];
		const name = passwordNames[document.read.definition.encryption.passwordSource] ?? 'backup';
		return firstPreferred(
			fix(t('Add the attribute {0}', 'password_name'), setAttribute(element, 'password_name', name)),
			fix(t('Ask for the password'), setAttribute(element, 'password_source', 'prompt')),
		);
	},

	'password-prompt': (document, problem, { t }) =>
		firstPreferred(
			...(problem.data?.expected ?? []).map((source) =>
				remodel(document, sourceTitles[source]?.(t) ?? source, (definition) => ({
					...definition,
					encryption: {
						...definition.encryption,
						passwordSource: source as (typeof definition.encryption)['passwordSource'],
						// The name of a stored secret is no path and no variable.
						passwordName: passwordNames[source],
					},
				})),
			),
		),

	'shutdown-level'(document, problem, { t }) {
		const element = elementOfProblem(document, problem);
		if (element === undefined) return [];
		return firstPreferred(
			...(problem.data?.expected ?? []).map((level) =>
				fix(t('Change level to {0}', level), setAttribute(element, 'level', level)),
			),
			fix(t('Do nothing after the backup'), setAttribute(element, 'enable', 'false')),
		);
	},

	'script-writable': (_, __, { t }) => [
		{ ...commandFix(t('Let only administrators write the script'), 'restrict-permissions'), preferred: true },
		commandFix(t('Choose another file…'), 'choose-file'),
	],

	'mail-address'(document, problem, { t }) {
		const element = elementOfProblem(document, problem);
		if (element === undefined) return [];
		const text = document.text.slice(problem.start, problem.end);
		const addresses = text
			.split(/[;,\s]+/)
			.map((one) => one.replace(/^mailto:/i, ''))
			.filter((one) => /^[^\s@]+@[^\s@]+$/.test(one));
		const { start, end } = problem;
		const fixed = addresses.length === 0 ? 'name@example.com' : addresses.join('; ');
		return firstPreferred(fix(t('Change to {0}', fixed), { start, end, text: fixed }));
	},
};

const sourceTitles: Readonly<Record<string, Wording>> = {
	environment: (t) => t('Take the password from an environment variable'),
	file: (t) => t('Take the password from a file'),
};
