import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Windows, windowsPath } from '../support/wine.ts';

test('files get and lose their names though another program has them open for a moment', async () => {
	const windows = Windows.forTest();
	const folder = join(windows.folder, 'images');
	mkdirSync(folder);
	const { code, out, err } = await windows.script(join(import.meta.dirname, 'hold.ts'), [windowsPath(folder)]);
	expect({ code, err }).toEqual({ code: 0, err: '' });
	const { waited, ...rest } = JSON.parse(out) as { waited: number };
	expect(rest).toEqual({ named: true, atOnce: true, left: [] });
	expect(waited).toBeGreaterThan(200);
});
