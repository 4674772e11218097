const decoder = new TextDecoder('utf-16le', { ignoreBOM: true });

/** Names and labels as NTFS stores them: UTF-16, little-endian, without an end mark. */
export function decodeUtf16(bytes: Uint8Array): string {
	return decoder.decode(bytes);
}
