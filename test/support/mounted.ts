import { mkdtemp, readFile, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { run } from './run.ts';

/** A mount program that stays in the foreground until it is unmounted (`ntfs-3g -o no_detach`); it gets image and folder. */
export interface ForegroundMount {
	readonly command: string;
	readonly args: readonly string[];
}

async function isMounted(folder: string): Promise<boolean> {
	return (await readFile('/proc/self/mountinfo', 'utf8')).split('\n').some((line) => line.split(' ')[4] === folder);
}

async function unmount(folder: string): Promise<void> {
	for (let attempt = 0; attempt < 20 && (await isMounted(folder)); attempt++) {
		if ((await run('umount', [folder], { codes: [0, 1, 32] })).code !== 0) await delay(100);
	}
	if (await isMounted(folder)) await run('umount', ['-l', folder]);
}

/**
 * Mounts an image (`mount ...how image folder`, so `how` is `['-o', 'loop']`, or a foreground program), calls `fn` with
 * the folder, and unmounts whatever happens. When it returns, everything is in the image.
 */
export async function mounted<T>(
	image: string,
	how: readonly string[] | ForegroundMount,
	fn: (folder: string) => Promise<T>,
): Promise<T> {
	const folder = await mkdtemp(join(tmpdir(), 'afterimage-mount-'));
	let server: Promise<unknown> = Promise.resolve();
	try {
		if ('command' in how) {
			let ended: unknown;
			server = run(how.command, [...how.args, image, folder]).catch((error: unknown) => (ended = error));
			while (!(await isMounted(folder))) {
				if (ended !== undefined) throw ended as Error;
				await delay(20);
			}
		} else {
			await run('mount', [...how, image, folder]);
		}
		return await fn(folder);
	} finally {
		await unmount(folder);
		const failure = await server;
		await rmdir(folder);
		if (failure instanceof Error) expect.fail(failure.message);
	}
}
