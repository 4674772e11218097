import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { afterimage, afterimageResult } from '../../support/cli.ts';
import { startSmtpServer } from '../../support/smtp-server.ts';
import { definition, folder, lastRun } from './scene.ts';

describe('mail', () => {
	it('is sent through the server of the settings, with the log', async () => {
		const { port, mails } = await startSmtpServer();
		const settings = join(folder, 'config', 'mail.json');
		writeFileSync(settings, JSON.stringify({ server: `smtp://127.0.0.1:${port}`, sender: 'pc@example.com' }), {
			mode: 0o600,
		});
		const { path } = definition(
			'<email><success recipients="a@example.com" attach_log="true"/><failure recipients="f@example.com"/></email>',
		);
		await afterimageResult(['backup', path]);
		expect(mails).toMatchObject([{ from: 'pc@example.com', to: ['a@example.com'] }]);
		expect(mails[0]!.data).toContain('Subject:');
		expect(mails[0]!.data).toMatch(/filename=\S+\.log/);
		rmSync(join(path, '..', 'images'), { recursive: true });
		expect((await afterimage(['backup', path])).code).toBe(8);
		expect(mails[1]).toMatchObject({ to: ['f@example.com'] });
		rmSync(settings);
		mkdirSync(join(path, '..', 'images'));
		const { err, code } = await afterimage(['backup', path]);
		expect(code).toBe(0);
		expect(err).toContain('Warning: No mail was sent: No mail server for mail is known');
		expect((await lastRun()).outcome).toBe('warning');
	});
});
