import type { ByteSource } from '../../../base/bytes.ts';
import { AfterimageError, damaged } from '../../../base/errors.ts';
import { asDamage } from '../../as-damage.ts';
import { damagedNameText, nameText } from '../../files/file-name-text.ts';
import { sharedFile, type FolderNode, type TreeNode } from '../../files.ts';
import { attributeTypes } from '../records/attribute.ts';
import type { Geometry } from '../boot-sector.ts';
import { openStream } from './data-stream.ts';
import { allocatedSize, fileSize, openFileData } from './file-data.ts';
import { dosNamespace, parseFileName } from '../folders/file-name.ts';
import type { DirectoryEntry } from '../folders/index-entries.ts';
import { interixFile, type InterixFile } from './interix.ts';
import { isLink, linkTarget } from './link-target.ts';
import type { Mft, NtfsFile } from '../records/mft.ts';
import { recordFlags } from '../records/record.ts';
import type { FileReference } from '../records/reference.ts';
import { readReparsePoint } from './reparse-point.ts';
import { specialOf } from './reparse-tags.ts';
import { fileAttributes, standardInformation } from './standard-information.ts';
import { collectStreams } from './stream-extents.ts';
import { extentsOf } from '../records/stream.ts';

/** What the nodes of a tree read from. */
export interface TreeVolume {
	readonly volume: ByteSource;
	/** The same, for structures, which are small and lie close together. */
	readonly structures: ByteSource;
	readonly geometry: Geometry;
	readonly mft: Mft;
}

/**
 * The node of an entry. Size and time are those of the file's own record: the copies in the entry are brought up to date
 * for the name alone through which a file was opened, and later.
 * @param folder where the entry stands
 * @param asFolder makes the node of a directory
 * @throws AfterimageError `read-error`, `cancelled`; damage is a node
 */
export async function entryNode(
	opened: TreeVolume,
	folder: FileReference,
	entry: DirectoryEntry,
	asFolder: (file: NtfsFile) => FolderNode,
): Promise<TreeNode> {
	const bytes = new TextEncoder().encode(entry.name);
	try {
		if (nameText(bytes) === undefined)
			throw new AfterimageError(
				'structure-damaged',
				`Name in directory ${folder.number}: expected neither an empty one, nor ".", "..", "/" or NUL, found ` +
					JSON.stringify(entry.name),
			);
		return await soundNode(opened, folder, entry, asFolder);
	} catch (error) {
		const { message } = asDamage(error);
		return {
			kind: 'damaged',
			name: damagedNameText(bytes),
			modified: undefined,
			mode: undefined,
			reason: message,
		};
	}
}

async function soundNode(
	opened: TreeVolume,
	folder: FileReference,
	entry: DirectoryEntry,
	asFolder: (file: NtfsFile) => FolderNode,
): Promise<TreeNode> {
	const { volume, structures, geometry, mft } = opened;
	const { name } = entry;
	const file = await mft.file(entry.file);
	const { accessed, changed, modified, attributes } = standardInformation(file);
	const facts = { name, accessed, changed, modified, mode: undefined };
	const point = await readReparsePoint(file, structures, geometry);
	if (point !== undefined && isLink(point.tag))
		return { ...facts, kind: 'link', target: async () => linkTarget(point, file.record.at) };
	if ((file.record.flags & recordFlags.directory) !== 0) {
		checkParent(file, folder);
		return asFolder(file);
	}
	const what = point === undefined ? undefined : specialOf(point.tag);
	if (what !== undefined) return { ...facts, kind: 'special', what };
	if ((attributes & fileAttributes.system) !== 0) {
		const interix = await systemFile(file, opened);
		if (interix?.kind === 'link') return { ...facts, kind: 'link', target: async () => interix.target };
		if (interix?.kind === 'special') return { ...facts, ...interix };
	}
	return {
		...facts,
		kind: 'file',
		size: fileSize(file),
		allocated: allocatedSize(file),
		shared: sharedFile(mft, `${entry.file.number}`, namesOf(file)),
		async open() {
			const now = await mft.file(entry.file);
			return openFileData(now, await readReparsePoint(now, structures, geometry), volume, geometry);
		},
		collectExtents: async (sink) => collectStreams(await mft.file(entry.file), geometry, sink),
	};
}

/**
 * A directory is in one other alone, so that no walk from the root runs in a circle.
 * @throws AfterimageError `structure-damaged`
 */
function checkParent({ record, attributes }: NtfsFile, folder: FileReference): void {
	const names = extentsOf(attributes, attributeTypes.fileName, '');
	const elsewhere = names
		.filter((attribute) => attribute.resident)
		.map((attribute) => parseFileName(attribute.value, attribute.at).parent.number)
		.filter((parent) => parent !== folder.number);
	if (names.length === 0 || elsewhere.length > 0)
		throw damaged(
			'structure-damaged',
			`Directory ${record.number}, the directory that it is in`,
			record.at,
			folder.number,
			elsewhere[0] ?? 'none',
		);
}

/** Names of a file, without those for DOS, which the entries of directories that are listed do not have. */
function namesOf({ record, attributes }: NtfsFile): number {
	if (record.linkCount < 2) return record.linkCount;
	return extentsOf(attributes, attributeTypes.fileName, '').filter(
		(name) => name.resident && parseFileName(name.value, name.at).namespace !== dosNamespace,
	).length;
}

async function systemFile(file: NtfsFile, { structures, geometry }: TreeVolume): Promise<InterixFile | undefined> {
	const plain = extentsOf(file.attributes, attributeTypes.data, '').every(({ flags }) => flags === 0);
	if (!plain) return undefined;
	return interixFile(await openStream(file, attributeTypes.data, '', structures, geometry));
}
