import { hostname } from 'node:os';
import type { Ports } from '../../src/engine/ports.ts';
import { linuxAttributes } from './attributes.ts';
import { linuxDisks } from './disks.ts';
import { linuxMounts } from './fuse/mounts.ts';
import { lvmSnapshots } from './lvm/snapshots.ts';
import { linuxProcesses } from './processes.ts';
import { linuxShrinking } from './shrink/shrinking.ts';
import { linuxVolumes } from './volumes.ts';

/** Everything but the clock, which is the same on every system. */
export const linuxPorts: Omit<Ports, 'clock'> = {
	disks: linuxDisks,
	volumes: linuxVolumes,
	snapshots: lvmSnapshots,
	processes: linuxProcesses,
	attributes: linuxAttributes,
	mounts: linuxMounts,
	shrinking: linuxShrinking,
	privilege: { elevated: process.getuid?.() === 0, hostName: hostname() },
};
