import { basename, dirname, resolve } from 'node:path';
import { AfterimageError, isAfterimageError, toErrorRecord, type ErrorRecord } from '../../base/errors.ts';
import { damagedLastPart, type BackupSet, type DamagedFile, type RestorePoint } from '../../image/set/backup-set.ts';
import type { BlockCodec } from '../../image/codec.ts';
import { openImageFolder } from '../../image/set/image-folder.ts';
import { reasonOf } from '../../image/set/missing-files.ts';
import { scanFolder, type FolderScan } from '../../image/set/scan-folder.ts';
import { pointDamage } from '../chain/set-damage.ts';
import { findPoint } from '../load/open-image.ts';
import { isFolder } from '../ports/expect-path.ts';
import type { VerifiedBackup } from '../requests/verify.ts';
import { readVerified, verifiedSince } from '../verified-record.ts';
import type { SetToVerify } from './set-verification.ts';

/** The backups that paths stand for. */
export interface NamedBackups {
	readonly sets: readonly SetToVerify[];
	/** Those that cannot be verified as they lack files, or have ones that cannot be read. */
	readonly broken: readonly VerifiedBackup[];
	readonly problems: readonly ErrorRecord[];
}

/**
 * Finds the backups of image files and folders, each folder read once. What cannot be found is told, and the rest is found
 * all the same.
 * @throws AfterimageError `cancelled`
 */
export async function findBackups(
	paths: readonly string[],
	codec: BlockCodec,
	signal: AbortSignal,
): Promise<NamedBackups> {
	const scans = new Map<string, NamedScan>();
	const scanOf = async (folder: string) => {
		const scan = scans.get(folder) ?? byName(await scanFolder(openImageFolder(folder), { codec }, signal));
		scans.set(folder, scan);
		return scan;
	};
	const notes = new Map<string, Verified>();
	const notesOf = (folder: string) => {
		const noted = notes.get(folder) ?? readVerified(folder);
		notes.set(folder, noted);
		return noted;
	};
	/** Of each set the points that are wanted, or undefined when all are. */
	const wanted = new Map<BackupSet, { readonly folder: string; points: Set<RestorePoint> | undefined }>();
	const broken = new Map<string, VerifiedBackup>();
	const problems: ErrorRecord[] = [];
	for (const asked of paths) {
		const path = resolve(asked);
		try {
			if (isFolder(path)) {
				const scan = await scanOf(path);
				for (const set of scan.sets) wanted.set(set, { folder: path, points: undefined });
				for (const file of scan.damaged) broken.set(file.path, unusable(file, ''));
				if (scan.sets.length + scan.damaged.length === 0) throw noBackups(path);
			} else {
				const folder = dirname(path);
				const { set, point } =
					(await scanOf(folder).catch(() => undefined))?.points.get(basename(path)) ??
					(await findPoint(path, codec, signal));
				const entry = wanted.get(set) ?? { folder, points: new Set() };
				entry.points?.add(point);
				wanted.set(set, entry);
			}
		} catch (error) {
			if (!isAfterimageError(error) || error.code === 'cancelled') throw error;
			problems.push(toErrorRecord(error));
		}
	}
	const sets = [...wanted].map(([set, { folder, points }]) => toVerify(set, folder, points, notesOf(folder)));
	for (const one of sets.flatMap(brokenIn)) broken.set(one.file, one);
	return { sets, broken: [...broken.values()], problems };
}

/** @param noted what {@link readVerified} has of the folder: it is of all sets in it */
export function toVerify(
	set: BackupSet,
	folder: string,
	wanted: Set<RestorePoint> | undefined,
	noted: Verified,
): SetToVerify {
	return {
		...{ set, wanted, folder: openImageFolder(folder) },
		verifiedSince(point) {
			const times = point.parts.map((part) => verifiedSince(noted, part));
			return times.includes(undefined) ? undefined : Math.min(...(times as number[]));
		},
	};
}

type Verified = ReturnType<typeof readVerified>;

interface NamedScan extends FolderScan {
	/** By the names of their files. */
	readonly points: ReadonlyMap<string, { readonly set: BackupSet; readonly point: RestorePoint }>;
}

function byName(scan: FolderScan): NamedScan {
	const points = scan.sets.flatMap((set) =>
		set.points.flatMap((point) => point.parts.map(({ name }) => [name, { set, point }] as const)),
	);
	return { ...scan, points: new Map(points) };
}

const nothing = { blocks: 0, bytes: 0, badBlocks: 0, damage: [], fileSystems: undefined };

/** Backups of a set that cannot be verified, and its files that no backup can be made of. */
export function brokenIn({ set, wanted }: Pick<SetToVerify, 'set' | 'wanted'>): VerifiedBackup[] {
	const of = { imageId: set.imageid, state: 'incomplete' as const, ...nothing };
	const incomplete = set.points
		.filter((point) => point.missing.length > 0 && wanted?.has(point) !== false)
		.map((point) => ({ file: point.member.path, reason: pointDamage(set, point), ...of }));
	if (wanted !== undefined) return incomplete;
	const inPoints = new Set(set.points.flatMap((point) => point.parts));
	const loose = set.members
		.filter((member) => !inPoints.has(member) && damagedLastPart(set, member) === undefined)
		.map(({ path }) => ({ file: path, reason: 'the last part of its split backup is missing', ...of }));
	return [...set.damaged.map((file) => unusable(file, set.imageid)), ...loose, ...incomplete];
}

function unusable(file: DamagedFile, imageId: string): VerifiedBackup {
	const state = file.error.code === 'image-damaged' ? 'damaged' : 'unreadable';
	return { file: file.path, imageId, state, reason: reasonOf(file), ...nothing };
}

function noBackups(folder: string): AfterimageError {
	return new AfterimageError('source-missing', `${folder} has no backups`, {
		advice: 'Name the folder in which they lie; folders in it are not looked into.',
		details: { folder },
	});
}
