import { spawn } from 'node:child_process';
import { environment } from '../programs.ts';

/** Removes volumes when this process dies in any way; nothing more once it is dismissed. */
export interface Keeper {
	dismiss(): Promise<void>;
}

/** A shell of its own session, deaf to the terminal's signals, whose input ends with this process. */
const script = `trap '' INT HUP TERM PIPE
[ "$(head -c 1)" = d ] && exit 0
for volume; do
	lvremove --force --yes --quiet "$volume"
done`;

/** @param volumes as `group/name`; those that are not there when it comes to it are passed over */
export function keepWatch(volumes: readonly string[]): Keeper {
	const keeper = spawn('/bin/sh', ['-c', script, 'afterimage-snapshots', ...volumes], {
		detached: true,
		cwd: '/',
		env: environment,
		stdio: ['pipe', 'ignore', 'ignore'],
	});
	const ended = new Promise<void>(
		(resolve) => void keeper.once('close', () => resolve()).once('error', () => resolve()),
	);
	// It may be gone when its input is written.
	keeper.stdin.on('error', () => undefined);
	return {
		async dismiss() {
			keeper.stdin.end('d');
			await ended;
		},
	};
}
