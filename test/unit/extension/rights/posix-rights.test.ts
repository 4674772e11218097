import { chmodSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { posixRights } from '../../../../src/extension/rights/posix-rights.ts';
import type { OpenPath } from '../../../../src/protocol/rights.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const openPaths = (file: string) => posixRights.openPaths(file);
const restrict = (paths: readonly OpenPath[]) => posixRights.restrict(paths);

describe.runIf(process.platform !== 'win32')('openPaths and restrict', () => {
	it('find a file and a folder above it that others may write, and close them', async () => {
		const folder = tempFolder();
		const open = join(folder, 'open');
		const inner = join(open, 'inner');
		mkdirSync(inner, { recursive: true });
		const file = join(inner, 'definition.xml');
		writeFileSync(file, '');
		chmodSync(open, 0o777);
		chmodSync(inner, 0o755);
		chmodSync(file, 0o646);
		const found = await openPaths(file);
		expect(found.map(({ path }) => path)).toEqual([file, open]);
		await restrict(found);
		expect(statSync(file).mode & 0o777).toBe(0o644);
		expect(statSync(open).mode & 0o777).toBe(0o755);
		expect(await openPaths(file)).toEqual([]);
	});

	it('look at what a link leads to', async () => {
		const folder = tempFolder();
		const file = join(folder, 'real.xml');
		writeFileSync(file, '');
		chmodSync(file, 0o602);
		symlinkSync(file, join(folder, 'link.xml'));
		expect((await openPaths(join(folder, 'link.xml'))).map(({ path }) => path)).toEqual([file]);
	});

	it('look at the folders that a link leads through', async () => {
		const folder = tempFolder();
		const open = join(folder, 'open');
		mkdirSync(open);
		writeFileSync(join(open, 'real.xml'), '', { mode: 0o600 });
		chmodSync(open, 0o757);
		symlinkSync(join(open, 'real.xml'), join(folder, 'link.xml'));
		expect((await openPaths(join(folder, 'link.xml'))).map(({ path }) => path)).toEqual([open]);
	});

	it('fail for a file that is not there', async () => {
		await expect(openPaths(join(tempFolder(), 'none.xml'))).rejects.toThrow(/ENOENT/);
		await expect(restrict([{ path: join(tempFolder(), 'none.xml'), reason: '' }])).rejects.toMatchObject({
			code: 'permission-denied',
		});
	});
});
