import { findParameters } from '../parameters.ts';
import { unknown } from './destination.ts';
import { folderOf } from './paths.ts';
import type { Rule } from './rule.ts';

export const passwordName: Rule = ({ definition: { encryption }, report }) => {
	const { aesType, passwordSource, passwordName: name } = encryption;
	if (aesType === 'none' || passwordSource === 'prompt' || name !== undefined) return;
	const what = {
		secret_storage: 'name of the stored secret',
		environment: 'name of the variable',
		file: 'path of the file',
	};
	report('password-name', encryption, 'password_source', `Add password_name with the ${what[passwordSource]}.`, {
		name: 'password_name',
	});
};

export const passwordPrompt: Rule = ({ definition: { encryption, scheduling }, report }) => {
	if (encryption.aesType === 'none' || encryption.passwordSource !== 'prompt') return;
	if (!scheduling.schedules.some(({ enable }) => enable)) return;
	const message =
		'Scheduled runs cannot ask for a password and will fail; let it come from the secret storage, the environment or a file.';
	report('password-prompt', encryption, 'password_source', message, {
		expected: ['secret_storage', 'environment', 'file'],
	});
};

export const shutdownLevel: Rule = ({ definition: { postBackupShutdown }, report }) => {
	if (!postBackupShutdown.enable || postBackupShutdown.level !== 'none') return;
	const message = 'Nothing is done after the backup; set level to shutdown, hibernate, suspend or reboot.';
	report('shutdown-level', postBackupShutdown, undefined, message, {
		name: 'level',
		expected: ['shutdown', 'hibernate', 'suspend', 'reboot'],
	});
};

export const scriptWritable: Rule = ({ definition: { scripts }, facts, report }) => {
	const { writableByOthers } = facts;
	if (writableByOthers === undefined) return;
	for (const script of [...scripts.before, ...scripts.after]) {
		const open = writableByOthers(script.path) === true || writableByOthers(folderOf(script.path)) === true;
		if (!open) continue;
		const message = `${script.path} runs with the rights of the backup, but others may change it or its folder; let only administrators write there.`;
		report('script-writable', script, 'path', message);
	}
};

export const mail: Rule = ({ definition: { email }, report }) => {
	for (const message of [email.success, email.warning, email.failure]) {
		if (message === undefined) continue;
		const bad = message.recipients
			.split(/[;,]/)
			.find((one) => one.trim() !== '' && !/^\s*[^\s@]+@[^\s@]+\s*$/.test(one));
		if (bad !== undefined) {
			report(
				'mail-address',
				message,
				'recipients',
				`${bad.trim()} is no mail address; write name@example.com, separated by semicolons.`,
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
