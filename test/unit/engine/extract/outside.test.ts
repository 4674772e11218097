import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { file, folder, link } from '../fake-tree.ts';
import { setUp } from './extraction-scene.ts';

describe('nothing is written outside of the folder', () => {
	it('through names that lead elsewhere', async () => {
		const { above, extract } = setUp();
		const { damaged } = await extract([file('../evil', 'x'), folder('..', [file('evil', 'x')]), file('/evil', 'x')]);
		expect(damaged).toHaveLength(3);
		expect(readdirSync(above)).toEqual(['target']);
	});

	it('through a link that was there, or that the backup has beside a folder of the same name', async () => {
		const { above, target, extract } = setUp();
		symlinkSync(above, join(target, 'd'));
		await expect(extract([folder('d', [file('evil', 'x')])], true)).rejects.toMatchObject({ code: 'invalid-argument' });
		renameSync(join(target, 'd'), join(above, 'away'));
		const { renamed } = await extract([link('d', above), folder('d', [file('evil', 'x')])]);
		expect(renamed).toHaveLength(1);
		expect(readdirSync(above).sort()).toEqual(['away', 'target']);
	});

	it('through a link that replaces a folder at the wrong moment', async () => {
		const { above, target, extract } = setUp();
		const outside = join(above, 'outside');
		mkdirSync(outside);
		// Between the survey, which lists first, and the writing, and again while what lies in the folder is written.
		let lists = 0;
		const swapBefore = folder('d', [file('evil', 'x')], () => {
			if (++lists === 2) symlinkSync(outside, join(target, 'd'));
		});
		await expect(extract([swapBefore])).rejects.toMatchObject({ code: 'write-error' });
		expect(readdirSync(outside)).toEqual([]);

		let opened = 0;
		const swapAmid = {
			...file('evil', 'x'),
			open() {
				if (++opened === 1) {
					renameSync(join(target, 'e'), join(target, 'moved'));
					symlinkSync(outside, join(target, 'e'));
				}
				return file('evil', 'x').open();
			},
		};
		await extract([folder('e', [swapAmid, folder('inner', [file('evil', 'y')])])]);
		expect(readdirSync(outside)).toEqual([]);
		expect(readFileSync(join(target, 'moved/evil'), 'utf8')).toBe('x');
		expect(readFileSync(join(target, 'moved/inner/evil'), 'utf8')).toBe('y');
	});

	it('over a link that has the name of a file: the link itself is replaced', async () => {
		const { above, target, extract } = setUp();
		writeFileSync(join(above, 'precious'), 'keep');
		symlinkSync(join(above, 'precious'), join(target, 'f'));
		await extract([file('f', 'new')], true);
		expect(readFileSync(join(above, 'precious'), 'utf8')).toBe('keep');
		expect(lstatSync(join(target, 'f')).isFile()).toBe(true);
	});
});
