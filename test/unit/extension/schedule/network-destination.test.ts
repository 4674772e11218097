import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { BackupDefinition } from '../../../../src/definition/model.ts';
import { networkDestination } from '../../../../src/extension/schedule/network-destination.ts';
import { writeSchedules } from '../../../../src/extension/schedule/write-schedules.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { definitionWith, program, schedule } from './sample-schedules.ts';

const daily = schedule({ kind: 'daily', time: '09:00', interval: 1 }, 'full');

function to(folder: string | undefined, ...others: string[]): BackupDefinition {
	const blank = definitionWith([daily]);
	return { ...blank, destination: { ...blank.destination, folder, alternativeLocations: { folders: others } } };
}

it('is a share by its name, or by the letter of a connected drive', () => {
	const shareOf = (drive: string) => (drive === 'Z:\\' ? '\\\\nas\\backups' : undefined);
	const found = (...folders: [string | undefined, ...string[]]) => networkDestination(to(...folders), shareOf);
	expect(found('\\\\nas\\backups\\pc')).toEqual({ folder: '\\\\nas\\backups\\pc', share: undefined });
	expect(found('\\\\?\\UNC\\nas\\backups')).toEqual({ folder: '\\\\?\\UNC\\nas\\backups', share: undefined });
	expect(found('Z:\\pc')).toEqual({ folder: 'Z:\\pc', share: '\\\\nas\\backups' });
	expect(found('D:\\pc', '\\\\nas\\x')?.folder).toBe('\\\\nas\\x');
	expect(found(undefined, 'z/y')).toBeUndefined();
	expect(found('D:\\pc', '\\\\?\\E:\\pc', '\\\\?\\Volume{0}\\pc')).toBeUndefined();
});

it('has tasks ask for the password that gives them access to the network, and no others', async () => {
	for (const [folder, logon] of [
		['\\\\nas\\backups', 'Password'],
		['D:\\backups', 'S4U'],
	] as const) {
		const request = { definition: to(folder), path: 'C:\\a.xml', program, version: '1', needsRoot: true };
		const { files, command } = await writeSchedules('windows', tempFolder(), request);
		expect(readFileSync(files[0]!, 'utf16le')).toContain(`<LogonType>${logon}</LogonType>`);
		expect(/ \/ru "[^"]+" \/rp \*$/.test(command!)).toBe(logon === 'Password');
	}
});
