import { basename } from 'node:path';
import { createTransport } from 'nodemailer';
import { AfterimageError, toErrorRecord } from '../../../base/errors.ts';
import type { MailSettings } from './mail-settings.ts';
import type { MailPort } from '../run-ports.ts';

/** How long each step of handing over a mail may take, in milliseconds. */
const patience = 30_000;

const standardPorts = { 'smtp:': 587, 'smtps:': 465 };

/** Hands mail to an SMTP server. @param settings read at each mail */
export function smtpMail(settings: () => MailSettings): MailPort {
	return {
		async send(mail) {
			const own = settings();
			const server = mail.server ?? own.server;
			const from = mail.sender ?? own.sender;
			if (server === undefined || from === undefined) {
				const lacking = server === undefined ? 'mail server' : 'sender';
				throw new AfterimageError('invalid-definition', `No ${lacking} for mail is known`, {
					advice: `Name it in the definition (email) or in mail.json.`,
				});
			}
			const place = parseServer(server);
			// What is known for one server is told to no other that a definition may name.
			const known = own.server !== undefined && sameServer(parseServer(own.server), place);
			const auth = known && own.user !== undefined ? { user: own.user, pass: own.password ?? '' } : undefined;
			const secure = place.protocol === 'smtps:';
			const transport = createTransport({
				host: place.hostname,
				port: place.port,
				secure,
				// A password travels encrypted or not at all.
				requireTLS: !secure && auth !== undefined,
				...(auth === undefined ? {} : { auth }),
				connectionTimeout: patience,
				greetingTimeout: patience,
				socketTimeout: patience,
				disableUrlAccess: true,
			});
			try {
				await transport.sendMail({
					from,
					to: [...mail.recipients],
					subject: mail.subject,
					text: mail.text,
					attachments:
						mail.attachment === undefined ? [] : [{ path: mail.attachment, filename: basename(mail.attachment) }],
				});
			} catch (error) {
				throw new AfterimageError(
					'failed',
					`Mail was not taken by ${place.hostname}: ${toErrorRecord(error).message}`,
					{
						cause: error,
					},
				);
			} finally {
				transport.close();
			}
		},
	};
}

interface Server {
	readonly protocol: 'smtp:' | 'smtps:';
	readonly hostname: string;
	readonly port: number;
}

function parseServer(text: string): Server {
	const match = /^(smtps?:)\/\/([A-Za-z0-9.-]+)(?::(\d{1,5}))?\/?$/.exec(text);
	const protocol = match?.[1] === 'smtp:' || match?.[1] === 'smtps:' ? match[1] : undefined;
	if (match === null || protocol === undefined) {
		throw new AfterimageError(
			'invalid-argument',
			`Mail server ${text}: expected smtp://host:port or smtps://host:port`,
		);
	}
	return { protocol, hostname: match[2]!, port: match[3] === undefined ? standardPorts[protocol] : Number(match[3]) };
}

function sameServer(a: Server, b: Server): boolean {
	return a.protocol === b.protocol && a.hostname.toLowerCase() === b.hostname.toLowerCase() && a.port === b.port;
}
