import { createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface ReceivedMail {
	readonly from: string;
	readonly to: readonly string[];
	readonly data: string;
	/** What the client gave to log in, decoded; undefined when it did not. */
	readonly auth: string | undefined;
}

export interface TestSmtpServer {
	readonly port: number;
	readonly mails: ReceivedMail[];
	/** Every line that clients sent, but for the mails themselves. */
	readonly lines: string[];
}

/**
 * A mail server for tests that takes everything, without encryption (RFC 5321; AUTH PLAIN of RFC 4954).
 * @param refuse recipient that it does not take
 */
export async function startSmtpServer(options: { auth?: boolean; refuse?: string } = {}): Promise<TestSmtpServer> {
	const mails: ReceivedMail[] = [];
	const lines: string[] = [];
	const server = createServer((socket) => serve(socket, options, mails, lines));
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	onTestFinished(() => void server.close());
	return { port: (server.address() as { port: number }).port, mails, lines };
}

function serve(
	socket: Socket,
	options: { auth?: boolean; refuse?: string },
	mails: ReceivedMail[],
	lines: string[],
): void {
	const say = (line: string) => void socket.write(`${line}\r\n`);
	let from = '';
	let to: string[] = [];
	let auth: string | undefined;
	let data: string[] | undefined;
	let rest = '';
	const hear = (line: string): void => {
		if (data !== undefined) {
			if (line !== '.') {
				data.push(line.startsWith('..') ? line.slice(1) : line);
				return;
			}
			mails.push({ from, to, data: data.join('\n'), auth });
			data = undefined;
			return say('250 taken');
		}
		lines.push(line);
		const [word = ''] = line.toUpperCase().split(' ');
		if (word === 'EHLO') return say(options.auth === true ? '250-test\r\n250 AUTH PLAIN' : '250 test');
		if (word === 'AUTH') {
			auth = Buffer.from(line.split(' ')[2] ?? '', 'base64').toString();
			return say('235 welcome');
		}
		if (word === 'MAIL') {
			from = /<(.*)>/.exec(line)?.[1] ?? '';
			to = [];
			return say('250 ok');
		}
		if (word === 'RCPT') {
			const recipient = /<(.*)>/.exec(line)?.[1] ?? '';
			if (recipient === options.refuse) return say('550 no such mailbox');
			to.push(recipient);
			return say('250 ok');
		}
		if (word === 'DATA') {
			data = [];
			return say('354 go on');
		}
		if (word === 'QUIT') {
			say('221 bye');
			socket.end();
			return;
		}
		say(word === 'RSET' || word === 'NOOP' ? '250 ok' : '502 not known');
	};
	socket.on('error', () => socket.destroy());
	socket.on('data', (chunk) => {
		rest += chunk.toString('utf8');
		for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
			const line = rest.slice(0, end);
			rest = rest.slice(end + 2);
			hear(line);
		}
	});
	say('220 test');
}
