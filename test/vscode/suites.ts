import { activation } from './suite/activation.ts';
import { backups } from './suite/backups.ts';
import { definitions } from './suite/definitions.ts';
import { disks } from './suite/disks.ts';
import { runs } from './suite/runs.ts';
import { waysToRun } from './suite/ways-to-run.ts';

/** Every suite of this tier, in the order in which they run. */
export const suites: readonly (readonly [string, () => void])[] = [
	['activation', activation],
	['definitions', definitions],
	['disks', disks],
	['backups', backups],
	['runs', runs],
	['ways to run', waysToRun],
];
