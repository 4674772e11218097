import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readDefinitionFile } from '../../../../src/extension/definitions/definition-file.ts';

let folder: string;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'afterimage-definitions-'));
});

afterAll(() => rm(folder, { recursive: true }));

async function read(text: string) {
	const path = join(folder, 'nightly.xml');
	await writeFile(path, text);
	return readDefinitionFile(path, 'folder');
}

const root = (content: string) =>
	`\ufeff<backup_definition xmlns="https://afterimage.dev/schema/backup-definition/1">${content}</backup_definition>`;

it('reads what a file says, as far as it goes', async () => {
	const file = await read(root('<name>Disk &amp; files</name><compression_level>much</compression_level>'));
	expect(file).toMatchObject({ name: 'Disk & files', origin: 'folder' });
	expect(file.problem).toMatch(/needs the element sources/);
	expect(file.definition).toMatchObject({ compressionLevel: 'medium', sources: { disks: [] } });
});

it('finds nothing wrong with what can be run', async () => {
	const sources = '<sources><raw_file path="/disk.img"/></sources>';
	const file = await read(root(`<name>Disk</name>${sources}<destination><folder>/backups</folder></destination>`));
	expect(file.problem).toBeUndefined();
});

it('names a definition without a name after its file', async () => {
	expect((await read(root(''))).name).toBe('nightly');
});

it.each([
	[root('<name>'), /no end tag/],
	['<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', /document type declaration/],
	['', /empty/],
])('says why %s is none', async (text, problem) => {
	expect(await read(text)).toMatchObject({
		name: 'nightly',
		definition: undefined,
		problem: expect.stringMatching(problem) as string,
	});
});
