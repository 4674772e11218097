import { AfterimageError } from '../../../src/base/errors.ts';
import { runProgram, type ProgramFailure } from '../programs.ts';
import { tag } from './names.ts';
import {
	parsePhysicalVolumes,
	parseVolumes,
	physicalReport,
	volumeReport,
	type LogicalVolume,
	type PhysicalVolume,
} from './report.ts';

/** Something may still look at a volume that has just appeared: how often, and after how long it is removed again. */
const attempts = 10;
const pauseMilliseconds = 300;

/** `group/name`, as the commands of LVM take it. */
export function pathOf({ group, name }: Pick<LogicalVolume, 'group' | 'name'>): string {
	return `${group}/${name}`;
}

/** Undefined where the tools of LVM are not installed. @throws AfterimageError `failed` */
export async function logicalVolumes(): Promise<LogicalVolume[] | undefined> {
	const result = await runProgram('lvs', volumeReport);
	if ('output' in result) return parseVolumes(result.output);
	if (result.absent) return undefined;
	throw failure('lvs', result);
}

/** @throws AfterimageError `failed` */
export async function physicalVolumes(): Promise<PhysicalVolume[]> {
	return parsePhysicalVolumes(await output('pvs', physicalReport));
}

/**
 * @param extents room for what is written to the origin while it is there; undefined for a thin volume
 * @throws AfterimageError `failed`
 */
export async function makeSnapshot(origin: LogicalVolume, name: string, extents: number | undefined): Promise<void> {
	await output('lvcreate', [
		...['--snapshot', '--name', name, '--addtag', tag, '--permission', 'r', '--yes', '--quiet'],
		...(extents === undefined ? ['--setactivationskip', 'n'] : ['--extents', String(extents)]),
		pathOf(origin),
	]);
}

/** @param path see {@link pathOf} @throws AfterimageError `failed` */
export async function removeVolume(path: string): Promise<void> {
	for (let attempt = 1; ; attempt++) {
		const result = await runProgram('lvremove', ['--force', '--yes', '--quiet', path]);
		if ('output' in result) return;
		if (attempt === attempts) throw failure('lvremove', result);
		await new Promise((again) => setTimeout(again, pauseMilliseconds));
	}
}

async function output(name: string, args: readonly string[]): Promise<string> {
	const result = await runProgram(name, args);
	if ('output' in result) return result.output;
	throw failure(name, result);
}

function failure(name: string, { absent, reason }: ProgramFailure): AfterimageError {
	return new AfterimageError('failed', `${name} of LVM failed: ${reason}`, {
		advice: absent ? 'Install the package lvm2.' : 'Look at what lvs and vgs say of the volume group.',
		details: { program: name },
	});
}
