import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { posixPermissions } from '../../../../src/engine/definition-run/permissions/posix-permissions.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const uid = process.getuid?.() ?? 0;
const permissions = posixPermissions(new Set([0, uid]));

function file(mode = 0o600, folderMode = 0o700): { folder: string; path: string } {
	const folder = join(tempFolder(), 'folder');
	mkdirSync(folder);
	const path = join(folder, 'file');
	writeFileSync(path, '');
	chmodSync(path, mode);
	chmodSync(folder, folderMode);
	return { folder, path };
}

describe.runIf(process.platform !== 'win32')('permissions', () => {
	it('are fine where only root and the user may write, also below a folder like /tmp', () => {
		expect(permissions.writableByOthers(file().path)).toBeUndefined();
		expect(permissions.writableByOthers(file(0o755, 0o755).path)).toBeUndefined();
		expect(permissions.writableByOthers('/etc/passwd')).toBeUndefined();
		const { folder, path } = file();
		chmodSync(folder, 0o1777);
		expect(permissions.writableByOthers(path)).toBeUndefined();
	});

	it('are told of a file or a folder above it that the group or everybody may write', () => {
		const open = file(0o606);
		expect(permissions.writableByOthers(open.path)).toBe(`${open.path} has mode 606: everybody may write it`);
		const group = file(0o660);
		expect(permissions.writableByOthers(group.path)).toBe(`${group.path} has mode 660: its group may write it`);
		const { folder, path } = file(0o600, 0o777);
		expect(permissions.writableByOthers(path)).toBe(`${folder} has mode 777: everybody may write it`);
		chmodSync(folder, 0o700);
		mkdirSync(join(folder, 'inner'));
		writeFileSync(join(folder, 'inner', 'file'), '');
		chmodSync(folder, 0o775);
		expect(permissions.writableByOthers(join(folder, 'inner', 'file'))).toContain('its group may write it');
	});

	it('are told of the owner, and of every link on the way', () => {
		const strangers = posixPermissions(new Set([uid + 4711]));
		expect(strangers.writableByOthers('/')).toMatch(/^\/ belongs to the user with the number \d+$/);
		const { folder, path } = file();
		const open = file(0o666);
		const link = join(folder, 'link');
		symlinkSync(path, link);
		expect(permissions.writableByOthers(link)).toBeUndefined();
		const bad = join(folder, 'bad');
		symlinkSync(open.path, bad);
		expect(permissions.writableByOthers(bad)).toContain('has mode 666');
		symlinkSync(open.folder, join(folder, 'away'));
		expect(permissions.writableByOthers(join(folder, 'away', 'file'))).toContain('has mode 666');
		chmodSync(open.path, 0o600);
		chmodSync(open.folder, 0o777);
		expect(permissions.writableByOthers(join(folder, 'away', 'file'))).toContain('has mode 777');
		const loop = join(folder, 'loop');
		symlinkSync(loop, loop);
		expect(permissions.writableByOthers(loop)).toContain('more than 40 links');
	});

	it.runIf(uid === 0)('are told of another owner', () => {
		const { path } = file();
		chownSync(path, 4711, 0);
		expect(permissions.writableByOthers(path)).toBe(`${path} belongs to the user with the number 4711`);
		expect(posixPermissions(new Set([0, 4711])).writableByOthers(path)).toBeUndefined();
		expect(permissions.readableByOthers(path)).toContain('4711');
	});

	it('tell who may read a file', () => {
		expect(permissions.readableByOthers(file().path)).toBeUndefined();
		expect(permissions.readableByOthers(file(0o640).path)).toContain('has mode 640');
		expect(permissions.readableByOthers(file(0o604).path)).toContain('has mode 604');
		const { folder, path } = file();
		symlinkSync(path, join(folder, 'link'));
		expect(permissions.readableByOthers(join(folder, 'link'))).toBeUndefined();
	});

	it('cannot be told of what is not there', () => {
		expect(() => permissions.writableByOthers('/nowhere/script')).toThrow(/no such file/);
		expect(() => permissions.readableByOthers('/nowhere/script')).toThrow(/no such file/);
	});
});
