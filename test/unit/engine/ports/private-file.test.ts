import { closeSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { giveToFolderOwner } from '../../../../src/engine/ports/private-file.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

afterEach(() => vi.restoreAllMocks());

describe('a file that root has made', () => {
	it('is told by the name of its folder when that has gone meanwhile', () => {
		vi.spyOn(process, 'getuid').mockReturnValue(0);
		const folder = join(tempFolder(), 'folder');
		mkdirSync(folder);
		const path = join(folder, 'file');
		const fd = openSync(path, 'wx');
		try {
			giveToFolderOwner(fd, path);
			expect(statSync(path).uid).toBe(statSync(folder).uid);
			renameSync(folder, `${folder}.gone`);
			expect(() => giveToFolderOwner(fd, path)).toThrow(
				expect.objectContaining({ code: 'destination-missing', message: expect.stringContaining(folder) as string }),
			);
		} finally {
			closeSync(fd);
		}
	});
});
