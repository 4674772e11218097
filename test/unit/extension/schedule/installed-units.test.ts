import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
	missingProgram,
	readInstalledUnits,
	runs,
	withoutDefinition,
} from '../../../../src/extension/schedule/installed-units.ts';
import { systemdUnits, unitQuote } from '../../../../src/extension/schedule/systemd.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { program, schedule, scheduledWith } from './sample-schedules.ts';

const daily = schedule({ kind: 'daily', time: '09:00', interval: 1 });

/** A folder with the units of a definition in another one. */
function install(folder: string, path: string, runtime = process.execPath): void {
	const also = { path, run: path, program: { ...program, runtime, script: runtime } };
	for (const { name, text } of systemdUnits(scheduledWith([daily], {}, also), 'user')) {
		writeFileSync(join(folder, name), text);
	}
}

it('what is installed is known by the definition that it runs, whatever that is called now', async () => {
	const folder = tempFolder();
	const odd = '/home/me/Meine "Söhne" 100%\\$x/a\n.xml';
	install(folder, odd);
	install(folder, '/b.xml');
	const units = await readInstalledUnits(folder, 'user');
	expect(units.map(({ definition }) => definition).sort()).toEqual(['/b.xml', odd]);
	expect(units.filter((unit) => runs(unit, odd))).toHaveLength(1);
	expect(units[0]).toMatchObject({ scope: 'user', digest: '0123456789abcdef' });
});

it('units of earlier versions are known by what they start', async () => {
	const folder = tempFolder();
	const start = 'ExecStart=/usr/bin/node /x/afterimage.mjs backup "/home/me/100%% a.xml" --type full';
	writeFileSync(join(folder, 'afterimage-disk-1-full.service'), `[Service]\n${start}\n`);
	const [unit] = await readInstalledUnits(folder, 'user');
	expect(runs(unit!, '/home/me/100% a.xml')).toBe(true);
	expect(runs(unit!, '/home/me/a.xml')).toBe(false);
	expect(await withoutDefinition([unit!])).toEqual([]);
	expect(await missingProgram(unit!)).toBe('/x/afterimage.mjs');
});

it('of units of earlier versions the program is read from their line, whatever characters its path has', async () => {
	const folder = tempFolder();
	const place = join(folder, 'a "b" 100% $c\\d');
	mkdirSync(place);
	const script = join(place, 'afterimage.mjs');
	const words = [process.execPath, script, 'backup', '/a.xml', '--type', 'full'];
	const start = `ExecStart=${words.map(unitQuote).join(' ')}`;
	writeFileSync(join(folder, 'afterimage-disk-1-full.service'), `[Service]\n${start}\n`);
	const [unit] = await readInstalledUnits(folder, 'user');
	expect(unit!.program).toEqual([process.execPath, script]);
	expect(await missingProgram(unit!)).toBe(script);
	writeFileSync(script, '');
	expect(await missingProgram(unit!)).toBeUndefined();
});

it('units of definitions that are gone, and programs that are gone, are found', async () => {
	const folder = tempFolder();
	const kept = join(folder, 'kept.xml');
	writeFileSync(kept, '');
	install(folder, kept, '/no/such/node');
	install(folder, join(folder, 'gone.xml'));
	const units = await readInstalledUnits(folder, 'system');
	const gone = await withoutDefinition(units);
	expect(gone.map(({ definition }) => definition)).toEqual([join(folder, 'gone.xml')]);
	expect(await Promise.all(units.map(missingProgram))).toEqual(
		units.map((unit) => (gone.includes(unit) ? undefined : '/no/such/node')),
	);
});

it('reads over what is no unit of ours', async () => {
	const folder = tempFolder();
	mkdirSync(join(folder, 'afterimage-folder.service'));
	symlinkSync('/no/such/file', join(folder, 'afterimage-link.service'));
	writeFileSync(join(folder, 'afterimage-empty.service'), '[X-Afterimage]\nDefinition=1\n');
	writeFileSync(join(folder, 'other.service'), '[Service]\nExecStart=/bin/true\n');
	expect(await readInstalledUnits(folder, 'user')).toEqual([]);
	expect(await readInstalledUnits(join(folder, 'none'), 'user')).toEqual([]);
});
