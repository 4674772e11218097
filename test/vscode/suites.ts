import { activation } from './suite/activation.ts';
import { backups } from './suite/backups.ts';
import { browse } from './suite/browse.ts';
import { definitions } from './suite/definitions.ts';
import { disks } from './suite/disks.ts';
import { everyCommand } from './suite/every-command.ts';
import { form } from './suite/form.ts';
import { german } from './suite/german.ts';
import { language } from './suite/language/language.ts';
import { manyBackups } from './suite/many-backups.ts';
import { mergeAndDelete } from './suite/merge-and-delete.ts';
import { refresh } from './suite/refresh.ts';
import { offer } from './suite/offer.ts';
import { reload } from './suite/reload.ts';
import { restrictedMode } from './suite/restricted-mode.ts';
import { runs } from './suite/runs.ts';
import { schedules } from './suite/schedules.ts';
import { verify } from './suite/verify.ts';
import { waysToRun } from './suite/ways-to-run.ts';

/** Every suite of this tier, in the order in which they run. */
export const suites: readonly (readonly [string, () => void])[] = [
	['activation', activation],
	['definitions', definitions],
	['schedules', schedules],
	['form', form],
	['language', language],
	['disks', disks],
	['backups', backups],
	['merge and delete', mergeAndDelete],
	['verify', verify],
	['many backups', manyBackups],
	['browse', browse],
	['offer', offer],
	['refresh', refresh],
	['runs', runs],
	['reload', reload],
	['ways to run', waysToRun],
];

/** What holds for all of them together, when all of them have run. */
export const lastSuite: readonly [string, () => void] = ['every command', everyCommand];

/** Suites for a window of a German VS Code. */
export const germanSuites: readonly (readonly [string, () => void])[] = [['in German', german]];

/** Suites for a window in Restricted Mode. */
export const restrictedSuites: readonly (readonly [string, () => void])[] = [['restricted mode', restrictedMode]];
