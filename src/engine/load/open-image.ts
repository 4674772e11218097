import { basename, dirname, resolve } from 'node:path';
import { AfterimageError } from '../../base/errors.ts';
import { buildSet, damagedLastPart, type BackupSet, type RestorePoint } from '../../image/set/backup-set.ts';
import { openChain, type Chain } from '../../image/set/chain.ts';
import type { BlockCodec } from '../../image/codec.ts';
import { openImageFolder, type ImageFolder } from '../../image/set/image-folder.ts';
import { naming } from '../../image/set/member-reader.ts';
import { missingFiles } from '../../image/set/missing-files.ts';
import { readMember, scanFolder } from '../../image/set/scan-folder.ts';
import type { SetMember } from '../../image/set/set-member.ts';
import { explainSuperseded, supersededPhrase } from '../../image/set/superseded.ts';
import { holdFiles } from './hold-files.ts';
import type { LoadJob } from '../pipeline/types.ts';
import { expectImageFile } from '../ports/expect-path.ts';

/** A backup that a file names, with the set it belongs to. */
export interface NamedPoint {
	/** Absolute path of the file that was named. */
	readonly path: string;
	readonly folder: ImageFolder;
	readonly set: BackupSet;
	readonly point: RestorePoint;
}

/**
 * Finds the backup of an image file and the other files of its set, which lie in the same folder.
 * @throws AfterimageError `source-missing`, `image-damaged`, `file-missing`, `not-supported`
 */
export async function findPoint(file: string, codec: BlockCodec, signal?: AbortSignal): Promise<NamedPoint> {
	const path = resolve(file);
	const folder = openImageFolder(dirname(path));
	expectImageFile(path);
	const member = await readMember(folder, basename(path), { codec }).catch((error: unknown) => {
		throw naming({ path }, error);
	});
	const scan = await scanFolder(folder, { codec }, signal);
	const id = member.header.imageid.toUpperCase();
	const others = scan.sets.find((set) => set.imageid === id);
	// A file that has lost the extension of images is found all the same when it is named.
	const members = [...(others?.members ?? []), ...(others?.superseded ?? [])];
	const listed = members.some((one) => one.name === member.name);
	const set = listed ? others! : buildSet(id, [...members, member], others?.damaged ?? []);
	const point = set.points.find((one) => one.parts.some((part) => part.name === member.name));
	if (point !== undefined) return { path, folder, set, point };
	if (set.superseded.some((one) => one.name === member.name)) throw supersededError(set, member, path);
	const last = damagedLastPart(set, member);
	if (last !== undefined) throw missingFiles(path, [last]);
	throw new AfterimageError('file-missing', `${path} is a part of a split backup whose last part is missing`, {
		advice: 'Put all parts of the backup into the same folder.',
		details: { path },
	});
}

/** Why a file of a set that is none of its members cannot be used. */
export function supersededError(set: BackupSet, file: SetMember, path: string): AfterimageError {
	const leftover = explainSuperseded(set, file).kind === 'leftover';
	return new AfterimageError(leftover ? 'image-damaged' : 'invalid-argument', supersededPhrase(set, file, path), {
		advice: leftover
			? 'Name the file that it was merged into. This one is a leftover and can be deleted.'
			: 'Name that file. To use this one, move the other away.',
		details: { path },
	});
}

/** Opens the backup for reading its blocks; see {@link openChain} for what it throws. */
export async function openNamed(named: NamedPoint, codec: BlockCodec, password: string | undefined): Promise<Chain> {
	return openChain(named.folder, named.set, named.point, { codec, password });
}

/** The files of a chain by number, as jobs of the pool take them. */
export interface ChainFiles {
	readonly files: LoadJob['files'];
	close(): Promise<void>;
}

/** The files, by their numbers, that the point may stand on. */
export function neededFiles({ files, point }: Chain): [number, SetMember][] {
	return [...files].filter(([, { header }]) => header.file_number <= point.fileNumber);
}

/**
 * Opens every file of the chain that the point may stand on; see {@link holdFiles} for what it throws, and for chains of
 * more files than may be open.
 */
export async function openChainFiles(chain: Chain): Promise<ChainFiles> {
	const needed = neededFiles(chain);
	const held = await holdFiles(needed.map(([, { path }]) => path));
	const files = new Map(needed.map(([number, { path, size }]) => [number, { fd: held.fdOf(path), path, size }]));
	return { files, close: () => held.close() };
}
