import { lockedSets } from '../../../protocol/jobs.ts';
import type { BackupSetInfo } from '../../../protocol/backups.ts';
import type { Services } from '../../services.ts';
import type { BackupNode } from '../../views/backups-tree.ts';
import { chooseBackup, type BackupArgument, type ChosenBackup } from './choose-backup.ts';

/**
 * Verifies one backup, or all that is selected in one job: a set and a folder with all their backups.
 * @param selected all items of the tree that are selected, when the command was called on one of several
 */
export async function verifyBackups(
	services: Services,
	argument: BackupArgument,
	selected: readonly BackupNode[] = [],
): Promise<void> {
	const nodes = selected.length > 1 ? selected : isNode(argument) ? [argument] : [];
	const chosen = await chosenOf(services, nodes);
	if (chosen.paths.length > 1 || nodes.some(({ kind }) => kind === 'folder')) await verifyAll(services, chosen);
	else {
		const one = await chooseBackup(services, chosen.paths[0] ?? argument);
		if (one !== undefined) await verifyOne(services, one);
	}
	await services.trees.backups.refresh();
}

function isNode(argument: BackupArgument): argument is BackupNode {
	return typeof argument === 'object' && 'kind' in argument;
}

interface Chosen {
	/** Image files and folders. */
	readonly paths: readonly string[];
	readonly sets: readonly BackupSetInfo[];
}

/** What items of the view stand for; those that are no backups are passed over. */
async function chosenOf({ trees }: Services, nodes: readonly BackupNode[]): Promise<Chosen> {
	const paths = new Set<string>();
	const sets = new Set<BackupSetInfo>();
	for (const node of nodes) {
		switch (node.kind) {
			case 'folder':
				paths.add(node.folder);
				for (const set of await trees.backups.sets()) if (set.folder === node.folder) sets.add(set);
				break;
			case 'set':
				for (const { path } of node.set.files) paths.add(path);
				sets.add(node.set);
				break;
			case 'file':
				paths.add(node.chain.file.path);
				sets.add(node.set);
				break;
			default:
		}
	}
	return { paths: [...paths], sets: [...sets] };
}

async function verifyOne({ runner }: Services, { set, file }: ChosenBackup): Promise<void> {
	const password = file.encrypted ? { key: set.imageId, what: file.name } : undefined;
	await runner.run({ kind: 'verify', file: file.path }, { rights: 'user', password, passwordNeeded: file.encrypted });
}

async function verifyAll({ passwords, runner }: Services, { paths, sets }: Chosen): Promise<void> {
	const given = new Map<string, string>();
	for (const { files, imageId } of sets) {
		const encrypted = files.find((file) => file.encrypted);
		if (encrypted === undefined || given.has(imageId)) continue;
		const password = await passwords.get(imageId, encrypted.name);
		if (password === undefined) return;
		given.set(imageId, password);
	}
	const options = { rights: 'user', passwords: [...new Set(given.values())] } as const;
	const job = await runner.run({ kind: 'verify-backups', paths }, options);
	const locked = job?.result?.error?.details?.[lockedSets];
	// All others were verified; those that are wrong are asked for the next time.
	for (const key of typeof locked === 'string' ? locked.split(' ') : []) await passwords.forget(key);
}
