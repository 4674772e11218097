import type { BackupDefinition } from '../../definition/model.ts';
import type { Rights } from '../engine/launch-plan.ts';

/** Rights that a backup of a definition needs: devices are read by administrators, raw files by whoever may read them. */
export function rightsOfDefinition({ sources }: BackupDefinition): Rights {
	return sources.bootPartitions || sources.disks.length > 0 ? 'elevated' : 'user';
}

/** Rights that writing to a disk or a raw file needs. */
export function rightsOfTarget(path: string): Rights {
	return /^\/dev\/|^\\\\[.?]\\/.test(path) ? 'elevated' : 'user';
}
