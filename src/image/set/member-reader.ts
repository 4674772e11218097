import { AfterimageError, isAfterimageError } from '../../base/errors.ts';
import type { ImageFile } from '../file-source.ts';
import type { ImageFolder } from './image-folder.ts';
import type { IndexLocation } from '../index/index-read.ts';
import type { Manifest } from '../manifest.ts';
import type { PayloadKeys } from '../metadata/metadata-read.ts';
import { readDisks, readIndexLocations, readTail, type DiskMetadata } from '../reader.ts';
import type { SetMember } from './set-member.ts';
import { WindowSource } from '../window-source.ts';

/** `$JSON` and disk metadata of a member. @throws AfterimageError `image-damaged`, `password-needed`, `file-missing` */
export async function readWhole(
	folder: ImageFolder,
	member: SetMember,
	keys: PayloadKeys,
): Promise<{ manifest: Manifest; disks: DiskMetadata[] }> {
	const file = await folder.open(member.name);
	try {
		const source = new WindowSource(file);
		const tail = await readTail(source, keys);
		return { manifest: tail.manifest, disks: await readDisks(source, tail, keys) };
	} catch (error) {
		throw naming(member, error);
	} finally {
		await file.close();
	}
}

/** Opens members when their indexes are needed, and remembers where these lie. */
export class IndexReader {
	readonly #folder: ImageFolder;
	readonly #keys: PayloadKeys;
	readonly #known = new Map<SetMember, IndexLocation[][]>();

	constructor(folder: ImageFolder, keys: PayloadKeys) {
		this.#folder = folder;
		this.#keys = keys;
	}

	async with<T>(member: SetMember, use: (source: ImageFile, indexes: IndexLocation[][]) => Promise<T>): Promise<T> {
		const file = await this.#folder.open(member.name);
		try {
			let indexes = this.#known.get(member);
			if (indexes === undefined) {
				const source = new WindowSource(file);
				indexes = await readIndexLocations(source, await readTail(source, this.#keys));
				this.#known.set(member, indexes);
			}
			return await use(file, indexes);
		} catch (error) {
			throw naming(member, error);
		} finally {
			await file.close();
		}
	}
}

/** What reads a structure knows its byte, not its file; of a chain's many files it has to be told which. */
export function naming({ path }: Pick<SetMember, 'path'>, error: unknown): unknown {
	if (!isAfterimageError(error, 'image-damaged') || error.message.includes(path)) return error;
	const { advice, details } = error;
	return new AfterimageError('image-damaged', `${path}: ${error.message}`, {
		details: { ...details, path },
		cause: error,
		...(advice === undefined ? {} : { advice }),
	});
}
