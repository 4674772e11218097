import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { definitionsFolder, prepareFolder } from '../../../../src/extension/definitions/folder.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const facts = { platform: 'linux', home: '/home/me', env: {}, setting: '' } as const;

describe('definitionsFolder', () => {
	it('follows the platform unless the setting names one', () => {
		expect(definitionsFolder(facts)).toBe('/home/me/.local/share/afterimage/definitions');
		expect(definitionsFolder({ ...facts, env: { XDG_DATA_HOME: '/data' } })).toBe('/data/afterimage/definitions');
		expect(definitionsFolder({ ...facts, env: { XDG_DATA_HOME: 'data' } })).toContain('/home/me/');
		expect(definitionsFolder({ ...facts, platform: 'darwin' })).toBe('/home/me/Documents/Afterimage');
		expect(definitionsFolder({ ...facts, setting: '/elsewhere' })).toBe('/elsewhere');
		expect(definitionsFolder({ ...facts, setting: '~/mine' })).toBe('/home/me/mine');
		expect(definitionsFolder({ ...facts, setting: '~mine' })).toBe('~mine');
	});
});

describe.runIf(process.platform !== 'win32')('prepareFolder', () => {
	it('makes it so that only the user may enter, and leaves one alone that is there', () => {
		const folder = join(tempFolder(), 'a', 'definitions');
		prepareFolder(folder);
		expect(statSync(folder).mode & 0o777).toBe(0o700);
		prepareFolder(folder);
		expect(statSync(folder).isDirectory()).toBe(true);
	});
});
