import { expect, it } from 'vitest';
import { extendedPath, plainRoot, withBackslash } from '../../../../../native/win32/devices/extended-path.ts';

const deep = 'n'.repeat(250);

it('marks long paths, of drives and of shares, and no others', () => {
	expect(extendedPath(`C:\\${deep}`)).toBe(`\\\\?\\C:\\${deep}`);
	expect(extendedPath(`C:/a/${deep}`)).toBe(`\\\\?\\C:\\a\\${deep}`);
	expect(extendedPath(`\\\\nas\\backups\\${deep}`)).toBe(`\\\\?\\UNC\\nas\\backups\\${deep}`);
	for (const path of ['C:\\short', '\\\\nas\\short', `\\\\?\\C:\\${deep}`, `\\\\.\\C:\\${deep}`]) {
		expect(extendedPath(path)).toBe(path);
	}
});

// The pairs of GetVolumePathNameW's page.
it('takes the mark off the root that is told of such a path', () => {
	expect(plainRoot('\\\\?\\Q:\\')).toBe('Q:\\');
	expect(plainRoot('\\\\?\\UNC\\YourComputer\\C$\\')).toBe('\\\\YourComputer\\C$\\');
	for (const root of ['Q:\\', '\\\\YourComputer\\C$\\', '\\\\?\\Volume{7}\\']) expect(plainRoot(root)).toBe(root);
});

it('ends a folder with a backslash, once', () => {
	expect(['\\\\nas\\backups', 'C:\\'].map(withBackslash)).toEqual(['\\\\nas\\backups\\', 'C:\\']);
});
