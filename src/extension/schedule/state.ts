import { readdir, readFile } from 'node:fs/promises';
import { crontabLinesOf, scheduleIn } from './crontab-state.ts';
import { installedUnits, missingProgram, runs, type InstalledUnit } from './installed-units.ts';
import { identityOf } from './program.ts';
import { rootDefinitions } from './root-definition.ts';
import { digestOf } from './systemd.ts';
import { userCrontab } from './user-timers.ts';

/** How far a schedule runs by itself on this computer, as far as units of systemd and the user's crontab tell. */
export type ScheduleState =
	| { readonly kind: 'none' }
	| { readonly kind: 'installed'; readonly scope: InstalledUnit['scope'] | 'cron' }
	/** Root has a copy of the definition, which no timer starts: whether root's crontab does, only root can see. */
	| { readonly kind: 'hidden' }
	/** Root runs a copy of the definition, which has changed since. */
	| { readonly kind: 'outdated' }
	/** A file of the program that it starts is not there. */
	| { readonly kind: 'broken'; readonly missing: string };

/** @param number of the schedule in its definition, from 1 @param path of the definition */
export async function scheduleState(path: string, number: number, type: string): Promise<ScheduleState> {
	const part = new RegExp(`-${number}-${type}(-\\d+)?$`);
	const units = (await installedUnits()).filter((unit) => runs(unit, path) && part.test(unit.name));
	const [first] = units;
	if (first === undefined) return crontabState(path, number, type);
	for (const unit of units) {
		const missing = await missingProgram(unit);
		if (missing !== undefined) return { kind: 'broken', missing };
	}
	if (await isOutdated(units, path)) return { kind: 'outdated' };
	return { kind: 'installed', scope: first.scope };
}

async function crontabState(path: string, number: number, type: string): Promise<ScheduleState> {
	const found = scheduleIn(await userCrontab(), path, number, type);
	if (found === undefined) return { kind: (await hasRootCopy(path)) ? 'hidden' : 'none' };
	const missing = await missingProgram(found);
	return missing === undefined ? { kind: 'installed', scope: 'cron' } : { kind: 'broken', missing };
}

/** Whether root has a copy of a definition that none of its timers starts. */
async function hasRootCopy(path: string): Promise<boolean> {
	if ((await installedUnits()).some((unit) => unit.scope === 'system' && runs(unit, path))) return false;
	const names = await readdir(rootDefinitions).catch(() => []);
	return names.some((name) => name.endsWith(`-${identityOf(path)}.xml`));
}

/** Whether anything on this computer starts a definition by itself, as far as this user can see. */
export async function isInstalled(path: string): Promise<boolean> {
	if ((await installedUnits()).some((unit) => runs(unit, path))) return true;
	return crontabLinesOf(await userCrontab(), path).length > 0 || hasRootCopy(path);
}

/** Whether root runs a definition as it was before it was changed. */
export async function rootRunsEarlier(path: string): Promise<boolean> {
	return isOutdated(
		(await installedUnits()).filter((unit) => runs(unit, path)),
		path,
	);
}

async function isOutdated(units: readonly InstalledUnit[], path: string): Promise<boolean> {
	const copied = units.filter(({ scope, digest }) => scope === 'system' && digest !== undefined);
	if (copied.length === 0) return false;
	const now = await readFile(path).then(digestOf, () => undefined);
	return now !== undefined && copied.some(({ digest }) => digest !== now);
}
