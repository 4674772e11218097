import { dirname, resolve } from 'node:path';
import { throwIfAborted } from '../../base/abort.ts';
import { AfterimageError } from '../../base/errors.ts';
import { lineage, type BackupSet, type RestorePoint } from '../../image/set/backup-set.ts';
import type { SetMember } from '../../image/set/set-member.ts';
import type { DoomedBackups } from '../../protocol/backups.ts';
import { clearLeftovers } from '../backup/destination/leftovers.ts';
import { backupsOf, deleteBackup } from '../chain/delete-files.ts';
import { absorbedFiles } from '../chain/retention-sets.ts';
import { lockFolder } from '../folder-lock.ts';
import { logInfo, type JobContext } from '../job-context.ts';
import { findPoint } from '../load/open-image.ts';
import type { RemoveResult } from '../requests/retention.ts';

/**
 * What goes when backups are deleted: they and every backup that stands on one of them, by sets.
 * @param files of any sets, in any folders
 * @throws AfterimageError `source-missing`, `image-damaged`, `file-missing`, `invalid-argument`
 */
export async function findDependants(files: readonly string[], context: JobContext): Promise<readonly DoomedBackups[]> {
	const codec = context.createCodec();
	try {
		const chosen = new Map<BackupSet, RestorePoint[]>();
		for (const path of files.map((file) => resolve(file))) {
			// A folder is read once for all files of a set.
			const known = [...chosen].find(([set]) => pointOf(set, path) !== undefined);
			if (known !== undefined) {
				known[1].push(pointOf(known[0], path)!);
				continue;
			}
			const { set, point } = await findPoint(path, codec, context.signal);
			chosen.set(set, [point]);
		}
		return [...chosen].map(([set, points]) => doomedOf(set, points));
	} finally {
		codec.dispose();
	}
}

/**
 * Deletes backups of one set, newest first, so that what is left is a chain at every moment. Nothing is deleted when a
 * file is no image of the set, or a backup that stays stands on one that goes.
 * @throws AfterimageError `invalid-argument`, `busy`, `source-missing`
 */
export async function runRemove(files: readonly string[], context: JobContext): Promise<RemoveResult> {
	const [first] = files;
	if (first === undefined) throw new AfterimageError('invalid-argument', 'No file to delete is named');
	const folder = dirname(resolve(first));
	const { processes, clock } = context.ports;
	const lock = lockFolder(folder, 'delete', processes, clock, (message) => logInfo(context, message));
	const codec = context.createCodec();
	try {
		await clearLeftovers(folder, context);
		const { set } = await findPoint(first, codec, context.signal);
		const chosen = chooseFiles(set, files).map((member) => ({
			path: member.path,
			size: member.size,
			incrementNumber: member.header.increment_number,
		}));
		const removed: string[] = [];
		let freedBytes = 0;
		for (const backup of backupsOf(chosen)) {
			throwIfAborted(context.signal);
			await deleteBackup(backup);
			for (const { path, size } of backup) {
				removed.push(path);
				freedBytes += size;
				logInfo(context, `Deleted ${path}`);
			}
		}
		return { removed, freedBytes };
	} finally {
		codec.dispose();
		lock.release();
	}
}

function pointOf(set: BackupSet, path: string): RestorePoint | undefined {
	return set.points.find(({ parts }) => parts.some((part) => part.path === path));
}

function doomedOf(set: BackupSet, chosen: readonly RestorePoint[]): DoomedBackups {
	const points = set.points.filter((other) => lineage(other).some((one) => chosen.includes(one)));
	// With the full the whole set goes, and so do files of it that no backup uses any more.
	const rest = chosen.some(({ type }) => type === 'full')
		? [...set.members.filter((member) => !inPoints(set, member)), ...absorbedFiles(set)]
		: [];
	const members = newestFirst([...points.flatMap((one) => one.parts), ...rest]);
	return {
		files: members.map((member) => member.path),
		backups: points.length,
		bytes: members.reduce((sum, member) => sum + member.size, 0),
	};
}

function inPoints(set: BackupSet, member: SetMember): boolean {
	return set.points.some((point) => point.parts.includes(member));
}

function newestFirst(members: readonly SetMember[]): SetMember[] {
	return [...members].sort((a, b) => b.header.file_number - a.header.file_number);
}

function chooseFiles(set: BackupSet, files: readonly string[]): SetMember[] {
	const all = [...set.members, ...set.superseded];
	const paths = new Set(files.map((file) => resolve(file)));
	for (const path of paths) {
		if (all.some((member) => member.path === path)) continue;
		throw new AfterimageError('invalid-argument', `${path} is no image of set ${set.imageid}: nothing was deleted`, {
			details: { path },
		});
	}
	const chosen = all.filter((member) => paths.has(member.path));
	for (const point of set.points) {
		const staying = point.parts.filter((part) => !paths.has(part.path));
		if (staying.length === 0) continue;
		const lost = lineage(point)
			.flatMap((one) => one.parts)
			.find((part) => paths.has(part.path));
		if (lost === undefined) continue;
		throw new AfterimageError(
			'invalid-argument',
			`${staying[0]!.path} stands on ${lost.path}, which is to go: nothing was deleted`,
			{
				advice: 'Delete it too, or merge the backups instead.',
				details: { path: lost.path, dependant: staying[0]!.path },
			},
		);
	}
	return newestFirst(chosen);
}
