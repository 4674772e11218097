import { constants } from 'node:fs';
import { access, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { markSection, unitQuote, type UnitScope } from './systemd.ts';
import { userUnitFolder } from './user-timers.ts';

/** A timer and its service as they lie where systemd looks for them. */
export interface InstalledUnit {
	/** Without extension. */
	readonly name: string;
	readonly scope: UnitScope;
	/** Path of the definition, where the person keeps it; undefined in units of earlier versions. */
	readonly definition: string | undefined;
	/** Of the definition as it was when it was installed. */
	readonly digest: string | undefined;
	/** Files of the program that it starts, each with its whole path. */
	readonly program: readonly string[];
	/** The line that starts it. */
	readonly start: string;
}

/** Units of systemd are far smaller. */
const mostBytes = 1024 * 1024;
const namePattern = /^(afterimage-.+)\.service$/;

/** Where an administrator's units stand (systemd.unit(5)). */
const systemUnitFolder = '/etc/systemd/system';

/** The units of Afterimage that this user's manager and the system's have. */
export async function installedUnits(): Promise<readonly InstalledUnit[]> {
	if (process.platform !== 'linux') return [];
	const folders = [readInstalledUnits(userUnitFolder(), 'user'), readInstalledUnits(systemUnitFolder, 'system')];
	return (await Promise.all(folders)).flat();
}

/** The units of Afterimage in a folder; none where it is not there or may not be read. */
export async function readInstalledUnits(folder: string, scope: UnitScope): Promise<readonly InstalledUnit[]> {
	const names = await readdir(folder).catch(() => []);
	const units = await Promise.all(
		names.sort().map(async (file) => {
			const name = namePattern.exec(file)?.[1];
			const text = name === undefined ? undefined : await readText(join(folder, file));
			return name === undefined || text === undefined ? undefined : unitOf(name, scope, text);
		}),
	);
	return units.filter((unit) => unit !== undefined);
}

/** A link that leads nowhere, a pipe, and what may not be read are no units of ours. */
async function readText(path: string): Promise<string | undefined> {
	const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(() => undefined);
	try {
		const stat = await file?.stat();
		if (file === undefined || stat?.isFile() !== true || stat.size > mostBytes) return undefined;
		return await file.readFile('utf8');
	} catch {
		return undefined;
	} finally {
		await file?.close();
	}
}

function unitOf(name: string, scope: UnitScope, text: string): InstalledUnit | undefined {
	const start = /^ExecStart=(.*)$/m.exec(text)?.[1];
	if (start === undefined) return undefined;
	const mark = text.split(`\n[${markSection}]\n`)[1] ?? '';
	const value = (key: string) => textOf(new RegExp(`^${key}=(".*")$`, 'm').exec(mark)?.[1]);
	return {
		name,
		scope,
		definition: value('Definition'),
		digest: value('Digest'),
		program: mark === '' ? programOf(start) : [value('Runtime'), value('Script')].filter((one) => one !== undefined),
		start,
	};
}

/** The program of a unit of an earlier version, which its line alone tells: runtime and script, then what they are told. */
function programOf(start: string): string[] {
	const words = [...start.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(
		([, quoted, plain]) => quoted?.replace(/\\(.)/g, '$1') ?? plain!,
	);
	const literal = words.map((word) => word.replaceAll('%%', '%').replaceAll('$$', '$'));
	return literal.slice(0, Math.max(0, literal.indexOf('backup'))).filter((word) => word.startsWith('/'));
}

function textOf(json: string | undefined): string | undefined {
	try {
		const value: unknown = JSON.parse(json ?? '');
		return typeof value === 'string' ? value : undefined;
	} catch {
		return undefined;
	}
}

/** Whether a unit runs the definition that is kept at a path. */
export function runs(unit: InstalledUnit, path: string): boolean {
	return unit.definition === undefined
		? unit.start.includes(` backup ${unitQuote(path)} --type `)
		: unit.definition === path;
}

/** Units whose definition is no longer where it was: moved, renamed or deleted. */
export async function withoutDefinition(units: readonly InstalledUnit[]): Promise<readonly InstalledUnit[]> {
	const gone = await Promise.all(units.map(({ definition }) => isGone(definition)));
	return units.filter((_, index) => gone[index]);
}

/** The first file of the program of a unit that is not there, as after an update of VS Code. */
export async function missingProgram({ program }: Pick<InstalledUnit, 'program'>): Promise<string | undefined> {
	for (const path of program) if (await isGone(path)) return path;
	return undefined;
}

/** Not there, to all that this user can see: a folder that may not be entered tells nothing. */
async function isGone(path: string | undefined): Promise<boolean> {
	if (path === undefined) return false;
	try {
		await access(path, constants.F_OK);
		return false;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'ENOENT';
	}
}
