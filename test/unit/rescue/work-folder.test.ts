import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inWorkFolder } from '../../../src/rescue/work-folder.ts';
import { tempFolder } from '../../support/temp-folder.ts';

it('a file that was made gets its name, and its folder goes with what killed processes have left', async () => {
	const folder = tempFolder();
	// No process has the first number: Linux gives out 4,194,304 at most.
	for (const pid of [99_999_999, process.pid]) {
		mkdirSync(join(folder, `.afterimage-rescue-${pid}-AbCdEf`), { mode: 0o700 });
	}
	// What others may enter no run of this program has made.
	mkdirSync(join(folder, '.afterimage-rescue-99999999-Others'), { mode: 0o755 });
	mkdirSync(join(folder, '.afterimage-rescue-notes'));
	const to = join(folder, 'medium.iso');
	const result = await inWorkFolder(to, async (work) => {
		expect(existsSync(to)).toBe(false);
		const file = join(work, 'made');
		writeFileSync(file, 'content');
		return { file, result: 7 };
	});
	expect(result).toBe(7);
	expect(readFileSync(to, 'utf8')).toBe('content');
	expect(readdirSync(folder).sort()).toEqual([
		...[`.afterimage-rescue-${process.pid}-AbCdEf`, '.afterimage-rescue-99999999-Others'].sort(),
		'.afterimage-rescue-notes',
		'medium.iso',
	]);
});

it('what fails leaves nothing, and is said in words', async () => {
	const folder = tempFolder();
	const to = join(folder, 'medium.iso');
	const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' });
	await expect(inWorkFolder(to, () => Promise.reject(full))).rejects.toMatchObject({
		code: 'no-space',
		message: `${to} could not be made: no space left on device`,
	});
	expect(readdirSync(folder)).toEqual([]);
	await expect(inWorkFolder(join(folder, 'none/medium.iso'), () => Promise.reject(full))).rejects.toMatchObject({
		code: 'destination-missing',
	});
});
