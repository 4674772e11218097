import { isAfterimageError } from '../../../base/errors.ts';
import { errno } from './constants.ts';
import { InHeader, OutHeader } from './structures.ts';

/** What the kernel asks. */
export interface Request {
	readonly opcode: number;
	/** By which the answer names the request. */
	readonly unique: bigint;
	/** The node that it is about; what no node can have is -1. */
	readonly node: number;
	/** What follows the header: bytes of the message, not a copy. */
	readonly body: Uint8Array;
}

/** What is answered: bytes, or the number of an error (of `errno`). */
export type Reply = readonly Uint8Array[] | number;

/** What is answered, and who is to hear whether somebody still waited for it. */
export interface Answer {
	readonly reply: Reply;
	readonly delivered?: (still: boolean) => void;
}

/** @returns undefined for what is no request, and cannot even be answered */
export function parseRequest(message: Uint8Array): Request | undefined {
	if (message.length < InHeader.size) return undefined;
	const { length, opcode, unique, node } = new InHeader(message);
	if (length !== message.length) return undefined;
	return { opcode, unique, node: nodeOf(node), body: message.subarray(InHeader.size) };
}

export function nodeOf(number: bigint): number {
	return number <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(number) : -1;
}

/** The parts of an answer as they are written, header first. */
export function answerOf(unique: bigint, reply: Reply): Uint8Array[] {
	const bytes = new Uint8Array(OutHeader.size);
	const header = new OutHeader(bytes);
	const parts = typeof reply === 'number' ? [] : reply;
	header.length = parts.reduce((sum, { length }) => sum + length, OutHeader.size);
	header.error = typeof reply === 'number' ? -reply : 0;
	header.unique = unique;
	return [bytes, ...parts];
}

/**
 * The one name that a body consists of, or that stands at its end, as it is stored: each character is a byte.
 * @returns undefined for what is no name
 */
export function nameIn(body: Uint8Array): string | undefined {
	const end = body.length - 1;
	if (end < 1 || body.indexOf(0) !== end) return undefined;
	return Buffer.from(body.buffer, body.byteOffset, end).toString('latin1');
}

/** What an error is to a program that reads from the folder. */
export function errnoOf(error: unknown): number {
	if (isAfterimageError(error, 'cancelled')) return errno.EINTR;
	return isAfterimageError(error, 'not-supported') ? errno.EOPNOTSUPP : errno.EIO;
}
