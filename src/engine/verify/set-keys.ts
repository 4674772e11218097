import { AfterimageError, isAfterimageError } from '../../base/errors.ts';
import type { BlockCipherKey } from '../../image/block-cipher.ts';
import { unlock } from '../../image/password.ts';
import type { SetMember } from '../../image/set/set-member.ts';

export type SetKey = Pick<BlockCipherKey, 'aes' | 'key'>;

/** What opens a backup, or why nothing does. */
export interface FoundKey {
	readonly key?: SetKey | undefined;
	readonly error?: unknown;
}

/**
 * What opens a file of a set, found out with one of several passwords; undefined when it is not encrypted.
 * @throws AfterimageError `password-needed` when none is given, `wrong-password` when none is the set's
 */
export async function findKey(
	{ encryption, header }: SetMember,
	passwords: readonly string[],
): Promise<SetKey | undefined> {
	if (!encryption.enable || encryption.aes_type === 'none') return undefined;
	for (const password of passwords) {
		try {
			return { aes: encryption.aes_type, key: (await unlock(encryption, header.imageid, password))! };
		} catch (error) {
			if (!isAfterimageError(error, 'wrong-password')) throw error;
		}
	}
	const needed = passwords.length === 0;
	throw new AfterimageError(
		needed ? 'password-needed' : 'wrong-password',
		needed
			? `Backup set ${header.imageid} is encrypted and no password was given`
			: `Backup set ${header.imageid} has another password`,
		{ advice: 'Give the password with which the set was made.', details: { imageid: header.imageid } },
	);
}
