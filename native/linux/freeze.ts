import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { AfterimageError } from '../../src/base/errors.ts';
import type { Freeze } from '../../src/engine/ports/volume-port.ts';
import { environment, runProgram } from './programs.ts';

/** A keeper that has not heard from this process for so long thaws, and the run fails. */
const silenceSeconds = 20;
const signMilliseconds = 4000;
/** Exit code of a keeper that thawed without being asked to. */
const earlyExit = 3;

/** How a mounted file system is kept from changing, and let go again: commands that take a mount point. */
interface Way {
	readonly how: Freeze['how'];
	readonly begin: string;
	readonly end: string;
}

const freezing: Way = { how: 'frozen', begin: 'fsfreeze --freeze --', end: 'fsfreeze --unfreeze --' };
const remounting: Way = {
	how: 'read-only',
	begin: 'mount --options remount,ro --',
	end: 'mount --options remount,rw --',
};

/**
 * A freeze outlives the process that made it, so a keeper makes it: a shell of its own session, deaf to the terminal's
 * signals. It thaws when its input ends, which happens on `thaw()` and also when this process dies in any way, and when
 * the signs of life stop: were this process to write to the frozen file system, it would hang for ever otherwise.
 */
const keeperScript = ({ begin, end }: Way) => `trap '' INT HUP TERM PIPE
${begin} "$1" || exit 1
echo frozen
while :; do
	case $(timeout -s KILL ${silenceSeconds} head -c 1) in
		.) ;;
		t) ${end} "$1"; exit 0 ;;
		*) ${end} "$1"; exit ${earlyExit} ;;
	esac
done`;

/**
 * How each file system, as the system names it, is left consistent on the disk with nothing to replay. FAT and exFAT, as
 * which EFI system partitions come, cannot be frozen.
 */
const ways: ReadonlyMap<string, Way> = new Map([
	...['ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'f2fs'].map((name) => [name, freezing] as const),
	...['vfat', 'exfat'].map((name) => [name, remounting] as const),
]);

/** @param fileSystem as the system names it */
export function canFreeze(fileSystem: string): boolean {
	return ways.has(fileSystem);
}

/** @param fileSystem one that {@link canFreeze} */
export async function freeze(mountPoint: string, fileSystem: string): Promise<Freeze> {
	const way = ways.get(fileSystem) ?? freezing;
	const keeper = spawn('/bin/sh', ['-c', keeperScript(way), 'afterimage-freeze', mountPoint], {
		detached: true,
		cwd: '/',
		env: environment,
	});
	// The keeper may be gone when its input is written or closed.
	keeper.stdin.on('error', () => undefined);
	const ended = new Promise<void>((resolve) => keeper.once('close', () => resolve()));
	await frozen(keeper, mountPoint, way);
	const signs = setInterval(() => keeper.stdin.write('.'), signMilliseconds);
	signs.unref();
	return {
		how: way.how,
		async thaw() {
			clearInterval(signs);
			keeper.stdin.end('t');
			await ended;
			if (keeper.exitCode === earlyExit) throw thawedEarly(mountPoint);
			// A keeper that was killed has left the thaw to us.
			if (keeper.exitCode !== 0) await runProgram('/bin/sh', ['-c', `${way.end} "$1"`, 'afterimage-thaw', mountPoint]);
		},
	};
}

function frozen(keeper: ChildProcessWithoutNullStreams, mountPoint: string, way: Way): Promise<void> {
	return new Promise((resolve, reject) => {
		let complaint = '';
		keeper.stderr.on('data', (data: Buffer) => (complaint += data.toString('utf8')));
		keeper.stdout.once('data', () => resolve());
		keeper.once('error', (error) => reject(freezeFailure(mountPoint, way, error.message)));
		keeper.once('close', () => reject(freezeFailure(mountPoint, way, complaint.trim())));
	});
}

function thawedEarly(mountPoint: string): AfterimageError {
	return new AfterimageError('failed', `The file system at ${mountPoint} was thawed before it was read completely`, {
		advice: 'It thaws by itself when this program hangs, as it does when its output goes to a file there. Try again.',
		details: { mountPoint },
	});
}

function freezeFailure(mountPoint: string, { how }: Way, reason: string): AfterimageError {
	const absent = reason.includes('not found');
	return new AfterimageError(
		absent ? 'not-supported' : 'failed',
		`The file system at ${mountPoint} cannot be ${how === 'frozen' ? 'frozen' : 'made read-only for the run'}: ${reason}`,
		{
			advice: absent
				? 'Install util-linux (fsfreeze) and mount, or unmount the file system.'
				: 'Unmount it, or mount it read-only, and try again.',
			details: { mountPoint },
		},
	);
}
