import * as vscode from 'vscode';
import { isAfterimageError } from '../../base/errors.ts';
import type { BackupDefinition } from '../../definition/model.ts';
import type { BackupSetInfo } from '../../protocol/backups.ts';
import type { EngineClient } from '../engine/engine-client.ts';

/** Sets that a password is tried on: each takes a good part of a second, since keys are derived slowly on purpose. */
const mostTried = 5;

/**
 * Whether a password opens an encrypted backup in a destination folder of a definition; undefined when there is none that
 * this user may read.
 */
export function opensExisting(
	engine: Pick<EngineClient, 'request'>,
	definition: BackupDefinition,
	password: string,
): Promise<boolean | undefined> {
	const title = vscode.l10n.t('Trying the password on backups that are there');
	const location = vscode.ProgressLocation.Window;
	return Promise.resolve(
		vscode.window.withProgress({ location, title }, async () => {
			let tried = false;
			for (const file of await encryptedFiles(engine, definition)) {
				try {
					await engine.request('image/partitions', { image: file, password });
					return true;
				} catch (error) {
					tried ||= isAfterimageError(error, 'wrong-password');
				}
			}
			return tried ? false : undefined;
		}),
	);
}

/** Paths of a file of each set: those of the same disks first, then the newest. */
async function encryptedFiles(
	engine: Pick<EngineClient, 'request'>,
	{ destination, sources }: BackupDefinition,
): Promise<readonly string[]> {
	const folders = [destination.folder, ...destination.alternativeLocations.folders].flatMap((folder) => folder ?? []);
	const listed = await Promise.allSettled(folders.map((folder) => engine.request('folder/list', { folder })));
	const ids = sources.disks.map(({ signature }) => signature.replace(/[{}]/g, '').toUpperCase());
	const isOfSame = ({ disks }: BackupSetInfo) => Number(disks.some(({ id }) => ids.includes(id)));
	return listed
		.flatMap((result) => (result.status === 'fulfilled' ? result.value.sets : []))
		.flatMap((set) => {
			const newest = set.files.filter(({ encrypted, damage }) => encrypted && damage === undefined).at(-1);
			return newest === undefined ? [] : [{ same: isOfSame(set), newest }];
		})
		.sort((a, b) => b.same - a.same || b.newest.time.localeCompare(a.newest.time))
		.slice(0, mostTried)
		.map(({ newest }) => newest.path);
}
