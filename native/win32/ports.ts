import { hostname } from 'node:os';
import type { Ports } from '../../src/engine/ports.ts';
import { noSnapshots } from '../../src/engine/ports/no-snapshots.ts';
import { win32Disks } from './disks.ts';
import { isElevated } from './elevation.ts';
import { win32Processes } from './processes.ts';
import { win32Volumes } from './volumes.ts';

/** Everything but the clock, which is the same on every system. */
export const win32Ports: Omit<Ports, 'clock'> = {
	disks: win32Disks,
	volumes: win32Volumes,
	snapshots: noSnapshots,
	processes: win32Processes,
	privilege: { elevated: isElevated(), hostName: hostname() },
};
