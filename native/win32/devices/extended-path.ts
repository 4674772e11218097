/** Characters from which on calls of Windows take a folder for too long (MAX_PATH less a name of the form 8.3). */
const longest = 248;

/**
 * An absolute path as calls of Windows take it that has more than 260 characters (Naming Files, Paths, and Namespaces);
 * one that is short, or names a device, is left as it is.
 */
export function extendedPath(path: string): string {
	if (path.length < longest || /^[\\/]{2}[?.][\\/]/.test(path)) return path;
	const plain = path.replaceAll('/', '\\');
	return plain.startsWith('\\\\') ? `\\\\?\\UNC\\${plain.slice(2)}` : `\\\\?\\${plain}`;
}

/** The same root directory without the mark of {@link extendedPath}: `C:\`, `\\server\share\`. */
export function plainRoot(root: string): string {
	return root.replace(/^\\\\\?\\UNC\\/i, '\\\\').replace(/^\\\\\?\\(?=[A-Za-z]:\\)/, '');
}

/** A folder with the backslash that GetDiskFreeSpaceExW wants of a share. */
export function withBackslash(folder: string): string {
	return folder.endsWith('\\') ? folder : `${folder}\\`;
}
