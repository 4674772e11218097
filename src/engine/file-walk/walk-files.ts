import { AfterimageError, toErrorRecord, type ErrorRecord } from '../../base/errors.ts';
import type { ExtentSink, FileTree, TreeNode } from '../../disk/files.ts';
import { below, type FoundNode } from '../browse/find-node.ts';
import { asImageDamage } from '../browse/image-damage.ts';
import { isUnreadable } from '../browse/read-files.ts';
import { Turns } from '../turns.ts';

/** Is told what a walk finds; each thing once. */
export interface FileVisitor<S extends ExtentSink> {
	/** What is told where the next file or folder lies. */
	begin(): S;
	/** Something that could be read, as far as it has anything to read. */
	end(found: FoundNode, sink: S): void;
	/** Something that could not be read, all of it or a part. */
	unreadable(found: FoundNode, sink: S, error: ErrorRecord): void;
}

/**
 * Visits everything in a tree: lists the folders, reads links, and asks where files and folders lie; contents are not read.
 * Of the folders those are kept in mind that are still to be listed, next to the ways to them.
 * @throws AfterimageError `cancelled`, and what tells of more than damage: `file-missing`, `permission-denied`
 */
export async function walkFiles<S extends ExtentSink>(
	tree: FileTree,
	visitor: FileVisitor<S>,
	signal: AbortSignal,
): Promise<void> {
	const waiting: FoundNode[] = [{ path: '', node: tree.root }];
	const turns = new Turns();
	for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
		for (const node of await visit(next, visitor, signal)) {
			await turns.pause(signal);
			const found = { path: below(next.path, node.name), node };
			if (node.kind === 'folder') waiting.push(found);
			else await visit(found, visitor, signal);
		}
		await turns.pause(signal);
	}
}

/** @returns what lies in it */
async function visit<S extends ExtentSink>(
	found: FoundNode,
	visitor: FileVisitor<S>,
	signal: AbortSignal,
): Promise<readonly TreeNode[]> {
	const sink = visitor.begin();
	let failure: ErrorRecord | undefined;
	const attempt = async <R>(work: () => Promise<R>): Promise<R | undefined> => {
		try {
			return await work();
		} catch (error) {
			if (!isUnreadable(error)) throw error;
			failure ??= toErrorRecord(asImageDamage(error));
			return undefined;
		}
	};
	const { node } = found;
	let nodes: readonly TreeNode[] = [];
	if (node.kind === 'file' || node.kind === 'folder') await attempt(() => node.collectExtents(sink, signal));
	if (node.kind === 'folder') nodes = (await attempt(() => node.list(signal))) ?? [];
	if (node.kind === 'link') await attempt(() => node.target(signal));
	if (node.kind === 'damaged') failure = toErrorRecord(new AfterimageError('image-damaged', node.reason));
	if (failure === undefined) visitor.end(found, sink);
	else visitor.unreadable(found, sink, failure);
	return nodes;
}
