import { readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openRawTarget, plainFileCalls } from '../../../../src/engine/ports/raw-file.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

test('a new target is made with its size', async () => {
	const path = join(tempFolder(), 'disk.img');
	const target = openRawTarget(path, 1 << 20, plainFileCalls);
	expect(target.size).toBe(1 << 20);
	await target.close();
	expect(statSync(path).size).toBe(1 << 20);
});

test('a new target never writes over what has come to its place since, nor through a link', () => {
	const folder = tempFolder();
	const victim = join(folder, 'victim');
	writeFileSync(victim, 'of somebody else');
	symlinkSync(victim, join(folder, 'link'));
	symlinkSync(join(folder, 'nowhere'), join(folder, 'dangling'));
	const names = readdirSync(folder);
	for (const name of ['victim', 'link', 'dangling']) {
		expect(() => openRawTarget(join(folder, name), 1 << 20, plainFileCalls), name).toThrow(
			expect.objectContaining({ code: 'target-in-use', advice: expect.stringContaining('another target') as string }),
		);
	}
	expect(readFileSync(victim, 'utf8')).toBe('of somebody else');
	expect(readdirSync(folder)).toEqual(names);
});

test('an existing file is written as it is', async () => {
	const path = join(tempFolder(), 'disk.img');
	writeFileSync(path, 'abcdef');
	const target = openRawTarget(path, undefined, plainFileCalls);
	await target.write(1, Buffer.from('X'));
	await target.close();
	expect(readFileSync(path, 'utf8')).toBe('aXcdef');
	expect(() => openRawTarget(`${path}.none`, undefined, plainFileCalls)).toThrow(
		expect.objectContaining({ code: 'destination-missing' }),
	);
});
