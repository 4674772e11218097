import { chownSync, closeSync, mkdirSync, mkdtempSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PartFiles } from '../../../../src/engine/backup/destination/part-files.ts';
import { giveToFolderOwner } from '../../../../src/engine/ports/private-file.ts';
import { openRawTarget, plainFileCalls } from '../../../../src/engine/ports/raw-file.ts';

const isRoot = process.getuid?.() === 0;
const someone = { uid: 12_345, gid: 54_321 };
/** Root alone can give files away: for others everything is theirs already. */
const owner = isRoot ? someone : { uid: process.getuid?.(), gid: process.getgid?.() };

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'afterimage-private-'));
	if (isRoot) chownSync(folder, someone.uid, someone.gid);
});
afterEach(() => rmSync(folder, { recursive: true }));

const rightsOf = (path: string) => {
	const { uid, gid, mode } = statSync(path);
	return { uid, gid, mode: (mode & 0o777).toString(8) };
};

test('an image is readable by the owner of its folder alone', async () => {
	const parts = new PartFiles(folder, () => 'a.mrimgx');
	await parts.begin(0);
	await parts.commit();
	expect(rightsOf(join(folder, 'a.mrimgx'))).toEqual({ ...owner, mode: '600' });
});

test('so is a raw file that a disk is restored to, if it is new', async () => {
	const path = join(folder, 'disk.img');
	await openRawTarget(path, { createSize: 4096 }, plainFileCalls).close();
	expect(rightsOf(path)).toEqual({ ...owner, mode: '600' });
});

test('a file system without owners is no reason to fail', () => {
	const fd = openSync('/proc/self/comm', 'r+');
	try {
		expect(() => giveToFolderOwner(fd, join(folder, 'a.mrimgx'))).not.toThrow();
	} finally {
		closeSync(fd);
	}
});

test('a folder that has gone meanwhile is told by its name', () => {
	const gone = join(folder, 'gone');
	mkdirSync(gone);
	const path = join(gone, 'a.mrimgx');
	const fd = openSync(path, 'wx');
	const getuid = vi.spyOn(process, 'getuid').mockReturnValue(0);
	try {
		renameSync(gone, join(folder, 'elsewhere'));
		expect(() => giveToFolderOwner(fd, path)).toThrow(
			expect.objectContaining({ code: 'destination-missing', message: expect.stringContaining(gone) as string }),
		);
	} finally {
		getuid.mockRestore();
		closeSync(fd);
	}
});
