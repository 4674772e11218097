import { Limit } from '../../limit.ts';
import type { Export } from '../exports.ts';
import { answerInChunks, answerInOneChunk, answerPlainly, readThrough, type RangeRequest } from './answer-read.ts';
import { answerStatus } from './answer-status.ts';
import { RequestHeader } from './messages.ts';
import { largestRequest, type Choice } from './negotiation.ts';
import { Replies } from './replies.ts';
import { ReadFailure, type SharedReader } from './shared-reader.ts';
import { HangUp, type SocketInput } from './socket-input.ts';
import type { SocketOutput } from './socket-output.ts';
import { Command, CommandFlag, NbdError, requestMagic } from './values.ts';

/** Requests of one client that are answered at once; what it sends beyond them is not taken before. */
const mostRequests = 8;

/** What the answers to clients need beside what each has chosen. */
export interface Service {
	readonly reader: SharedReader;
	/** Whether nothing more is to be read. */
	readonly stopping: () => boolean;
	/** Is told why something could not be read. */
	readonly onFailure: (error: unknown, what: Export) => void;
}

interface Request {
	readonly cookie: bigint;
	readonly flags: number;
	readonly command: number;
	/** Undefined where it lies outside of the export. */
	readonly range: RangeRequest | undefined;
	readonly length: number;
}

/** Answers the requests of a client, several at once, until it leaves. @throws HangUp */
export async function transmit(
	input: SocketInput,
	output: SocketOutput,
	choice: Choice,
	service: Service,
): Promise<void> {
	const limit = new Limit(mostRequests);
	const replies = new Replies(output, choice.structured);
	const running = new Set<Promise<void>>();
	/** What an answer failed with that leaves no way to go on. */
	let failure: unknown;
	const onError = (error: unknown) => {
		const cause = error instanceof HangUp ? error.cause : error;
		if (cause instanceof ReadFailure) service.onFailure(cause.cause, choice.export);
		if (error instanceof ReadFailure) return;
		failure ??= error;
		output.hangUp();
	};
	try {
		for (;;) {
			const request = await nextRequest(input, choice.export.source.size);
			if (request === undefined) return;
			await limit.enter();
			const answer = answerRequest(request, choice, replies, service)
				.catch(onError)
				.finally(() => {
					limit.leave();
					running.delete(answer);
				});
			running.add(answer);
		}
	} catch (error) {
		output.hangUp();
		throw failure ?? error;
	} finally {
		await Promise.all(running);
	}
}

/** Undefined for the one that says good-bye. @throws HangUp */
async function nextRequest(input: SocketInput, size: number): Promise<Request | undefined> {
	const header = new RequestHeader(await input.read(RequestHeader.size));
	const { magic, flags, command, cookie, offset, length } = header;
	if (magic !== requestMagic) throw new HangUp('expected a request, found other bytes');
	if (command === Command.disconnect) return undefined;
	if (command === Command.write) {
		if (length > largestRequest) {
			throw new HangUp(`expected at most ${largestRequest} bytes to write, found ${length}`);
		}
		await input.skip(length);
	}
	const inside = offset + BigInt(length) <= BigInt(size);
	return { cookie, flags, command, length, range: inside ? { cookie, offset: Number(offset), length } : undefined };
}

/** @throws ReadFailure after the client was told, HangUp */
async function answerRequest(
	{ cookie, flags, command, length, range }: Request,
	{ export: { source }, structured, allocation }: Choice,
	replies: Replies,
	{ reader, stopping }: Service,
): Promise<void> {
	if (stopping()) return replies.fail(cookie, NbdError.shutdown);
	const invalid = () => replies.fail(cookie, NbdError.invalid);
	const known = knownFlags(command, structured);
	if (known === undefined || (flags & ~known) !== 0) return invalid();
	switch (command) {
		case Command.read:
			if (range === undefined || length > largestRequest) return invalid();
			if (!structured) return answerPlainly(range, source, replies, reader);
			if ((flags & CommandFlag.dontFragment) !== 0) return answerInOneChunk(range, source, replies, reader);
			return answerInChunks(range, source, replies, reader);
		case Command.cache:
			if (range === undefined || length > largestRequest) return invalid();
			try {
				await readThrough(range, source, reader);
			} catch (error) {
				if (error instanceof ReadFailure) await replies.fail(cookie, NbdError.io);
				throw error;
			}
			return replies.done(cookie);
		case Command.blockStatus:
			if (range === undefined || length === 0 || !allocation) return invalid();
			return answerStatus(range, (flags & CommandFlag.requestOne) !== 0, source, replies);
		case Command.flush:
			return replies.done(cookie);
		default:
			return replies.fail(cookie, NbdError.notPermitted);
	}
}

/** Flags that a command may have; undefined for one that there is not. */
function knownFlags(command: number, structured: boolean): number | undefined {
	switch (command) {
		case Command.read:
			return structured ? CommandFlag.dontFragment : 0;
		case Command.blockStatus:
			return CommandFlag.requestOne;
		case Command.cache:
		case Command.flush:
			return 0;
		case Command.write:
		case Command.trim:
		case Command.writeZeroes:
			// Refused whatever they wish for.
			return 0xffff;
		default:
			return undefined;
	}
}
