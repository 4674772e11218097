import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { copyProgram, placeProgram, removeUnusedPrograms } from '../../../../src/extension/schedule/program-copy.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

/** The programs of an installed extension. */
function extension() {
	const dist = join(tempFolder(), 'dist');
	for (const folder of ['node_modules/koffi', 'webview', 'extension'])
		mkdirSync(join(dist, folder), { recursive: true });
	for (const file of ['afterimage.mjs', 'chunk-1.mjs', 'extension.cjs', 'node_modules/koffi/index.js']) {
		writeFileSync(join(dist, file), file);
	}
	return { runtime: '/usr/share/code/code', electron: true, script: join(dist, 'afterimage.mjs') };
}

describe('the program that schedules start', () => {
	it('is a copy that no update of the extension takes away', async () => {
		const program = extension();
		const folder = join(tempFolder(), 'programs');
		const placed = await placeProgram(program, folder, '1.2.3');
		await copyProgram(placed);
		expect(placed.program.runtime).toBe(program.runtime);
		expect(readFileSync(placed.program.script, 'utf8')).toBe('afterimage.mjs');
		expect(readdirSync(placed.copy!.to).sort()).toEqual(['afterimage.mjs', 'chunk-1.mjs', 'node_modules']);
		await copyProgram(placed);
		expect(readdirSync(folder)).toEqual([expect.stringMatching(/^1\.2\.3-[0-9a-f]{8}$/)]);
		// The next version has another copy; the one before goes when nothing starts it.
		writeFileSync(program.script, 'changed');
		const next = await placeProgram(program, folder, '1.2.4');
		await copyProgram(next);
		await removeUnusedPrograms(folder, ['other', `* * * * * '${placed.program.script}'`, next.program.script]);
		expect(readdirSync(folder)).toHaveLength(2);
		await removeUnusedPrograms(folder, [next.program.script]);
		expect(readdirSync(folder)).toEqual([basename(next.copy!.to)]);
	});

	it('gets its name though a virus scanner looks into it for a moment, as often as it is tried', async () => {
		const placed = await placeProgram(extension(), join(tempFolder(), 'programs'), '1.2.3');
		let refusals = 2;
		const move: typeof rename = async (from, to) => {
			if (refusals-- > 0) throw Object.assign(new Error('EPERM: no'), { code: 'EPERM' });
			await rename(from, to);
		};
		await expect(copyProgram(placed, move, 1)).rejects.toThrow('EPERM');
		await copyProgram(placed, move, 2);
		expect(readFileSync(placed.program.script, 'utf8')).toBe('afterimage.mjs');
	});

	it('is run in its place in a checkout', async () => {
		const script = join(tempFolder(), 'afterimage.mjs');
		writeFileSync(script, '');
		const program = { runtime: process.execPath, electron: false, script };
		expect(await placeProgram(program, '/x', '1.0.0')).toEqual({ program, copy: undefined });
	});
});
