import type { ByteSource } from '../../base/bytes.ts';
import { isAfterimageError, toErrorRecord } from '../../base/errors.ts';
import type { FileTree, FolderNode, OpenFilesOptions, TreeNode } from '../files.ts';
import type { FileSystem } from '../filesystem.ts';
import { recogniseFileSystem } from '../recognise.ts';
import { readGroup, type VolumeGroup } from './group.ts';
import { onPhysical } from './on-physical.ts';
import type { Section } from './text.ts';
import { isVisible, openVolume, snapshotParts } from './volumes.ts';

/**
 * The logical volumes on a physical volume of LVM: one folder for each, with the files of its file system. Those whose files
 * cannot be shown are special nodes that say why; parts of other volumes are left out. That a file system was not in order
 * is not told: it is known only when its volume is looked at, and a tree has no place for it.
 * @throws AfterimageError as {@link readGroup}
 */
export async function openVolumes(physical: ByteSource, options: OpenFilesOptions): Promise<FileTree> {
	const group = await readGroup(physical);
	const facts = { name: '', modified: undefined, mode: undefined };
	const list = (signal?: AbortSignal) => listVolumes(physical, group, { ...options, signal });
	// The list of volumes is a structure of LVM.
	const collectExtents = () => Promise.resolve();
	return { root: { kind: 'folder', ...facts, list, collectExtents }, caseSensitive: true };
}

/** What each list is asked with. */
type Asked = Omit<OpenFilesOptions, 'signal'> & { readonly signal: AbortSignal | undefined };

async function listVolumes(physical: ByteSource, group: VolumeGroup, asked: Asked): Promise<readonly TreeNode[]> {
	const parts = snapshotParts(group);
	const nodes: TreeNode[] = [];
	for (const [name, volume] of group.volumes) {
		const node = await asNode(name, () => describe(physical, group, name, volume, parts.get(name), asked));
		if (node !== undefined) nodes.push(node);
	}
	return nodes;
}

/** Damage of one volume is no obstacle for the others. */
async function asNode(name: string, work: () => Promise<TreeNode | undefined>): Promise<TreeNode | undefined> {
	try {
		return await work();
	} catch (error) {
		const codes = ['structure-damaged', 'image-damaged', 'read-error', 'not-supported'] as const;
		if (!codes.some((code) => isAfterimageError(error, code))) throw error;
		return { kind: 'damaged', ...factsOf(name), reason: toErrorRecord(error).message };
	}
}

async function describe(
	physical: ByteSource,
	group: VolumeGroup,
	name: string,
	volume: Section,
	part: string | undefined,
	asked: Asked,
): Promise<TreeNode | undefined> {
	if (!isVisible(volume, name)) return undefined;
	const opened = part ?? openVolume(physical, group, name, volume);
	if (typeof opened === 'string') return { kind: 'special', ...factsOf(name), what: opened };
	// As for partitions: what was frozen when it was imaged has an empty journal.
	const open = { frozen: true, ...(asked.signal === undefined ? {} : { signal: asked.signal }) };
	const { type, fileSystem, amiss, wholeReason } = await recogniseFileSystem(opened, open);
	if (fileSystem?.openFiles !== undefined) return onPhysical(volumeFolder(name, fileSystem.openFiles, asked), opened);
	if (fileSystem === undefined && amiss && type !== 'unknown') {
		return { kind: 'damaged', ...factsOf(name), reason: wholeReason ?? type };
	}
	return { kind: 'special', ...factsOf(name), what: inWords(type) };
}

function inWords(type: string): string {
	if (/^(LUKS|BitLocker)/.test(type)) return `volume encrypted by ${type}`;
	return type === 'unknown' ? 'volume of unknown contents' : type;
}

function volumeFolder(
	name: string,
	openFiles: NonNullable<FileSystem['openFiles']>,
	{ decompressors }: Asked,
): FolderNode {
	let known: FolderNode | undefined;
	const root = async (signal: AbortSignal | undefined) => {
		const options = { decompressors, ...(signal === undefined ? {} : { signal }) };
		return (known ??= (await openFiles(options)).root);
	};
	return {
		kind: 'folder',
		...factsOf(name),
		list: async (signal) => (await root(signal)).list(signal),
		collectExtents: async (sink, signal) => (await root(signal)).collectExtents(sink, signal),
	};
}

function factsOf(name: string) {
	return { name, modified: undefined, mode: undefined };
}
