import type { ByteSource } from '../../../../src/base/bytes.ts';
import { isAfterimageError } from '../../../../src/base/errors.ts';
import type { FileTree, TreeNode } from '../../../../src/disk/files.ts';
import { xfsDriver } from '../../../../src/disk/xfs/driver.ts';
import { askExtents, decompressors } from '../../../support/walk-tree.ts';

export async function openFiles(volume: ByteSource): Promise<FileTree> {
	const fileSystem = await xfsDriver.open(volume, {});
	return fileSystem!.openFiles!({ decompressors });
}

/** No volume here is larger. */
const largest = 2 ** 30;

/** Bytes at the start and at the end of a file that are looked at: a damaged size may be any. */
const sample = 16 * 1024;

async function content(source: ByteSource): Promise<string> {
	const length = Math.min(sample, source.size);
	const bytes = new Uint8Array(2 * length);
	await source.read(0, bytes.subarray(0, length));
	await source.read(source.size - length, bytes.subarray(length));
	return Buffer.from(bytes).toString('latin1');
}

async function outcome(fn: () => Promise<string>): Promise<string> {
	try {
		return await fn();
	} catch (error) {
		if (isAfterimageError(error)) return `${error.code}: ${error.message}`;
		throw error;
	}
}

/**
 * All that a tree tells, by path; what is damaged as `damaged: reason`, errors as `code: message`. The walk gives up
 * after more nodes than a sound sample could have.
 * @throws whatever is no error of ours
 */
export async function treeText(volume: ByteSource, limit = 10_000): Promise<Map<string, string>> {
	const found = new Map<string, string>();
	let nodes = 0;
	const text = async (node: TreeNode): Promise<string> => {
		if (node.kind === 'damaged') return `damaged: ${node.reason}`;
		const facts = `${node.mode?.toString(8)} ${node.modified}`;
		if (node.kind === 'file') {
			return outcome(async () => `file ${facts} ${node.size} ${await content(await node.open())}`);
		}
		if (node.kind === 'link') return outcome(async () => `link ${facts} ${await node.target()}`);
		if (node.kind === 'special') return `special ${facts} ${node.what}`;
		return `folder ${facts}`;
	};
	const walk = async (node: TreeNode, path: string): Promise<void> => {
		if (++nodes > limit) throw new Error(`more than ${limit} nodes`);
		found.set(path, await text(node));
		// Files of a volume that was cut lie behind its end.
		await askExtents(node, largest);
		if (node.kind !== 'folder') return;
		const failure = await outcome(async () => {
			for (const child of await node.list()) await walk(child, `${path}/${child.name}`);
			return '';
		});
		if (failure !== '') found.set(path, failure);
	};
	const failure = await outcome(async () => {
		await walk((await openFiles(volume)).root, '');
		return '';
	});
	if (failure !== '') found.set('', failure);
	return found;
}
