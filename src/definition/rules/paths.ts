/** Paths of Windows and of Unix, by their text alone. */

/** `C:\…`, `\\server\share`, `/…`. */
export function isAbsolute(path: string): boolean {
	return /^(?:[A-Za-z]:[\\/]|\\\\|\/)/.test(path);
}

/** `\\server\share` or `//server/share`. */
export function isUnc(path: string): boolean {
	return /^(?:\\\\|\/\/)[^\\/?.]/.test(path);
}

/** Whether `path` is `folder` or lies in it. */
export function isInside(path: string, folder: string): boolean {
	const [inner, outer] = [normalPath(path), normalPath(folder)];
	return inner === outer || inner.startsWith(outer.endsWith('/') ? outer : `${outer}/`);
}

export function folderOf(path: string): string {
	return path.replace(/[\\/][^\\/]*$/, '') || '/';
}

/**
 * The same text for all paths of one file: one kind of separator, none at the end, no `.` and `..`; Windows does not
 * tell upper from lower case.
 */
export function normalPath(path: string): string {
	const windows = /^[A-Za-z]:|^\\\\/.test(path);
	const parts: string[] = [];
	for (const part of (windows ? path.toLowerCase().replaceAll('\\', '/') : path).split('/')) {
		if (part === '..' && parts.length > 1) parts.pop();
		else if (part !== '.' && (part !== '' || parts.length === 0)) parts.push(part);
	}
	return parts.join('/') || '/';
}
