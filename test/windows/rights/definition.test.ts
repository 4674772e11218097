import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { definitionText } from '../../support/definition-text.ts';
import { afterimageThere, errorThere, resultThere } from '../support/windows-cli.ts';
import { buildForWindows, Windows } from '../support/wine.ts';

let windows: Windows;
let program: string;
let home: string;
const definition = 'C:\\home\\disk.xml';

/** A definition of a raw file with a script, in a folder of the user alone, as Wine makes rights up from modes. */
beforeAll(() => {
	program = buildForWindows();
	windows = Windows.fresh();
	home = join(windows.driveC, 'home');
	mkdirSync(join(home, 'images'), { recursive: true });
	chmodSync(windows.driveC, 0o755);
	chmodSync(home, 0o755);
	writeFileSync(join(home, 'disk.raw'), Buffer.alloc(1 << 20, 'afterimage'));
	writeFileSync(join(home, 'before.cmd'), '@echo off\r\necho ran> C:\\home\\ran.txt\r\n');
	writeFileSync(
		join(home, 'disk.xml'),
		definitionText({
			sources: '<raw_file path="C:\\home\\disk.raw"/>',
			folder: 'C:\\home\\images',
			more: '<scripts><before path="C:\\windows\\system32\\cmd.exe"><argument>/c</argument><argument>C:\\home\\before.cmd</argument></before></scripts>',
		}),
	);
});
afterAll(() => windows.remove());

test('a definition that others may write runs nothing, and one that they may not runs', async () => {
	chmodSync(join(home, 'disk.xml'), 0o666);
	expect(await errorThere(windows, program, ['backup', definition])).toMatchObject({
		code: 'invalid-definition',
		message: expect.stringMatching(/disk\.xml may be changed by others: .*Everyone.* may write it/) as string,
		advice: expect.stringContaining('Restrict Permissions') as string,
	});
	expect(readdirSync(home)).not.toContain('ran.txt');
	expect(readdirSync(join(home, 'images'))).toEqual([]);

	chmodSync(join(home, 'disk.xml'), 0o644);
	await resultThere(windows, program, ['backup', definition]);
	expect(readdirSync(home)).toContain('ran.txt');
});

test('a script in a folder whose files others may exchange is no script to run', async () => {
	const { out: before } = await afterimageThere(windows, program, ['validate', definition]);
	expect(before).not.toContain('script-writable');
	chmodSync(join(windows.driveC, 'windows/system32'), 0o777);
	const { out, code } = await afterimageThere(windows, program, ['validate', definition]);
	chmodSync(join(windows.driveC, 'windows/system32'), 0o755);
	expect(code).toBe(2);
	expect(out).toContain('error script-writable');
});
