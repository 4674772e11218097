import { throwIfAborted } from '../../base/abort.ts';
import { readBytes, type ByteSource } from '../../base/bytes.ts';
import type { Container, Signature } from './signature.ts';

/** The first signature of the list that the volume bears. @throws AfterimageError `read-error`, `cancelled` */
export async function findContainer(
	volume: ByteSource,
	signatures: readonly Signature[],
	signal: AbortSignal | undefined,
): Promise<Container | undefined> {
	const start = await readBytes(volume, 0, Math.min(volume.size, 128 * 1024));
	for (const signature of signatures) {
		const { at, length } = signature;
		if (at < 0 || at + length > volume.size) continue;
		throwIfAborted(signal);
		const inStart = at + length <= start.length;
		const piece = inStart ? start.subarray(at, at + length) : await readBytes(volume, at, length);
		const container = signature.match(piece);
		if (container !== undefined) return container;
	}
	return undefined;
}
