import { posix } from 'node:path';

/** A file, folder or symbolic link of the files that a rescue medium starts with; paths are below its root, without a slash before them. */
export type MediumEntry =
	| { readonly kind: 'folder'; readonly path: string }
	| { readonly kind: 'link'; readonly path: string; readonly target: string }
	| { readonly kind: 'text'; readonly path: string; readonly text: string | Uint8Array; readonly mode: number }
	| { readonly kind: 'file'; readonly path: string; readonly source: string; readonly mode: number };

/** A copy of a file of this machine. @param mode permission bits */
export function fileEntry(path: string, source: string, mode: number): MediumEntry {
	return { kind: 'file', path, source, mode };
}

/** Adds the folders that entries lie in, before them, and takes of several entries with one path the first. */
export function withFolders(entries: readonly MediumEntry[]): readonly MediumEntry[] {
	const all = new Map<string, MediumEntry>();
	const addFolder = (path: string) => {
		if (path === '.' || all.has(path)) return;
		addFolder(posix.dirname(path));
		all.set(path, { kind: 'folder', path });
	};
	for (const entry of entries) {
		addFolder(posix.dirname(entry.path));
		if (!all.has(entry.path)) all.set(entry.path, entry);
	}
	return [...all.values()];
}
