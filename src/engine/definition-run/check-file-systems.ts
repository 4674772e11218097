import type { PartitionInfo } from '../../protocol/disks.ts';
import { logInfo, logWarning, type JobContext } from '../job-context.ts';
import type { ResolvedDisk } from './resolve-sources.ts';
import type { RunPorts } from './run-ports.ts';

/** Seconds that the check of one file system may take. */
const timeLimit = 4 * 3600;

/** Checkers that read only, with the exit codes that mean a sound file system. */
const checkers: readonly { readonly of: RegExp; readonly path: string; readonly args: readonly string[] }[] = [
	{ of: /^ext[234]$/, path: '/usr/sbin/e2fsck', args: ['-f', '-n'] },
	{ of: /^xfs$/i, path: '/usr/sbin/xfs_repair', args: ['-n'] },
	{ of: /^btrfs$/i, path: '/usr/bin/btrfs', args: ['check', '--readonly'] },
	{ of: /^FAT(12|16|32)$/, path: '/usr/sbin/fsck.fat', args: ['-n'] },
	{ of: /^exFAT$/, path: '/usr/sbin/fsck.exfat', args: ['-n'] },
	{ of: /^NTFS$/, path: '/usr/bin/ntfsfix', args: ['-n'] },
];

/**
 * Has the system's own checkers look at the file systems that are to be imaged; nothing is repaired. Damage is a warning:
 * a damaged file system is worth an image all the more. What is mounted, or is no device, cannot be checked.
 */
export async function checkFileSystems(
	sources: readonly ResolvedDisk[],
	{ programs }: RunPorts,
	context: JobContext,
): Promise<void> {
	for (const { disk, partitions } of sources) {
		const nodes = disk.kind === 'file' ? [] : (await context.ports.disks.describe(disk.path)).partitions;
		for (const partition of partitions) {
			const what = `Partition ${partition.number} of ${disk.path} (${partition.fileSystem || 'unknown'})`;
			const node = nodes.find((one) => one.start === partition.start);
			const obstacle = obstacleTo(partition, node?.path);
			const checker = checkers.find(({ of }) => of.test(partition.fileSystem));
			if (obstacle !== undefined || checker === undefined || node === undefined) {
				logInfo(context, `${what} was not checked: ${obstacle ?? 'there is no checker for it'}`);
				continue;
			}
			const lines: string[] = [];
			const end = await programs.run({
				path: checker.path,
				args: [...checker.args, node.path],
				env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
				timeLimit,
				signal: context.signal,
				onLine: (line) => lines.push(line),
			});
			if (end.kind === 'exit' && end.code === 0) logInfo(context, `${what} was checked and is sound`);
			else if (end.kind === 'not-started') logInfo(context, `${what} was not checked: ${checker.path} is not there`);
			else {
				const advice = 'Repair it after this backup.';
				// Checkers name files, which the file system may keep from other users.
				logWarning(context, `${what} is not sound: ${lines.slice(-5).join(' / ')}`, advice, `${what} is not sound`);
			}
		}
	}
}

function obstacleTo(partition: PartitionInfo, node: string | undefined): string | undefined {
	if (partition.mountedAt.length > 0) return `it is mounted at ${partition.mountedAt.join(', ')}`;
	if (partition.fileSystem === '') return 'its file system is not known';
	return node === undefined ? 'the system has no device of its own for it' : undefined;
}
