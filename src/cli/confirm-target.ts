import { AfterimageError } from '../base/errors.ts';
import { counted, formatBytes } from '../base/quantity.ts';
import type { Engine } from '../engine/engine.ts';
import type { DiskInfo } from '../protocol/disks.ts';
import type { RestorePlace } from '../protocol/restore.ts';
import { ask } from './options/password.ts';
import { visible } from '../base/visible.ts';

/**
 * A device is overwritten only after its name was typed; a raw file needs no more than its name in the command.
 * @returns the disk that was shown, which the restore holds to; undefined for a file
 */
export async function confirmTarget(
	target: string,
	into: RestorePlace | undefined,
	engine: Engine,
	signal: AbortSignal,
): Promise<DiskInfo | undefined> {
	if (!isDevice(target)) return undefined;
	const [disk] = await engine.disks([target], { signal, emit: () => undefined });
	const facts = [
		disk?.model ?? '',
		formatBytes(disk?.size ?? 0),
		counted(disk?.partitions.length ?? 0, 'partition'),
	].filter((fact) => fact !== '');
	const whole = `${target} (${facts.join(', ')})`;
	const what = visible(into?.kind === 'partition' ? `${partitionPhrase(into.number, disk)} of ${whole}` : whole);
	if (!process.stdin.isTTY) {
		throw new AfterimageError(
			'invalid-argument',
			`Everything on ${what} would be lost, and nobody is there to confirm`,
			{
				advice: 'Run it with --yes.',
			},
		);
	}
	process.stderr.write(`Everything on ${what} will be lost.\n`);
	const typed = await ask(`Type ${target} to go on: `, false, signal);
	if (typed.trim() !== target) throw new AfterimageError('cancelled', 'Cancelled: the name does not match');
	return disk;
}

/** Whether a name is that of a device: below /dev, in the device namespace of Windows, or a drive letter. */
function isDevice(target: string): boolean {
	return target.startsWith('/dev/') || /^[\\/]{2}[.?][\\/]/.test(target) || /^[a-z]:[\\/]?$/i.test(target);
}

/** A partition of the target with what is on it, to be recognised by. */
function partitionPhrase(number: number, disk: DiskInfo | undefined): string {
	const there = disk?.partitions.find((one) => one.number === number);
	const facts = [there?.fileSystem ?? '', there?.label ?? '', there === undefined ? '' : formatBytes(there.length)];
	const known = facts.filter((fact) => fact !== '').join(', ');
	return `partition ${number}${known === '' ? '' : ` (${known})`}`;
}
