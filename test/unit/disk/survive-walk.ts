import { expect } from 'vitest';
import { MemoryBytes, readBytes } from '../../../src/base/bytes.ts';
import { AfterimageError } from '../../../src/base/errors.ts';
import type { FileNode, FolderNode } from '../../../src/disk/files.ts';
import type { FileSystemDriver } from '../../../src/disk/filesystem.ts';
import { decompressors } from '../../support/walk-tree.ts';

/** What a walk through a volume that may hold anything came upon. */
export interface Survived {
	/** Contents by path, of the files that could be read. */
	readonly files: Map<string, Uint8Array>;
	/** How many folders and files were damaged. */
	damaged: number;
}

/** More than a volume of these tests can hold, so that a walk without end is found out. */
const mostNodes = 2000;

/** What lies in the extents of a file or folder, in the order in which they are told. */
async function bytesAt(node: FileNode | FolderNode, volume: Uint8Array): Promise<Uint8Array> {
	const pieces: Uint8Array[] = [];
	await node.collectExtents({
		add(start, end) {
			expect(end).toBeGreaterThan(start);
			expect(end).toBeLessThanOrEqual(volume.length);
			pieces.push(volume.subarray(start, end));
		},
	});
	return Buffer.concat(pieces);
}

/**
 * Opens, lists and reads all that a volume holds. Whatever it is, there may be damage and errors of ours, but no other
 * ones, no names that nothing may have, and no walk without end. What is read lies where its extents are told to be.
 */
export async function surviveWalk(driver: FileSystemDriver, bytes: Uint8Array): Promise<Survived> {
	const survived: Survived = { files: new Map(), damaged: 0 };
	let nodes = 0;
	const orDamage = async (step: () => Promise<void>) => {
		try {
			await step();
		} catch (error) {
			if (!(error instanceof AfterimageError)) throw error;
			expect(error.code).toBe('structure-damaged');
			survived.damaged++;
		}
	};
	const walk = async (folder: FolderNode, above: string): Promise<void> => {
		for (const node of await folder.list()) {
			if (++nodes > mostNodes) throw new Error('a walk without end');
			expect(node.name).not.toMatch(/^\.{0,2}$|[/\0]/);
			const path = `${above}${node.name}`;
			if (node.kind === 'damaged') survived.damaged++;
			else if (node.kind === 'folder') {
				await orDamage(() => walk(node, `${path}/`));
				await orDamage(async () => void (await bytesAt(node, bytes)));
			} else if (node.kind === 'file') {
				await orDamage(async () => {
					const source = await node.open();
					expect(source.size).toBe(node.size);
					const content = await readBytes(source, 0, source.size);
					survived.files.set(path, content);
					const stored = new Uint8Array(source.size);
					stored.set(await bytesAt(node, bytes));
					expect(Buffer.compare(content, stored)).toBe(0);
				});
			} else throw new Error(`${path}: no such thing was put in`);
		}
	};
	await orDamage(async () => {
		const fileSystem = await driver.open(new MemoryBytes(bytes), {});
		const tree = await fileSystem?.openFiles?.({ decompressors });
		if (tree !== undefined) await walk(tree.root, '');
	});
	return survived;
}
