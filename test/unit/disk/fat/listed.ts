import { MemoryBytes, readBytes } from '../../../../src/base/bytes.ts';
import { fatDriver } from '../../../../src/disk/fat/driver.ts';
import type { FileNode, FolderNode, TreeNode } from '../../../../src/disk/files.ts';
import { decompressors } from '../../../support/walk-tree.ts';
import type { MadeFat } from './made-files.ts';

export async function rootOf(volume: MadeFat): Promise<FolderNode> {
	const fileSystem = (await fatDriver.open(new MemoryBytes(volume.bytes), {}))!;
	return (await fileSystem.openFiles!({ decompressors })).root;
}

/** What the root folder holds. */
export const listed = async (volume: MadeFat) => (await rootOf(volume)).list();

export const namesOf = (nodes: readonly TreeNode[]) => nodes.map(({ name }) => name);

export async function content(node: TreeNode | undefined): Promise<Uint8Array> {
	const source = await (node as FileNode).open();
	return readBytes(source, 0, source.size);
}

/** Bytes of which none is where another was expected. */
export const numbered = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 7 + (i >>> 8)) & 0xff);

/** A name, a character a byte. */
export const raw = (name: string) => Uint8Array.from(name, (character) => character.charCodeAt(0));
