import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { promisify } from 'node:util';
import { AfterimageError } from '../../src/base/errors.ts';
import type { Freeze } from '../../src/engine/ports.ts';

const run = promisify(execFile);

/**
 * A freeze outlives the process that made it, so a keeper makes it: a shell of its own session, deaf to the terminal's
 * signals, which thaws when its input ends. That happens on `thaw()` and also when this process dies in any way.
 */
const keeperScript = `trap '' INT HUP TERM PIPE
fsfreeze --freeze -- "$1" || exit 1
echo frozen
read -r _
fsfreeze --unfreeze -- "$1"`;

/** File systems whose freeze leaves a consistent image on the disk with nothing left to replay. */
const freezable: ReadonlySet<string> = new Set(['ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'f2fs']);

export function canFreeze(fileSystem: string): boolean {
	return freezable.has(fileSystem);
}

export async function freeze(mountPoint: string): Promise<Freeze> {
	const keeper = spawn('/bin/sh', ['-c', keeperScript, 'afterimage-freeze', mountPoint], {
		detached: true,
		stdio: ['pipe', 'pipe', 'pipe'],
		cwd: '/',
	});
	// The keeper may be gone when its input is closed.
	keeper.stdin.on('error', () => undefined);
	const ended = new Promise<void>((resolve) => keeper.once('close', () => resolve()));
	await frozen(keeper, mountPoint);
	return {
		mountPoint,
		async thaw() {
			keeper.stdin.end();
			await ended;
			// A keeper that was killed has left the thaw to us; a second thaw of a thawed file system only fails.
			if (keeper.exitCode !== 0) await run('fsfreeze', ['--unfreeze', '--', mountPoint]).catch(() => undefined);
		},
	};
}

function frozen(keeper: ChildProcess, mountPoint: string): Promise<void> {
	return new Promise((resolve, reject) => {
		let complaint = '';
		keeper.stderr?.on('data', (data: Buffer) => (complaint += data.toString('utf8')));
		keeper.stdout?.once('data', () => resolve());
		keeper.once('error', (error) => reject(freezeFailure(mountPoint, error.message)));
		keeper.once('close', () => reject(freezeFailure(mountPoint, complaint.trim())));
	});
}

function freezeFailure(mountPoint: string, reason: string): AfterimageError {
	const absent = reason.includes('not found');
	return new AfterimageError(
		absent ? 'not-supported' : 'failed',
		`The file system at ${mountPoint} cannot be frozen: ${reason}`,
		{
			advice: absent
				? 'Install util-linux (fsfreeze), or unmount the file system.'
				: 'Unmount it, or mount it read-only, and try again.',
			details: { mountPoint },
		},
	);
}
