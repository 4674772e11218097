import { extentsOf, type SparseSource } from '../../browse/sparse-source.ts';
import type { RangeRequest } from './answer-read.ts';
import { allocationId } from './negotiation.ts';
import type { Replies } from './replies.ts';
import { State } from './values.ts';

/** Most extents of an answer; a client asks again for what follows. */
const mostExtents = 1024;

/** Tells which bytes are stored and which are zeros. @param one whether the client wants a single extent */
export function answerStatus(
	{ cookie, offset, length }: RangeRequest,
	one: boolean,
	source: SparseSource,
	replies: Replies,
): Promise<void> {
	const descriptors: number[] = [];
	let at = offset;
	for (const { end, stored } of extentsOf(source, offset, offset + length)) {
		descriptors.push(end - at, stored ? 0 : State.hole | State.zero);
		at = end;
		if (one || descriptors.length === 2 * mostExtents) break;
	}
	return replies.status(cookie, allocationId, descriptors);
}
