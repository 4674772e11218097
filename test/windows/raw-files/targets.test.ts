import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Windows, windowsPath } from '../support/wine.ts';

let windows: Windows;
beforeAll(() => {
	windows = Windows.fresh();
});
afterAll(() => windows.remove());

test('a raw file is written when it is the one that was looked at, and removed while it is held alone', async () => {
	const script = join(import.meta.dirname, 'targets.ts');
	const { code, out, err } = await windows.script(script, [windowsPath(windows.folder)]);
	expect({ code, err }).toEqual({ code: 0, err: '' });
	expect(JSON.parse(out)).toEqual({
		results: ['written', 'target-in-use', 'written'],
		contents: ['ABCDEF', 'aXcdef'],
		made: false,
	});
});
