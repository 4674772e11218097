import type { Wording } from '../../base/l10n.ts';
import { findParameters } from '../parameters.ts';
import { unknown } from './destination.ts';
import { folderOf } from './paths.ts';
import type { Rule } from './rule.ts';

export const passwordName: Rule = ({ definition: { encryption }, report }) => {
	const { aesType, passwordSource, passwordName: name } = encryption;
	if (aesType === 'none' || passwordSource === 'prompt' || name !== undefined) return;
	report('password-name', encryption, 'password_source', missingName[passwordSource], { name: 'password_name' });
};

const missingName = {
	secret_storage: (t) => t('Add password_name with the name of the stored secret.'),
	environment: (t) => t('Add password_name with the name of the variable.'),
	file: (t) => t('Add password_name with the path of the file.'),
} satisfies Record<string, Wording>;

export const passwordPrompt: Rule = ({ definition: { encryption, scheduling }, report }) => {
	if (encryption.aesType === 'none' || !['prompt', 'secret_storage'].includes(encryption.passwordSource)) return;
	if (!scheduling.schedules.some(({ enable }) => enable)) return;
	report(
		'password-prompt',
		encryption,
		'password_source',
		(t) =>
			t(
				'Scheduled runs can neither ask for a password nor look into VS Code’s secret storage, and will fail; let it come from a file or the environment.',
			),
		{ expected: ['file', 'environment'] },
	);
};

export const shutdownLevel: Rule = ({ definition: { postBackupShutdown }, report }) => {
	if (!postBackupShutdown.enable || postBackupShutdown.level !== 'none') return;
	report(
		'shutdown-level',
		postBackupShutdown,
		undefined,
		(t) => t('Nothing is done after the backup; set level to shutdown, hibernate, suspend or reboot.'),
		{ name: 'level', expected: ['shutdown', 'hibernate', 'suspend', 'reboot'] },
	);
};

export const scriptWritable: Rule = ({ definition: { scripts }, facts, report }) => {
	const { writableByOthers } = facts;
	if (writableByOthers === undefined) return;
	for (const script of [...scripts.before, ...scripts.after]) {
		const open = writableByOthers(script.path) === true || writableByOthers(folderOf(script.path)) === true;
		if (!open) continue;
		report('script-writable', script, 'path', (t) =>
			t(
				'{0} runs with the rights of the backup, but others may change it or its folder; let only administrators write there.',
				script.path,
			),
		);
	}
};

export const mail: Rule = ({ definition: { email }, report }) => {
	for (const message of [email.success, email.warning, email.failure]) {
		if (message === undefined) continue;
		const bad = message.recipients
			.split(/[;,]/)
			.find((one) => one.trim() !== '' && !/^\s*[^\s@]+@[^\s@]+\s*$/.test(one));
		if (bad !== undefined) {
			report('mail-address', message, 'recipients', (t) =>
				t('{0} is no mail address; write name@example.com, separated by semicolons.', bad.trim()),
			);
		}
		for (const [name, text] of [
			['subject', message.subject],
			['content', message.content],
		] as const) {
			const strange = findParameters(text).find(({ parameter }) => parameter === undefined);
			if (strange !== undefined)
				report('unknown-parameter', message, name, unknown(strange.name), { name: strange.name });
		}
	}
};
