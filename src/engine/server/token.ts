import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Readable } from 'node:stream';
import { AfterimageError } from '../../base/errors.ts';

/** 32 random bytes as base64url: 43 characters. */
const tokenPattern = /^[A-Za-z0-9_-]{43}$/;

/** Proof that its maker has the token, for a nonce of the other side (`Handshake` in src/protocol/engine.ts). */
export function proofOf(token: string, role: 'engine' | 'client', nonce: string): string {
	return createHmac('sha256', token).update(role).update(nonce).digest('hex');
}

export function isProof(token: string, role: 'engine' | 'client', nonce: string, proof: string): boolean {
	const expected = Buffer.from(proofOf(token, role, nonce));
	const found = Buffer.from(proof);
	return expected.length === found.length && timingSafeEqual(expected, found);
}

/**
 * Reads the one-time token, the first line of standard input: arguments and environment can be seen by other processes.
 * @throws AfterimageError `invalid-argument` when no token comes within `milliseconds`, or something else does
 */
export async function readToken(input: Readable, milliseconds = 10_000): Promise<string> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		timer = setTimeout(
			() => reject(new AfterimageError('invalid-argument', 'No token arrived on standard input')),
			milliseconds,
		);
	});
	try {
		const line = await Promise.race([firstLine(input), late]);
		return checkToken(line, 'Standard input');
	} finally {
		clearTimeout(timer);
	}
}

/** @throws AfterimageError `invalid-argument` when it is none */
export function checkToken(line: string, where: string): string {
	if (tokenPattern.test(line)) return line;
	throw new AfterimageError('invalid-argument', `${where}: expected a token of 43 characters in its first line`);
}

function firstLine(input: Readable): Promise<string> {
	return new Promise((done, fail) => {
		let text = '';
		const onData = (chunk: Buffer | string) => {
			text += chunk.toString();
			const end = text.indexOf('\n');
			if (end < 0 && text.length <= 256) return;
			input.off('data', onData);
			input.resume();
			done(text.slice(0, Math.max(0, end)).trim());
		};
		input.on('data', onData);
		input.once('end', () => done(text.trim()));
		input.once('error', fail);
	});
}
