import { expect } from 'vitest';
import { MemoryBytes, readBytes } from '../../../../../src/base/bytes.ts';
import { isAfterimageError } from '../../../../../src/base/errors.ts';
import type { TreeNode } from '../../../../../src/disk/files.ts';
import { ntfsDriver } from '../../../../../src/disk/ntfs/driver.ts';
import { decompressors } from '../../../../support/walk-tree.ts';
import { fileName, indexNode, indexRoot, reference, resident, type RecordShape } from '../sample-records.ts';
import { reparsePoint } from '../sample-reparse.ts';
import type { SampleFile, SampleVolume } from '../sample-volume.ts';

export async function openTree(sample: SampleVolume) {
	const fileSystem = (await ntfsDriver.open(new MemoryBytes(sample.image), {}))!;
	return fileSystem.openFiles!({ decompressors });
}

export async function rootOf(sample: SampleVolume): Promise<readonly TreeNode[]> {
	return (await openTree(sample)).root.list();
}

/** What is wrong with the one node, or with opening it. */
export async function objection(sample: SampleVolume): Promise<string> {
	const [node] = await rootOf(sample);
	if (node?.kind === 'damaged') return node.reason;
	if (node?.kind !== 'file' && node?.kind !== 'link') throw new Error(`a ${node?.kind}`);
	const opened = node.kind === 'file' ? node.open() : node.target();
	const error = await opened.then(
		() => undefined,
		(thrown: unknown) => thrown,
	);
	if (error === undefined) return 'none';
	if (!isAfterimageError(error)) throw error as Error;
	return `${error.code}: ${error.message}`;
}

export async function contents(node: TreeNode | undefined): Promise<string> {
	if (node?.kind !== 'file') throw new Error(`not a file: ${JSON.stringify(node)}`);
	const source = await node.open();
	expect(source.size).toBe(node.size);
	return Buffer.from(await readBytes(source, 0, source.size)).toString('latin1');
}

export const file = (name: string, shape: RecordShape, record = 24): SampleFile => ({ record, name, runs: [], shape });
export const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
export const data = (text: string) => resident(0x80, bytes(text));
/** Directory in the root, or in another one. */
export const directory = (
	name: string,
	entries: Parameters<typeof indexNode>[0],
	parent = reference(5),
): RecordShape => ({
	directory: true,
	attributes: [
		resident(0x30, fileName(name, parent)),
		resident(0x90, indexRoot(indexNode(entries, undefined), 4096), '$I30'),
	],
});
export const withPoint = (tag: number, pointData: Uint8Array, ...more: Uint8Array[]): RecordShape => ({
	attributes: [...more, resident(0xc0, reparsePoint(tag, pointData))],
});

export function information(modified: bigint, attributes = 0): Uint8Array {
	const value = new Uint8Array(0x30);
	const view = new DataView(value.buffer);
	view.setBigUint64(8, modified, true);
	view.setUint32(0x20, attributes, true);
	return resident(0x10, value);
}
