import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
	mailSettingsPath,
	readMailSettings,
	type MailSettings,
} from '../../../../src/engine/definition-run/mail/mail-settings.ts';
import { posixPermissions } from '../../../../src/engine/definition-run/permissions/posix-permissions.ts';
import type { Mail } from '../../../../src/engine/definition-run/run-ports.ts';
import { smtpMail } from '../../../../src/engine/definition-run/mail/smtp-mail.ts';
import { startSmtpServer } from '../../../support/smtp-server.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const mail: Mail = {
	server: undefined,
	sender: 'pc@example.com',
	recipients: ['a@example.com', 'b@example.com'],
	subject: 'Größe: ok\r\nBcc: spy@example.com',
	text: 'It went well.\n.\nReally.',
	attachment: undefined,
};

describe('mail', () => {
	it('reaches the server with its recipients, text and attachment', async () => {
		const { port, mails } = await startSmtpServer();
		const log = join(tempFolder(), 'run.log');
		writeFileSync(log, 'the log of the run');
		const port_ = smtpMail(() => ({ server: `smtp://127.0.0.1:${port}` }));
		await port_.send({ ...mail, attachment: log });
		expect(mails).toHaveLength(1);
		expect(mails[0]).toMatchObject({ from: 'pc@example.com', to: ['a@example.com', 'b@example.com'], auth: undefined });
		const { data } = mails[0]!;
		expect(data).toContain('It went well.');
		expect(data).toMatch(/filename=run\.log/);
		expect(data).toContain(Buffer.from('the log of the run').toString('base64'));
		// A line end in the subject makes no header of its own.
		expect(data).not.toMatch(/^Bcc:/m);
	});

	it('goes to the server and from the sender of the definition, else to those of the settings', async () => {
		const [one, two] = [await startSmtpServer(), await startSmtpServer()];
		const port = smtpMail(() => ({ server: `smtp://127.0.0.1:${one.port}`, sender: 'settings@example.com' }));
		await port.send({ ...mail, sender: undefined });
		await port.send({ ...mail, server: `smtp://127.0.0.1:${two.port}` });
		expect(one.mails.map(({ from }) => from)).toEqual(['settings@example.com']);
		expect(two.mails.map(({ from }) => from)).toEqual(['pc@example.com']);
		const nothing = smtpMail(() => ({}));
		await expect(nothing.send(mail)).rejects.toMatchObject({
			code: 'invalid-definition',
			message: 'No mail server for mail is known',
		});
		await expect(nothing.send({ ...mail, server: 'smtp://127.0.0.1:1', sender: undefined })).rejects.toThrow(
			'No sender',
		);
	});

	it('gives a password to no other server, and to none without encryption', async () => {
		const server = await startSmtpServer({ auth: true });
		const address = `smtp://127.0.0.1:${server.port}`;
		const known = smtpMail(() => ({ server: address, user: 'ada', password: 's3cret' }));
		await expect(known.send(mail)).rejects.toMatchObject({ code: 'failed' });
		const other = smtpMail(() => ({ server: 'smtps://mail.example.com', user: 'ada', password: 's3cret' }));
		await other.send({ ...mail, server: address });
		expect(server.mails).toHaveLength(1);
		expect(server.mails[0]!.auth).toBeUndefined();
		expect(server.lines.join('\n')).not.toContain(Buffer.from('\0ada\0s3cret').toString('base64'));
	});

	it('that is refused is an error with the reason and without the password', async () => {
		const { port } = await startSmtpServer({ refuse: 'a@example.com' });
		const sender = smtpMail(() => ({ server: `smtp://127.0.0.1:${port}` }));
		const one = { ...mail, recipients: ['a@example.com'] };
		await expect(sender.send(one)).rejects.toThrow(/550 no such mailbox/);
		const unreachable = smtpMail(() => ({ server: 'smtp://127.0.0.1:1' }));
		await expect(unreachable.send(mail)).rejects.toMatchObject({ code: 'failed' });
		const wrong = smtpMail(() => ({ server: 'http://example.com' }));
		await expect(wrong.send(mail)).rejects.toMatchObject({ code: 'invalid-argument' });
	});
});

describe('settings for mail', () => {
	const facts = { platform: 'linux' as const, env: {}, uid: 1000, home: '/home/ada', invoker: undefined };

	it('lie with the other settings of the user', () => {
		expect(mailSettingsPath(facts)).toBe('/home/ada/.config/afterimage/mail.json');
		expect(mailSettingsPath({ ...facts, env: { XDG_CONFIG_HOME: '/c' } })).toBe('/c/afterimage/mail.json');
		expect(mailSettingsPath({ ...facts, uid: 0 })).toBe('/etc/afterimage/mail.json');
		const invoker = { uid: 1000, gid: 1000, home: '/home/eve' };
		expect(mailSettingsPath({ ...facts, uid: 0, invoker })).toBe('/home/eve/.config/afterimage/mail.json');
		expect(mailSettingsPath({ ...facts, platform: 'win32', env: { APPDATA: 'C:\\A' } })).toBe(
			'C:\\A\\Afterimage\\mail.json',
		);
		expect(mailSettingsPath({ ...facts, env: { AFTERIMAGE_CONFIG: '/x' } })).toBe('/x/mail.json');
	});

	it('are read when nobody else may use them', () => {
		const permissions = posixPermissions(new Set([0, process.getuid?.() ?? 0]));
		const path = join(tempFolder(), 'mail.json');
		expect(readMailSettings(path, permissions)).toEqual({});
		const settings: MailSettings = { server: 'smtps://mail.example.com', user: 'ada', password: 's3cret' };
		writeFileSync(path, JSON.stringify(settings), { mode: 0o600 });
		expect(readMailSettings(path, permissions)).toEqual(settings);
		writeFileSync(path, JSON.stringify({ ...settings, pasword: 'x' }));
		expect(() => readMailSettings(path, permissions)).toThrow(/pasword: expected no such field/);
		writeFileSync(path, '{');
		expect(() => readMailSettings(path, permissions)).toThrow(/no JSON/);
		chmodSync(path, 0o644);
		expect(() => readMailSettings(path, permissions)).toThrow(/may be used by others/);
	});
});
