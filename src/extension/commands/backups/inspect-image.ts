import { basename } from 'node:path';
import type { ImageInfo } from '../../../protocol/backups.ts';
import { withPassword } from '../../runs/with-password.ts';
import type { Services } from '../../services.ts';

/** Reads what an image holds; asks for its password when it takes one. */
export async function inspect(
	{ engines, passwords, trees }: Pick<Services, 'engines' | 'passwords' | 'trees'>,
	path: string,
): Promise<ImageInfo> {
	const engine = await engines.get('user');
	const image = async () => ({ key: (await trees.backups.find(path)).set.imageId, what: basename(path) });
	return withPassword(passwords, image, (password) => engine.request('image/inspect', { file: path, ...password }));
}
