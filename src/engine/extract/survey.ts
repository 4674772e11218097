import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { AfterimageError } from '../../base/errors.ts';
import { openFailure, systemCode } from '../ports/system-errors.ts';
import { SharedFiles } from './shared-files.ts';
import type { NameRules } from './target-names.ts';
import { walkEntries, type Entry } from './walk-entries.ts';

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
	let [files, bytes, room] = [0, 0, 0];
	const shared = new SharedFiles<true>();
	const existing = new Found();
	const otherwise = new Found();
	const root = (await kindAt(folder)) === undefined ? undefined : folder;
	await walkEntries<string | undefined>(
		entries,
		root,
		{
			async folder({ name }, into, walk) {
				if (into === undefined) return walk(undefined);
				const path = join(into, name);
				const there = await kindAt(path);
				if (there === 'other') otherwise.add(path);
				else await walk(there === undefined ? undefined : path);
			},
			async entry({ name, node }, into) {
				if (node.kind === 'file') {
					files++;
					bytes += node.size;
					if (node.shared === undefined || shared.find(node.shared) === undefined) {
						room += node.size;
						if (node.shared !== undefined) shared.remember(node.shared, true);
					}
				}
				if (into === undefined || (node.kind !== 'file' && !(node.kind === 'link' && canLink))) return;
				const path = join(into, name);
				const there = await kindAt(path);
				if (there === 'folder') otherwise.add(path);
				else if (there === 'other') existing.add(path);
			},
		},
		rules,
		signal,
	);
	if (otherwise.count > 0) {
		throw new AfterimageError(
			'invalid-argument',
			`What is there is a folder, or none, otherwise than in the backup: ${otherwise.phrase()}`,
			{
				advice: 'Choose another folder, or remove it.',
			},
		);
	}
	if (existing.count > 0 && !overwrite) {
		throw new AfterimageError('invalid-argument', `There already: ${existing.phrase()}`, {
			advice: 'Choose another folder, or have them replaced with --overwrite. Nothing was written.',
		});
	}
	return { files, bytes, room };
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
