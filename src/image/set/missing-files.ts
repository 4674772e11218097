import { AfterimageError } from '../../base/errors.ts';
import type { DamagedFile, MissingFile } from './backup-set.ts';

/** Files that one message names at most. */
const most = 10;

/** A file that is there and cannot be used, in words: `/b/x.mrimgx is damaged (Footer magic at byte 96: …)`. */
export function damagedPhrase(file: DamagedFile): string {
	return `${file.path} ${stateOf(file)}`;
}

/** Why a file cannot be used, without its path, which stands beside it. */
export function reasonOf({ path, error }: DamagedFile): string {
	return error.message.startsWith(`${path}: `) ? error.message.slice(path.length + 2) : error.message;
}

/** Files that are needed and are not there or cannot be used, each once, in words: `x.mrimgx is missing`. */
export function missingPhrases(files: readonly MissingFile[]): string[] {
	return eachOnce(files).map((file) =>
		file.damaged === undefined ? `${nameOf(file)} is missing` : damagedPhrase(file.damaged),
	);
}

/** By number. Of those that two files of the set know by different names, the newer one's is taken. */
function eachOnce(files: readonly MissingFile[]): MissingFile[] {
	const byNumber = new Map<number, MissingFile>();
	for (const file of files) {
		if (file.name !== undefined || !byNumber.has(file.fileNumber)) byNumber.set(file.fileNumber, file);
	}
	return [...byNumber.values()].sort((a, b) => a.fileNumber - b.fileNumber);
}

/**
 * The error for files of a set that the file at `path` needs and does not have. Its code is `file-missing`, or that of
 * the first one that is there and cannot be used.
 */
export function missingFiles(path: string, files: readonly MissingFile[]): AfterimageError {
	const sorted = eachOnce(files);
	const damaged = sorted.flatMap((file) => file.damaged ?? []);
	const missing = sorted.filter((file) => file.damaged === undefined).map(nameOf);
	const named =
		damaged.length === 0
			? missing
			: [
					...damaged.map((file) => `${file.path}, which ${stateOf(file)}`),
					...missing.map((name) => `${name}, which is missing`),
				];
	const more = named.length > most ? ` and ${named.length - most} more` : '';
	const shown = named.slice(0, most).join(damaged.length === 0 ? ', ' : '; ') + more;
	const denied = damaged.filter(({ error }) => error.code === 'permission-denied').length;
	const advice = [
		...(denied === 0 ? [] : ['Run it as root (sudo), or have the owner let you read what you may not.']),
		...(damaged.length === denied
			? []
			: ['Put a sound copy in the place of what is damaged, or take an older backup.']),
		...(missing.length === 0 ? [] : ['Put the missing files of the set into the same folder.']),
	];
	return new AfterimageError(damaged[0]?.error.code ?? 'file-missing', `${path} needs ${shown}`, {
		advice: advice.join(' '),
		details: { path, missing: shown, count: named.length },
	});
}

function nameOf({ name, fileNumber }: MissingFile): string {
	return name ?? `the file with number ${fileNumber}`;
}

function stateOf(file: DamagedFile): string {
	return `${file.error.code === 'image-damaged' ? 'is damaged' : 'cannot be read'} (${reasonOf(file)})`;
}
