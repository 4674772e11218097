import { throwIfAborted } from '../../base/abort.ts';
import { toErrorRecord } from '../../base/errors.ts';
import type { FolderNode, TreeNode } from '../../disk/files.ts';
import { below } from '../browse/find-node.ts';
import { byName } from '../browse/folder-cache.ts';
import { asImageDamage } from '../browse/image-damage.ts';
import { isUnreadable } from '../browse/read-files.ts';
import { targetNames, type NameRules } from './target-names.ts';

/** Folders within each other; more are a damaged file system in which a folder holds itself. */
const deepest = 255;

/** Something that is extracted. */
export interface Entry<N extends TreeNode = TreeNode> {
	/** In the backup. */
	readonly path: string;
	/** In the folder that it goes into. */
	readonly name: string;
	readonly node: N;
}

/** What is done with the entries; `C` is what it needs of the folder that they go into. */
export interface Visitor<C> {
	/** @param walk visits what lies in the folder */
	folder(entry: Entry<FolderNode>, into: C, walk: (inner: C) => Promise<void>): Promise<void>;
	/** Everything but folders; a folder that cannot be listed comes as a damaged entry. */
	entry(entry: Entry<Exclude<TreeNode, FolderNode>>, into: C): Promise<void>;
}

/** The nodes under the names that they get, in an order that is the same each time: links last. */
export function entriesOf(nodes: readonly (readonly [path: string, node: TreeNode])[], rules: NameRules): Entry[] {
	const names = targetNames(
		nodes.map(([, node]) => node.name),
		rules,
	);
	const entries = nodes.map(([path, node], i): Entry => {
		const name = names[i];
		if (name !== undefined) return { path, name, node };
		const reason = `${JSON.stringify(node.name)} is no name of a file`;
		return { path, name: '', node: damagedNode(node, reason) };
	});
	return [...entries.filter(({ node }) => node.kind !== 'link'), ...entries.filter(({ node }) => node.kind === 'link')];
}

/**
 * Visits entries and all that lies in the folders among them.
 * @throws AfterimageError `cancelled`, and what the visitor throws
 */
export async function walkEntries<C>(
	entries: readonly Entry[],
	into: C,
	visitor: Visitor<C>,
	rules: NameRules,
	signal: AbortSignal,
	depth = 0,
): Promise<void> {
	for (const entry of entries) {
		throwIfAborted(signal);
		const { node } = entry;
		if (node.kind !== 'folder') {
			await visitor.entry({ ...entry, node }, into);
			continue;
		}
		const inside = depth < deepest ? await listed(entry, node, rules, signal) : tooDeep(node);
		if ('kind' in inside) await visitor.entry({ ...entry, node: inside }, into);
		else {
			await visitor.folder({ ...entry, node }, into, (inner) =>
				walkEntries(inside, inner, visitor, rules, signal, depth + 1),
			);
		}
	}
}

async function listed({ path }: Entry, node: FolderNode, rules: NameRules, signal: AbortSignal) {
	try {
		const nodes = byName(await node.list(signal));
		return entriesOf(
			nodes.map((one) => [below(path, one.name), one] as const),
			rules,
		);
	} catch (error) {
		if (!isUnreadable(error)) throw error;
		return damagedNode(node, toErrorRecord(asImageDamage(error)).message);
	}
}

function tooDeep(node: FolderNode) {
	return damagedNode(node, `it lies in more than ${deepest} folders within each other`);
}

function damagedNode({ name, modified, mode }: TreeNode, reason: string) {
	return { kind: 'damaged' as const, name, modified, mode, reason };
}
