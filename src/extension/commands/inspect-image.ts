import { basename } from 'node:path';
import { isAfterimageError } from '../../base/errors.ts';
import type { ImageInfo } from '../../protocol/backups.ts';
import type { Services } from '../services.ts';

/** Reads what an image holds; asks for its password when it takes one. */
export async function inspect(
	{ engines, passwords, trees }: Pick<Services, 'engines' | 'passwords' | 'trees'>,
	path: string,
): Promise<ImageInfo> {
	const engine = await engines.get('user');
	let password: string | undefined;
	for (;;) {
		try {
			return await engine.request('image/inspect', { file: path, ...(password === undefined ? {} : { password }) });
		} catch (error) {
			const wrong = isAfterimageError(error, 'wrong-password');
			if (!wrong && !isAfterimageError(error, 'password-needed')) throw error;
			const { set } = await trees.backups.find(path);
			password = await passwords.get(set.imageId, basename(path), wrong);
			if (password === undefined) throw error;
		}
	}
}
