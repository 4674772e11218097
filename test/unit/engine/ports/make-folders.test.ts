import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolders } from '../../../../src/engine/ports/make-folders.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

it('makes a folder with those above it, through a link too, and leaves alone what is there', async () => {
	const at = tempFolder();
	await makeFolders(join(at, 'a/b'));
	symlinkSync('a', join(at, 'link'));
	await makeFolders(join(at, 'link/c'));
	await makeFolders(join(at, 'a'));
	expect(existsSync(join(at, 'a/b')) && existsSync(join(at, 'a/c'))).toBe(true);
});

it('says what is there instead', async () => {
	const at = tempFolder();
	writeFileSync(join(at, 'file'), '');
	symlinkSync('nowhere', join(at, 'gone'));
	const message = `${join(at, 'file')} is a file, not a folder`;
	await expect(makeFolders(join(at, 'file'))).rejects.toMatchObject({ code: 'destination-missing', message });
	await expect(makeFolders(join(at, 'file/x'))).rejects.toMatchObject({ code: 'destination-missing' });
	await expect(makeFolders(join(at, 'gone'))).rejects.toMatchObject({ code: 'destination-missing' });
});

// Node's recursive mkdir tries for ever there.
it.runIf(process.platform === 'linux')('ends where the system takes no folder', async () => {
	await expect(makeFolders('/proc/afterimage/x')).rejects.toMatchObject({ code: 'destination-missing' });
});
