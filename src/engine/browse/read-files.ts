import { throwIfAborted } from '../../base/abort.ts';
import { readBytes, type ByteSource } from '../../base/bytes.ts';
import { AfterimageError, toErrorRecord, isAfterimageError } from '../../base/errors.ts';
import type { FileNode, TreeNode } from '../../disk/files.ts';
import { largestFilePiece, type BackedUpFile, type BackedUpFolder, type FilePiece } from '../../protocol/files.ts';
import type { JobContext } from '../job-context.ts';
import type { PieceRequest, PlaceRequest } from '../requests/files.ts';
import { asFolder, damagedEntry, findNode, kindPhrase, type FoundNode } from './find-node.ts';
import { asImageDamage } from './image-damage.ts';
import type { Session, Sessions } from './sessions.ts';

/** Opened files that a session keeps: a reader asks for one piece after the other. */
const keptSources = 8;

/** What a folder in a backup holds, by name. @throws AfterimageError as {@link findNode}, `Sessions.use` */
export function listFiles(request: PlaceRequest, sessions: Sessions, context: JobContext): Promise<BackedUpFolder> {
	return withNode(request, sessions, context, async (found, session) => {
		const nodes = await session.folders.list(found.path, asFolder(found), context.signal);
		const entries: BackedUpFile[] = [];
		for (const node of nodes) entries.push(await describeNode(node, context.signal));
		return folderOf(entries, session);
	});
}

/** The one entry of a place; the root is a folder without a name. @throws AfterimageError as {@link findNode}, `Sessions.use` */
export function statFile(request: PlaceRequest, sessions: Sessions, context: JobContext): Promise<BackedUpFolder> {
	return withNode(request, sessions, context, async ({ path, node }, session) => {
		const entry = await describeNode(node, context.signal);
		return folderOf([path === '' ? { ...entry, name: '' } : entry], session);
	});
}

/**
 * A piece of a file, shorter than asked for where the file ends.
 * @throws AfterimageError `invalid-argument` for what is no file, `image-damaged`, and as {@link findNode}, `Sessions.use`
 */
export function readFile(request: PieceRequest, sessions: Sessions, context: JobContext): Promise<FilePiece> {
	return withNode(request, sessions, context, async (found, session) => {
		const source = await openSource(asFile(found), found.path, session, context.signal);
		const offset = Math.min(request.offset, source.size);
		const length = Math.min(request.length, largestFilePiece, source.size - offset);
		const bytes = await readBytes(source, offset, length);
		return { bytes: Buffer.from(bytes.buffer, bytes.byteOffset, length).toString('base64'), size: source.size };
	});
}

async function withNode<T>(
	{ place, password }: PlaceRequest,
	sessions: Sessions,
	context: JobContext,
	work: (found: FoundNode, session: Session) => Promise<T>,
): Promise<T> {
	try {
		return await sessions.use(place, password, context, async (session) => {
			const found = await findNode(session.partition.tree, place.path, session.folders, context.signal);
			return work(found, session);
		});
	} catch (error) {
		throw asImageDamage(error);
	}
}

function folderOf(entries: readonly BackedUpFile[], { partition }: Session): BackedUpFolder {
	return { entries, caseSensitive: partition.tree.caseSensitive, warnings: partition.warnings };
}

async function describeNode(node: TreeNode, signal: AbortSignal): Promise<BackedUpFile> {
	throwIfAborted(signal);
	const { name, kind, modified, mode } = node;
	const facts = {
		name,
		kind,
		size: node.kind === 'file' ? node.size : 0,
		...(modified === undefined ? {} : { modified }),
		...(mode === undefined ? {} : { mode }),
	};
	if (node.kind === 'special') return { ...facts, note: node.what };
	if (node.kind === 'damaged') return { ...facts, note: node.reason };
	if (node.kind !== 'link') return facts;
	try {
		return { ...facts, note: await node.target(signal) };
	} catch (error) {
		if (!isUnreadable(error)) throw error;
		return { ...facts, kind: 'damaged', note: toErrorRecord(error).message };
	}
}

/** Whether an error is of the one entry that was read: others can be read all the same. */
export function isUnreadable(error: unknown): boolean {
	const codes = ['structure-damaged', 'image-damaged', 'read-error', 'not-supported'] as const;
	return codes.some((code) => isAfterimageError(error, code));
}

function asFile({ path, node }: FoundNode): FileNode {
	if (node.kind === 'file') return node;
	if (node.kind === 'damaged') throw damagedEntry(path, node.reason);
	throw new AfterimageError('invalid-argument', `${path || 'The root'} is ${kindPhrase(node)}, not a file`, {
		details: { path, kind: node.kind },
	});
}

async function openSource(
	node: FileNode,
	path: string,
	{ sources }: Session,
	signal: AbortSignal,
): Promise<ByteSource> {
	const source = sources.get(path) ?? (await node.open(signal));
	sources.delete(path);
	sources.set(path, source);
	for (const oldest of [...sources.keys()].slice(0, -keptSources)) sources.delete(oldest);
	return source;
}
