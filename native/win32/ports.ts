import { hostname } from 'node:os';
import type { Ports } from '../../src/engine/ports.ts';
import { win32Disks } from './devices/disks.ts';
import { isElevated } from './rights/elevation.ts';
import { win32Processes } from './processes.ts';
import { win32Snapshots } from './vss/snapshots.ts';
import { win32Volumes } from './devices/volumes.ts';

/** Everything but the clock, which is the same on every system. */
export const win32Ports: Omit<Ports, 'clock'> = {
	disks: win32Disks,
	volumes: win32Volumes,
	snapshots: win32Snapshots,
	processes: win32Processes,
	privilege: { elevated: isElevated(), hostName: hostname() },
};
