import { createHash, createHmac, pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { AfterimageError } from '../base/errors.ts';
import type { ManifestEncryption } from './manifest.ts';

/** Rounds of PBKDF2 in images that are written (ENCRYPTION.md of the published format). */
export const keyIterations = 600_000;

/** The 8 raw bytes of an image id of 16 hex digits. */
export function imageIdBytes(imageid: string): Uint8Array {
	return Uint8Array.from(Buffer.from(imageid, 'hex'));
}

/** The derived key of a set, 32 bytes: PBKDF2-HMAC-SHA-256 with the SHA-256 of the raw image id as salt. */
export async function deriveKey(password: string, imageid: string, iterations: number): Promise<Uint8Array> {
	const salt = createHash('sha256').update(imageIdBytes(imageid)).digest();
	return promisify(pbkdf2)(Buffer.from(password, 'utf8'), salt, iterations, 32, 'sha256');
}

/** `_encryption.hmac`: hex of HMAC-SHA-256 of nothing under the derived key. */
export function passwordTest(key: Uint8Array): string {
	return createHmac('sha256', key).digest('hex');
}

/**
 * The derived key of an encrypted image, or undefined when it is not encrypted.
 * @throws AfterimageError `password-needed` without a password, `wrong-password` when it is not the image's
 */
export async function unlock(
	encryption: ManifestEncryption,
	imageid: string,
	password: string | undefined,
): Promise<Uint8Array | undefined> {
	if (!encryption.enable) return undefined;
	if (password === undefined)
		throw new AfterimageError('password-needed', `Backup set ${imageid} is encrypted and no password was given`, {
			advice: 'Give the password with which the set was made.',
			details: { imageid },
		});
	const key = await deriveKey(password, imageid, encryption.key_iterations);
	if (!timingSafeEqual(Buffer.from(passwordTest(key), 'hex'), Buffer.from(encryption.hmac, 'hex')))
		throw new AfterimageError('wrong-password', `The password is not that of backup set ${imageid}`, {
			advice: 'Give the password with which the set was made; a set keeps its password.',
			details: { imageid },
		});
	return key;
}
