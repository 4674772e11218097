import { unnamedError } from './unnamed-errors.ts';

/** Where Node's words, which are of sockets, are wrong of files. */
const ended = 'the program or share behind its file system has ended';
const ofFiles: Partial<Record<string, string>> = {
	ENOTCONN: ended,
	ECONNABORTED: ended,
	ENOTSUP: 'its file system does not support that',
};

/** What the system says of a failed call on a file, without Node's decoration: `no such file or directory`. */
export function systemPhrase(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	const unnamed = unnamedError(error);
	if (unnamed !== undefined) return unnamed.words;
	const match = /^([A-Z0-9]+): ([^,]+)/.exec(error.message);
	return ofFiles[match?.[1] ?? ''] ?? match?.[2] ?? error.message;
}
