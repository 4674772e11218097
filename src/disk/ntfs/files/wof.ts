import type { ByteSource } from '../../../base/bytes.ts';
import { AfterimageError, damaged } from '../../../base/errors.ts';
import { struct, u32 } from '../../../base/struct.ts';
import { ChunkedStream, type ChunkDecoder } from './chunked-stream.ts';
import { decodeLzx } from '../packing/lzx.ts';
import { decodeXpressHuffman } from '../packing/xpress-huffman.ts';

/** Data of the reparse point of a file that the Windows Overlay Filter keeps (WOF_EXTERNAL_INFO, then its provider's own). */
const WofInformation = struct('WOF reparse point', 0x10, {
	version: u32(0x00),
	provider: u32(0x04),
	providerVersion: u32(0x08),
	algorithm: u32(0x0c),
});

/** The provider whose files are compressed in themselves; the other one points into WIM files. */
const fileProvider = 2;

/** Name of the stream with the compressed bytes; the unnamed stream is one hole. */
export const wofStreamName = 'WofCompressedData';

/** By their number in the reparse point. */
const algorithms: readonly { readonly chunkBytes: number; readonly decode: ChunkDecoder }[] = [
	{ chunkBytes: 4096, decode: decodeXpressHuffman },
	{ chunkBytes: 32 * 1024, decode: decodeLzx },
	{ chunkBytes: 8192, decode: decodeXpressHuffman },
	{ chunkBytes: 16 * 1024, decode: decodeXpressHuffman },
];

/**
 * The bytes of a file that Windows keeps compressed (Compact OS, `compact /exe`).
 * @param information data of its reparse point
 * @param packed its stream {@link wofStreamName}
 * @param size of the file
 * @param at byte offset of the file's record, for messages
 * @throws AfterimageError `structure-damaged`, `not-supported` for what lies in a WIM file
 */
export function openWof(information: Uint8Array, packed: ByteSource, size: number, at: number): ByteSource {
	const { version, provider, providerVersion, algorithm } = new WofInformation(information);
	if (version !== 1) throw damaged('structure-damaged', 'WOF reparse point, version', at, 1, version);
	if (provider !== fileProvider)
		throw new AfterimageError('not-supported', 'The bytes of the file lie in a WIM file that it points to', {
			advice: 'Restore the volume that has the WIM file, and open the file in Windows.',
		});
	const found = algorithms[algorithm];
	if (providerVersion !== 1 || found === undefined)
		throw damaged(
			'structure-damaged',
			'WOF reparse point',
			at,
			`version 1, algorithm 0 to ${algorithms.length - 1}`,
			`${providerVersion}, ${algorithm}`,
		);
	return new ChunkedStream(packed, size, found.chunkBytes, found.decode, at);
}
