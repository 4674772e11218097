import { describe, expect, it } from 'vitest';
import { findNode, foldCase } from '../../../../src/engine/browse/find-node.ts';
import { FolderCache } from '../../../../src/engine/browse/folder-cache.ts';
import { damagedNode, file, folder, link, treeOf } from '../fake-tree.ts';

const tree = () =>
	treeOf(
		[
			folder('Documents', [file('Straße.txt', 'a'), file('notes.TXT', 'b'), file('NOTES.txt', 'c')]),
			link('shortcut', 'Documents'),
			damagedNode('broken', 'its inode is damaged'),
		],
		false,
	);

async function find(path: string, of = tree()) {
	const { path: found, node } = await findNode(of, path, new FolderCache());
	return [found, node.kind];
}

describe('a path in a backup', () => {
	it('leads to the root, to folders and to files', async () => {
		expect(await find('')).toEqual(['', 'folder']);
		expect(await find('/')).toEqual(['', 'folder']);
		expect(await find('Documents')).toEqual(['Documents', 'folder']);
		expect(await find('/Documents//Straße.txt')).toEqual(['Documents/Straße.txt', 'file']);
		expect(await find('shortcut')).toEqual(['shortcut', 'link']);
	});

	it('goes without regard to case where the file system does, an exact match first', async () => {
		expect(await find('DOCUMENTS/straße.TXT')).toEqual(['Documents/Straße.txt', 'file']);
		expect(await find('documents/NOTES.txt')).toEqual(['Documents/NOTES.txt', 'file']);
		expect(await find('documents/notes.TXT')).toEqual(['Documents/notes.TXT', 'file']);
		await expect(find('documents', { ...tree(), caseSensitive: true })).rejects.toMatchObject({
			code: 'source-missing',
		});
		expect(foldCase('Straße')).toBe('STRAßE');
	});

	it('names the part that is missing, or is no folder', async () => {
		await expect(find('Documents/lost/file')).rejects.toMatchObject({
			code: 'source-missing',
			message: 'There is no lost in Documents of the backup',
		});
		await expect(find('gone')).rejects.toMatchObject({ message: 'There is no gone in the root folder of the backup' });
		await expect(find('Documents/..')).rejects.toMatchObject({ code: 'source-missing' });
		await expect(find('shortcut/Straße.txt')).rejects.toMatchObject({
			code: 'source-missing',
			message: 'shortcut is a link, not a folder',
		});
		await expect(find('broken/file')).rejects.toMatchObject({ code: 'image-damaged' });
	});
});

it('lists a folder once for many look-ups, and forgets those that were not used for long', async () => {
	let lists = 0;
	const counted = folder('a', [file('1', ''), file('2', '')], () => void lists++);
	const other = folder('b', [file('3', '')]);
	const cache = new FolderCache(2);
	const of = treeOf([], true);
	await cache.list('a', counted);
	await cache.list('a', counted);
	expect(lists).toBe(1);
	await cache.list('b', other);
	await cache.list('a', counted);
	expect(lists).toBe(2);
	expect((await findNode(of, '', cache)).node).toBe(of.root);
});
