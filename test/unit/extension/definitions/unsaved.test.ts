import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { unsavedDefinitions } from '../../../../src/extension/definitions/unsaved.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const start = Date.UTC(2026, 0, 31, 23, 59, 59, 123);
const day = 24 * 60 * 60_000;

function write(folder: string): string {
	mkdirSync(folder, { recursive: true });
	const path = join(folder, 'Once.xml');
	writeFileSync(path, '');
	return path;
}

it('gives each run a folder of its own and removes it with the definition', async () => {
	const storage = tempFolder();
	const unsaved = unsavedDefinitions(storage, () => start);
	const path = write(unsaved.newFolder());
	expect(path).toBe(join(storage, 'unsaved/20260131235959123/Once.xml'));
	await unsaved.remove(path);
	expect(existsSync(dirname(path))).toBe(false);
	await unsaved.remove(path);
});

it('removes nothing that is kept', async () => {
	const storage = tempFolder();
	const unsaved = unsavedDefinitions(storage);
	const kept = [write(join(storage, 'definitions')), write(join(storage, 'unsaved')), write(storage)];
	for (const path of kept) await unsaved.remove(path);
	expect(kept.filter((path) => !existsSync(path))).toEqual([]);
});

it('sweeps what is a day old, and nothing else', async () => {
	const storage = tempFolder();
	let now = start;
	const unsaved = unsavedDefinitions(storage, () => now);
	await unsaved.sweep();
	write(unsaved.newFolder());
	now += day;
	write(unsaved.newFolder());
	write(join(storage, 'unsaved/notes'));
	now -= 1;
	await unsaved.sweep();
	expect(readdirSync(join(storage, 'unsaved'))).toHaveLength(3);
	now += 1;
	await unsaved.sweep();
	expect(readdirSync(join(storage, 'unsaved'))).toEqual(['20260201235959123', 'notes']);
});
