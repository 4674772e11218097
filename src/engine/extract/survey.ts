import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { AfterimageError } from '../../base/errors.ts';
import type { FileNode, FolderNode, TreeNode } from '../../disk/files.ts';
import { systemCode } from '../../base/system-code.ts';
import { openFailure } from '../ports/system-errors.ts';
import { SharedFiles } from './shared-files.ts';
import type { NameRules } from './target-names.ts';
import { walkEntries, type Entry, type Visitor } from './walk-entries.ts';

/** Existing files that are named in an error. */
const mostNamed = 5;

/** What an extraction will write. */
export interface Survey {
	readonly files: number;
	/** Of the files, holes counted. */
	readonly bytes: number;
	/** The same with files that have several names counted once. */
	readonly room: number;
}

/**
 * Looks at everything that is to be extracted, and at what lies in its place.
 * @param folder path of the folder; it need not be there
 * @throws AfterimageError `invalid-argument` naming what is there already where that is not to be replaced, and what is a
 * folder in one place and none in the other
 */
export async function survey(
	entries: readonly Entry[],
	folder: string,
	overwrite: boolean,
	rules: NameRules,
	signal: AbortSignal,
): Promise<Survey> {
	const surveyor = new Surveyor();
	const root = (await kindAt(folder)) === undefined ? undefined : folder;
	await walkEntries(entries, root, surveyor, rules, signal);
	surveyor.check(overwrite);
	const { files, bytes, room } = surveyor;
	return { files, bytes, room };
}

/** Counts what it is shown. What it goes into is the path of a folder, undefined where none is there. */
class Surveyor implements Visitor<string | undefined>, Survey {
	files = 0;
	bytes = 0;
	room = 0;
	readonly #shared = new SharedFiles<true>();
	/** Files and links that are there already. */
	readonly #existing = new Found();
	/** What is a folder in one place and none in the other. */
	readonly #otherwise = new Found();

	async folder(
		{ name }: Entry<FolderNode>,
		into: string | undefined,
		walk: (inner: string | undefined) => Promise<void>,
	) {
		if (into === undefined) return walk(undefined);
		const path = join(into, name);
		const there = await kindAt(path);
		if (there === 'other') this.#otherwise.add(path);
		else await walk(there === undefined ? undefined : path);
	}

	async entry({ name, node }: Entry<Exclude<TreeNode, FolderNode>>, into: string | undefined) {
		if (node.kind === 'file') this.#count(node);
		if (into === undefined || (node.kind !== 'file' && !(node.kind === 'link' && canLink))) return;
		const path = join(into, name);
		const there = await kindAt(path);
		if (there === 'folder') this.#otherwise.add(path);
		else if (there === 'other') this.#existing.add(path);
	}

	/** @throws AfterimageError `invalid-argument` */
	check(overwrite: boolean): void {
		if (this.#otherwise.count > 0) {
			throw new AfterimageError(
				'invalid-argument',
				`What is there is a folder, or none, otherwise than in the backup: ${this.#otherwise.phrase()}`,
				{ advice: 'Choose another folder, or remove it.' },
			);
		}
		if (this.#existing.count > 0 && !overwrite) {
			throw new AfterimageError('invalid-argument', `There already: ${this.#existing.phrase()}`, {
				advice: 'Choose another folder, or have them replaced with --overwrite. Nothing was written.',
			});
		}
	}

	#count({ size, shared }: FileNode): void {
		this.files++;
		this.bytes += size;
		if (shared !== undefined) {
			if (this.#shared.find(shared) !== undefined) return;
			this.#shared.remember(shared, true);
		}
		this.room += size;
	}
}

/** Whether links are made on this system; on Windows that takes rights that few have. */
export const canLink = process.platform !== 'win32';

class Found {
	count = 0;
	readonly #first: string[] = [];

	add(path: string): void {
		if (++this.count <= mostNamed) this.#first.push(path);
	}

	phrase(): string {
		const more = this.count - this.#first.length;
		return `${this.#first.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
	}
}

async function kindAt(path: string): Promise<'folder' | 'other' | undefined> {
	try {
		return (await lstat(path)).isDirectory() ? 'folder' : 'other';
	} catch (error) {
		if (systemCode(error) === 'ENOENT') return undefined;
		throw openFailure(error, path, 'destination-missing');
	}
}
