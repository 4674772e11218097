import type { NotKept } from '../requests/files.ts';

/** What is not kept, as {@link NotKept.what} names it. */
export const part = { owner: 'owner', accessList: 'access list', hardLink: 'hard link', mode: 'permissions' } as const;

const onlyRoot = 'only root may set it';

const phrases: Partial<Record<string, string>> = {
	ENOTSUP: 'the file system there does not take it',
	ENOSYS: 'the file system there does not take it',
	EIO: 'the file system there does not take it',
	ENOSPC: 'the file system there has no room for it',
	EDQUOT: 'the file system there has no room for it',
	E2BIG: 'the file system there has no room for it',
	ERANGE: 'the file system there has no room for it',
	EINVAL: 'the system does not take it',
	EMLINK: 'the file has too many of them',
	ENOENT: 'its first name has gone, or is that of something else by now',
	EXDEV: 'it would lead to another file system',
};

/** What of files and folders is not in the folder as it is in the backup, counted by what and why. */
export class NotKeptCounts {
	readonly #isRoot: boolean;
	readonly #counts = new Map<string, { what: string; reason: string; count: number }>();

	constructor(isRoot: boolean) {
		this.#isRoot = isRoot;
	}

	/**
	 * @param what one of {@link part}, or a name of a few
	 * @param why code of the system (`ENOTSUP`), or a reason in words
	 */
	add(what: string, why: string): void {
		const permission = this.#isRoot ? 'the system does not permit it' : onlyRoot;
		const reason = why === 'EPERM' || why === 'EACCES' ? permission : (phrases[why] ?? why);
		const key = notKeptKey({ what, reason });
		const known = this.#counts.get(key);
		if (known === undefined) this.#counts.set(key, { what, reason, count: 1 });
		else known.count++;
	}

	/** By what it is. */
	result(): NotKept[] {
		const all = [...this.#counts.values()].map((one) => ({ ...one }));
		return all.sort((a, b) => (notKeptKey(a) < notKeptKey(b) ? -1 : 1));
	}
}

function notKeptKey({ what, reason }: Pick<NotKept, 'what' | 'reason'>): string {
	return `${what}\n${reason}`;
}

/** One line for the reader. */
export function notKeptLine({ what, reason, count }: NotKept): string {
	const of = count === 1 ? 'one file or folder' : `${count} files and folders`;
	return `Not kept of ${of}: ${what} (${reason})`;
}

/** Whether that much is so whenever somebody other than root extracts. */
export function isUsual({ reason }: NotKept): boolean {
	return reason === onlyRoot;
}
