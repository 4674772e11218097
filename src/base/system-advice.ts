/**
 * What helps where the system refuses a path; more rights do not where the process has them all already.
 * @param system the system's name of the error, such as `EACCES`
 * @param root whether this process has the rights of root
 * @param windows whether the system is Windows, which has administrators and no mounts
 */
export function systemAdvice(
	system: string | undefined,
	root = process.getuid?.() === 0,
	windows = process.platform === 'win32',
): string | undefined {
	switch (system) {
		case 'EBUSY':
			return windows
				? 'Close the programs that use it, also windows of the Explorer that show it.'
				: 'Unmount what lies on it, and close what uses it.';
		case 'EMFILE':
		case 'ENFILE':
			return 'Too many files are open: end other work, or allow more.';
		case 'EACCES':
		case 'EPERM':
		case 'EROFS':
			return rightsAdvice(system, root, windows);
		default:
			return undefined;
	}
}

function rightsAdvice(system: string, root: boolean, windows: boolean): string {
	if (windows) return 'Run it as administrator, or choose a path that you may use.';
	if (system === 'EROFS') return 'Its file system is read-only: mount it for writing, or choose another path.';
	if (!root) return 'Run it as root (sudo), or choose a path that you may use.';
	return (
		'Root itself may not: the file or its folder is protected (lsattr), on a share that takes root for another user ' +
		'(root_squash) or lets files only be added, on a FUSE file system of another user, or kept from this process by a container or a security policy. Choose another path, or lift that.'
	);
}
