import { extentsOf, type SparseSource } from '../../browse/sparse-source.ts';
import type { Replies } from './replies.ts';
import { pieceBytes, ReadFailure, type SharedReader } from './shared-reader.ts';
import { HangUp } from './socket-input.ts';
import { NbdError } from './values.ts';

/** A range of an export; it has been checked that it lies in it. */
export interface RangeRequest {
	readonly cookie: bigint;
	readonly offset: number;
	readonly length: number;
}

/**
 * Answers in pieces, with holes instead of their zeros; where one cannot be read the reply ends with the place.
 * @throws ReadFailure after the client was told, HangUp
 */
export async function answerInChunks(
	{ cookie, offset, length }: RangeRequest,
	source: SparseSource,
	replies: Replies,
	reader: SharedReader,
): Promise<void> {
	if (length === 0) return replies.done(cookie);
	const stop = offset + length;
	let at = offset;
	try {
		for (const { end, stored } of extentsOf(source, offset, stop)) {
			if (!stored) {
				await replies.hole(cookie, at, end - at, end === stop);
				at = end;
			}
			for (let next; at < end; at = next) {
				next = Math.min(end, at + pieceBytes);
				const [from, last] = [at, next === stop];
				await reader.lend(source, at, next - at, (bytes) => replies.data(cookie, from, bytes, last));
			}
		}
	} catch (error) {
		if (error instanceof ReadFailure) await replies.fail(cookie, NbdError.io, at);
		throw error;
	}
}

/** Answers a client that wants a single chunk. @throws as {@link answerInChunks} */
export async function answerInOneChunk(
	{ cookie, offset, length }: RangeRequest,
	source: SparseSource,
	replies: Replies,
	reader: SharedReader,
): Promise<void> {
	if (length === 0) return replies.done(cookie);
	if (length > pieceBytes) return replies.fail(cookie, NbdError.overflow);
	try {
		await reader.lend(source, offset, length, (bytes) => replies.data(cookie, offset, bytes, true));
	} catch (error) {
		if (error instanceof ReadFailure) await replies.fail(cookie, NbdError.io, offset);
		throw error;
	}
}

/**
 * Answers a client that knows no chunks, and that can be told of an error only before the first byte: what does not fit in
 * a piece is read through first, and kept by nobody.
 * @throws as {@link answerInChunks}; HangUp also where what could be read a moment ago can no more
 */
export async function answerPlainly(
	request: RangeRequest,
	source: SparseSource,
	replies: Replies,
	reader: SharedReader,
): Promise<void> {
	const { cookie, offset, length } = request;
	try {
		if (length <= pieceBytes) {
			await reader.lend(source, offset, length, (bytes) => replies.plain(cookie, (put) => put(bytes)));
			return;
		}
		await readThrough(request, source, reader);
	} catch (error) {
		if (error instanceof ReadFailure) await replies.fail(cookie, NbdError.io);
		throw error;
	}
	await replies.plain(cookie, async (put) => {
		for (const [at, piece] of piecesOf(offset, length)) {
			await reader
				.lend(source, at, piece, (bytes) => put(bytes))
				.catch((cause: unknown) => {
					throw new HangUp(undefined, { cause });
				});
		}
	});
}

/** Reads without sending: what is read soon afterwards comes from the cache, as far as that reaches. @throws ReadFailure */
export async function readThrough(
	{ offset, length }: RangeRequest,
	source: SparseSource,
	reader: SharedReader,
): Promise<void> {
	for (const [at, piece] of piecesOf(offset, length)) await reader.lend(source, at, piece, async () => undefined);
}

function* piecesOf(offset: number, length: number): Generator<[offset: number, length: number]> {
	for (let done = 0; done < length; done += pieceBytes) yield [offset + done, Math.min(pieceBytes, length - done)];
}
