import { isAfterimageError } from '../../base/errors.ts';
import type { Passwords } from './passwords.ts';

/**
 * What an engine answers about an image, whose password is asked for as often as it takes another one.
 * @param image under what its password is kept, and what it opens in words
 * @throws AfterimageError as the engine does, `password-needed` or `wrong-password` when the user gives none
 */
export async function withPassword<R>(
	passwords: Pick<Passwords, 'get'>,
	image: () => Promise<{ readonly key: string; readonly what: string }>,
	ask: (password: { readonly password?: string }) => Promise<R>,
): Promise<R> {
	let password: string | undefined;
	for (;;) {
		try {
			return await ask(password === undefined ? {} : { password });
		} catch (error) {
			const wrong = isAfterimageError(error, 'wrong-password');
			if (!wrong && !isAfterimageError(error, 'password-needed')) throw error;
			const { key, what } = await image();
			password = await passwords.get(key, what, wrong);
			if (password === undefined) throw error;
		}
	}
}
