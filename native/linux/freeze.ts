import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { AfterimageError } from '../../src/base/errors.ts';
import type { Freeze } from '../../src/engine/ports.ts';
import { environment, runProgram } from './programs.ts';

/** A keeper that has not heard from this process for so long thaws, and the run fails. */
const silenceSeconds = 20;
const signMilliseconds = 4000;
/** Exit code of a keeper that thawed without being asked to. */
const earlyExit = 3;

/**
 * A freeze outlives the process that made it, so a keeper makes it: a shell of its own session, deaf to the terminal's
 * signals. It thaws when its input ends, which happens on `thaw()` and also when this process dies in any way, and when
 * the signs of life stop: were this process to write to the frozen file system, it would hang for ever otherwise.
 */
const keeperScript = `trap '' INT HUP TERM PIPE
fsfreeze --freeze -- "$1" || exit 1
echo frozen
while :; do
	case $(timeout -s KILL ${silenceSeconds} head -c 1) in
		.) ;;
		t) fsfreeze --unfreeze -- "$1"; exit 0 ;;
		*) fsfreeze --unfreeze -- "$1"; exit ${earlyExit} ;;
	esac
done`;

/** File systems whose freeze leaves a consistent image on the disk with nothing left to replay. */
const freezable: ReadonlySet<string> = new Set(['ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'f2fs']);

export function canFreeze(fileSystem: string): boolean {
	return freezable.has(fileSystem);
}

export async function freeze(mountPoint: string): Promise<Freeze> {
	const keeper = spawn('/bin/sh', ['-c', keeperScript, 'afterimage-freeze', mountPoint], {
		detached: true,
		cwd: '/',
		env: environment,
	});
	// The keeper may be gone when its input is written or closed.
	keeper.stdin.on('error', () => undefined);
	const ended = new Promise<void>((resolve) => keeper.once('close', () => resolve()));
	await frozen(keeper, mountPoint);
	const signs = setInterval(() => keeper.stdin.write('.'), signMilliseconds);
	signs.unref();
	return {
		mountPoint,
		async thaw() {
			clearInterval(signs);
			keeper.stdin.end('t');
			await ended;
			if (keeper.exitCode === earlyExit) throw thawedEarly(mountPoint);
			// A keeper that was killed has left the thaw to us.
			if (keeper.exitCode !== 0) await runProgram('fsfreeze', ['--unfreeze', '--', mountPoint]);
		},
	};
}

function frozen(keeper: ChildProcessWithoutNullStreams, mountPoint: string): Promise<void> {
	return new Promise((resolve, reject) => {
		let complaint = '';
		keeper.stderr.on('data', (data: Buffer) => (complaint += data.toString('utf8')));
		keeper.stdout.once('data', () => resolve());
		keeper.once('error', (error) => reject(freezeFailure(mountPoint, error.message)));
		keeper.once('close', () => reject(freezeFailure(mountPoint, complaint.trim())));
	});
}

function thawedEarly(mountPoint: string): AfterimageError {
	return new AfterimageError('failed', `The file system at ${mountPoint} was thawed before it was read completely`, {
		advice: 'It thaws by itself when this program hangs, as it does when its output goes to a file there. Try again.',
		details: { mountPoint },
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
