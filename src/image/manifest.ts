import { AfterimageError } from '../base/errors.ts';
import { checkManifest } from './manifest/consistency.ts';
import { manifestShape, type Manifest, type ManifestInput } from './manifest/fields.ts';
import { sortedJson } from './manifest/json-text.ts';
import { readAt } from './manifest/shape.ts';

export type {
	Manifest,
	ManifestDisk,
	ManifestEncryption,
	ManifestHeader,
	ManifestInput,
	ManifestPartition,
} from './manifest/fields.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads `$JSON`.
 * @param bytes UTF-8 text
 * @throws AfterimageError `image-damaged` with the path of the first value that cannot be right
 */
export function readManifest(bytes: Uint8Array): Manifest {
	let value: unknown;
	try {
		value = JSON.parse(utf8.decode(bytes));
	} catch (cause) {
		const found = cause instanceof Error ? cause.message : String(cause);
		throw new AfterimageError('image-damaged', `$JSON: expected JSON in UTF-8, found ${found}`, {
			details: { expected: 'JSON in UTF-8', found, length: bytes.length },
			cause,
		});
	}
	return checkManifest(readAt(manifestShape, value, ''));
}

/** A manifest with every property that the format has. @throws AfterimageError `image-damaged` for a value out of range */
export function completeManifest(input: ManifestInput): Manifest {
	return checkManifest(readAt(manifestShape, structuredClone(input), ''));
}

/** The text as Macrium writes it: keys sorted, four spaces of indent, a newline at the end. */
export function writeManifest(value: Manifest): Uint8Array {
	return new TextEncoder().encode(sortedJson(completeManifest(value)));
}
