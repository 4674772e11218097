import { AfterimageError, exitCodeOf, isAfterimageError, toErrorRecord } from '../../base/errors.ts';
import { counted } from '../../base/quantity.ts';
import type { JobControl } from '../../engine/engine.ts';
import type { RestoreRequest } from '../../engine/requests/restore.ts';
import type { BackupFileInfo, BackupSetInfo, ImageDiskInfo } from '../../protocol/backups.ts';
import type { DiskInfo } from '../../protocol/disks.ts';
import { fileSystemName } from '../../protocol/file-system-name.ts';
import type { CommandContext } from '../command.ts';
import { resultLines } from '../commands/restore.ts';
import { previewLines } from '../output/preview-lines.ts';
import { choose, type Dialog } from './choose.ts';
import { foldersOfBackups } from './find-folders.ts';
import { backupLines, imageDiskLines, setLines, targetLines } from './lines.ts';

export interface RecoverDialog extends Dialog {
	askPassword(): Promise<string>;
}

interface Scene extends CommandContext {
	readonly dialog: RecoverDialog;
}

/**
 * Has a backup and a place for it chosen, and restores it. @returns the exit code
 * @throws AfterimageError `file-missing` where no backup is found, and what a restore throws once its target is confirmed
 */
export async function recoverByDialog(
	given: { readonly folders: readonly string[]; readonly password: string | undefined },
	scene: Scene,
): Promise<number> {
	const { engine, output, signal, dialog } = scene;
	const control: JobControl = { signal, emit: (event) => output.event(event) };
	const sets = await findSets(given.folders, scene, control);
	const set = sets[await choose(dialog, 'Backup sets, by their newest backup:', setLines(sets), 'Which set?')]!;
	const newestFirst = set.files.toReversed();
	const backup = await chooseBackup(newestFirst, dialog);
	const { disks } = await engine.inspect(backup.path, control);
	const disk = disks[disks.length === 1 ? 0 : await choose(dialog, 'It holds:', imageDiskLines(disks), 'Which disk?')]!;
	const partitions = await choosePartition(disk, dialog);
	let password = given.password;
	for (;;) {
		const target = await chooseTarget(scene, control);
		const ask = (known: string | undefined) =>
			requestOf({ file: backup.path, target: target.path, disk: disk.number, partitions, password: known });
		try {
			const preview = await withPasswordOf(password, dialog, async (known) => {
				password = known;
				return engine.previewRestore(ask(known), control);
			});
			for (const line of ['', ...previewLines(preview, ask(password)), '']) dialog.say(line);
		} catch (error) {
			if (!isOfTarget(error)) throw error;
			sayError(error, dialog);
			continue;
		}
		dialog.say(`Everything on ${target.path} that is written over is lost.`);
		const typed = await dialog.ask(`Type ${target.path} to go on, Enter for another disk: `);
		if (typed.trim() !== target.path) continue;
		const request = ask(password);
		const result = await engine.restore({ ...request, confirmed: target }, control);
		output.result(result, resultLines(result, request));
		return result.bad.length === 0 ? 0 : exitCodeOf('image-damaged');
	}
}

/** All sets in and below folders, those with the newest backup first. */
async function findSets(
	folders: readonly string[],
	{ engine, signal, dialog }: Scene,
	control: JobControl,
): Promise<readonly BackupSetInfo[]> {
	const sets: BackupSetInfo[] = [];
	for (const folder of folders) {
		const tell = (entries: number) =>
			dialog.say(
				`Of ${folder} only the first ${entries} files and folders were looked at: name the folder of the backups if it is not here.`,
			);
		for (const path of await foldersOfBackups(folder, signal, tell)) {
			const info = await engine.sets(path, control);
			sets.push(...info.sets.filter(({ files }) => files.length > 0));
			for (const { path: image, reason } of info.unreadable) dialog.say(`Unreadable: ${image}: ${reason}`);
		}
	}
	if (sets.length === 0) {
		throw new AfterimageError('file-missing', `No backup was found in ${folders.join(', ')} and below`, {
			advice: 'Attach the disk that has them, or open the share of the network, and try again.',
		});
	}
	const newest = (set: BackupSetInfo) => Date.parse(set.files.at(-1)!.time);
	return sets.sort((a, b) => newest(b) - newest(a));
}

/** Backups that are shown at once; who wants an older one asks for it. */
const pageLength = 15;

async function chooseBackup(newestFirst: readonly BackupFileInfo[], dialog: Dialog): Promise<BackupFileInfo> {
	for (let from = 0; ; from += pageLength) {
		const page = newestFirst.slice(from, from + pageLength);
		const left = newestFirst.length - from - page.length;
		const lines = [...backupLines(page), ...(left > 0 ? [`${counted(left, 'older one')}`] : [])];
		const chosen = await choose(dialog, 'Its backups:', lines, 'Which state is to be restored?');
		if (chosen < page.length) return page[chosen]!;
	}
}

/** @returns undefined for the whole disk */
async function choosePartition(disk: ImageDiskInfo, dialog: Dialog): Promise<readonly number[] | undefined> {
	if (disk.table === 'none' || disk.partitions.length === 0) return undefined;
	const lines = disk.partitions.map(
		({ number, fileSystem, label }) =>
			`only partition ${number}, into its place: ${[fileSystemName(fileSystem), label].filter((one) => one !== '').join(' ')}`,
	);
	const all = 'the whole disk with its partition table';
	const chosen = await choose(dialog, 'What is to be restored?', [all, ...lines], 'What?');
	return chosen === 0 ? undefined : [disk.partitions[chosen - 1]!.number];
}

async function chooseTarget({ engine, dialog }: Scene, control: JobControl): Promise<DiskInfo> {
	const disks = (await engine.disks([], control)).filter(({ readOnly, size }) => !readOnly && size > 0);
	if (disks.length === 0) throw new AfterimageError('source-missing', 'No disk that could be written to was found');
	return disks[await choose(dialog, 'Disks of this computer:', targetLines(disks), 'Onto which disk?')]!;
}

function requestOf(
	given: Pick<RestoreRequest, 'file' | 'target' | 'disk' | 'partitions' | 'password'>,
): RestoreRequest {
	return {
		...given,
		delta: false,
		verify: true,
		freeSpace: 'keep',
		newDiskId: false,
		skipBadBlocks: false,
		into: undefined,
		grow: undefined,
	};
}

/** Asks for the password until it is right. */
async function withPasswordOf<T>(
	given: string | undefined,
	dialog: RecoverDialog,
	attempt: (password: string | undefined) => Promise<T>,
): Promise<T> {
	for (let password = given; ; password = await dialog.askPassword()) {
		try {
			return await attempt(password);
		} catch (error) {
			if (isAfterimageError(error, 'wrong-password')) sayError(error, dialog);
			else if (!isAfterimageError(error, 'password-needed')) throw error;
		}
	}
}

/** What another disk can mend. */
function isOfTarget(error: unknown): boolean {
	const codes = ['target-too-small', 'target-in-use', 'invalid-argument', 'read-error', 'not-supported'] as const;
	return codes.some((code) => isAfterimageError(error, code));
}

function sayError(error: unknown, dialog: Dialog): void {
	const { message, advice } = toErrorRecord(error);
	dialog.say(`Error: ${message}`);
	if (advice !== undefined) dialog.say(`  ${advice}`);
}
