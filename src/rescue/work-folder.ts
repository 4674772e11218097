import { lstat, mkdtemp, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AfterimageError } from '../base/errors.ts';
import { systemPhrase } from '../base/system-phrase.ts';

const prefix = '.afterimage-rescue-';

/**
 * Makes a file in a folder of its own beside the place where it will be, and gives it its name once it is on the disk. The folder goes in
 * any case, and with it those of processes that were killed.
 * @throws AfterimageError `destination-missing`, `permission-denied`, `no-space`, and what `make` throws
 */
export async function inWorkFolder<T>(
	to: string,
	make: (folder: string) => Promise<{ readonly file: string; readonly result: T }>,
): Promise<T> {
	const beside = dirname(to);
	const folder = await inWords(to, async () => {
		await sweep(beside);
		return mkdtemp(join(beside, `${prefix}${process.pid}-`));
	});
	try {
		return await inWords(to, async () => {
			const { file, result } = await make(folder);
			const handle = await open(file, 'r');
			await handle.sync().finally(() => handle.close());
			await rename(file, to);
			return result;
		});
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** Removes what killed processes of this user have left; nobody else can have made a folder that is his alone. */
async function sweep(folder: string): Promise<void> {
	for (const name of await readdir(folder)) {
		const [, pid] = new RegExp(`^\\${prefix}(\\d{1,10})-\\w{6}$`).exec(name) ?? [];
		if (pid === undefined || lives(Number(pid))) continue;
		const path = join(folder, name);
		const stat = await lstat(path);
		const isOwn = stat.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & 0o777) === 0o700;
		if (isOwn) await rm(path, { recursive: true, force: true });
	}
}

function lives(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code !== 'ESRCH';
	}
}

const codes = {
	ENOENT: 'destination-missing',
	ENOTDIR: 'destination-missing',
	EACCES: 'permission-denied',
	EPERM: 'permission-denied',
	EROFS: 'permission-denied',
	ENOSPC: 'no-space',
	EDQUOT: 'no-space',
} as const;

const advices = {
	'destination-missing': 'Name a file in a folder that is there.',
	'permission-denied': 'Name a file in a folder that you may write to.',
	'no-space': 'It takes about 500 MB while it is made.',
	failed: 'Name a file in another folder.',
};

async function inWords<T>(to: string, work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		if (!(error instanceof Error) || !('syscall' in error)) throw error;
		const code = codes[(error as NodeJS.ErrnoException).code as keyof typeof codes] ?? 'failed';
		throw new AfterimageError(code, `${to} could not be made: ${systemPhrase(error)}`, {
			advice: advices[code],
			cause: error,
		});
	}
}
