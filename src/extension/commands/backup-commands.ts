import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { toErrorRecord } from '../../base/errors.ts';
import { formatBytes } from '../../base/quantity.ts';
import type { BackupFileInfo, BackupSetInfo } from '../../protocol/backups.ts';
import type { Engines } from '../engine/engines.ts';
import { commands } from '../ids.ts';
import { showError, type Runner } from '../runs/runner.ts';
import type { BackupNode, BackupsTree } from '../views/backups-tree.ts';
import { age, typeName } from '../views/present.ts';

interface Chosen {
	readonly set: BackupSetInfo;
	readonly file: BackupFileInfo;
}

/** Commands on existing backups. Each takes a tree item, a path, or nothing: then it asks. */
export function registerBackupCommands(engines: Engines, tree: BackupsTree, runner: Runner): vscode.Disposable {
	const passwordOf = ({ set, file }: Chosen) => (file.encrypted ? { key: set.imageId, what: file.name } : undefined);

	const verify = async (chosen: Chosen) => {
		await runner.run(
			{ kind: 'verify', file: chosen.file.path },
			{ rights: 'user', password: passwordOf(chosen), passwordNeeded: chosen.file.encrypted },
		);
		tree.refresh();
	};

	const merge = async (chosen: Chosen) => {
		const files = await chooseRange(chosen);
		if (files === undefined) return;
		const paths = files.map((file) => file.path);
		const plan = await (await engines.get('user')).request('merge/plan', { files: paths });
		const detail = vscode.l10n.t(
			'{0} files become {1}. {2} are copied, {3} become free. Every restore point that stays restores as before.',
			files.length,
			plan.resultName,
			formatBytes(plan.movedBytes),
			formatBytes(plan.freedBytes),
		);
		if (!(await confirm(vscode.l10n.t('Merge {0} backups?', files.length), detail, vscode.l10n.t('Merge')))) return;
		await runner.run({ kind: 'merge', files: paths }, { rights: 'user' });
		tree.refresh();
	};

	const remove = async (chosen: Chosen) => {
		const { files, bytes } = await (await engines.get('user')).request('image/dependants', { file: chosen.file.path });
		const names = files.map((path) => `• ${path.slice(dirname(path).length + 1)}`);
		const detail = vscode.l10n.t(
			'{0} become free. These files are deleted and cannot be brought back:\n{1}',
			formatBytes(bytes),
			names.join('\n'),
		);
		const title =
			files.length === 1
				? vscode.l10n.t('Delete this backup?')
				: vscode.l10n.t('Delete this backup and {0} that stand on it?', files.length - 1);
		if (!(await confirm(title, detail, vscode.l10n.t('Delete')))) return;
		await runner.run({ kind: 'delete', files }, { rights: 'user' });
		tree.refresh();
	};

	const on = (command: string, action: (chosen: Chosen) => Promise<unknown>) =>
		vscode.commands.registerCommand(command, async (node?: BackupNode | string) => {
			try {
				const chosen = await choose(tree, node);
				if (chosen !== undefined) await action(chosen);
			} catch (error) {
				showError(toErrorRecord(error));
			}
		});

	return vscode.Disposable.from(
		on(commands.verifyBackup, verify),
		on(commands.mergeBackups, merge),
		on(commands.deleteBackup, remove),
		vscode.commands.registerCommand(commands.revealBackup, (node?: BackupNode | string) => reveal(tree, node)),
		vscode.commands.registerCommand(commands.copyBackupPath, async (node?: BackupNode | string) => {
			const path =
				node !== undefined && typeof node !== 'string' && node.kind === 'folder'
					? node.folder
					: (await choose(tree, node))?.file.path;
			if (path !== undefined) await vscode.env.clipboard.writeText(path);
		}),
		vscode.commands.registerCommand(commands.refreshBackups, () => tree.refresh()),
		vscode.commands.registerCommand('afterimage.backups.showMore', (folder: string) => tree.showMore(folder)),
	);
}

/** The file that a command was called on: a tree item, a path from elsewhere, or the answer to a question. A set means its newest point. */
export async function choose(tree: BackupsTree, node: BackupNode | string | undefined): Promise<Chosen | undefined> {
	const sets = async () => tree.sets();
	if (typeof node === 'string') {
		const set = (await sets()).find((candidate) => candidate.files.some((file) => file.path === node));
		return set === undefined ? undefined : { set, file: set.files.find((file) => file.path === node)! };
	}
	if (node?.kind === 'file') return { set: node.set, file: node.chain.file };
	if (node?.kind === 'set') return { set: node.set, file: newestOf(node.set) };
	const items = (await sets())
		.flatMap((set) => set.files.map((file) => ({ set, file })))
		.sort((a, b) => b.file.time.localeCompare(a.file.time))
		.map((chosen) => ({
			label: chosen.file.name,
			description: `${typeName(chosen.file.type)} · ${formatBytes(chosen.file.size)} · ${age(chosen.file.time, Date.now())}`,
			detail: chosen.set.sources,
			chosen,
		}));
	if (items.length === 0) {
		void vscode.window.showInformationMessage(
			vscode.l10n.t('There is no backup yet in the folders of the view Existing Backups.'),
		);
		return undefined;
	}
	return (
		await vscode.window.showQuickPick(items, {
			title: vscode.l10n.t('Choose a backup'),
			matchOnDescription: true,
			matchOnDetail: true,
		})
	)?.chosen;
}

function newestOf(set: BackupSetInfo): BackupFileInfo {
	return set.files.reduce((latest, file) => (file.fileNumber > latest.fileNumber ? file : latest));
}

/** The files to merge: from the chosen one to another of its set, both included. */
async function chooseRange({ set, file }: Chosen): Promise<readonly BackupFileInfo[] | undefined> {
	const files = [...set.files].sort((a, b) => a.fileNumber - b.fileNumber);
	const at = files.indexOf(file);
	const others = files.filter((other) => other !== file);
	if (others.length === 0) {
		void vscode.window.showInformationMessage(
			vscode.l10n.t('The set has one file only; there is nothing to merge it with.'),
		);
		return undefined;
	}
	const answer = await vscode.window.showQuickPick(
		others.map((other) => ({
			label: other.name,
			description: `${typeName(other.type)} · ${formatBytes(other.size)}`,
			other,
		})),
		{ title: vscode.l10n.t('Merge {0} up to which file?', file.name) },
	);
	if (answer === undefined) return undefined;
	const to = files.indexOf(answer.other);
	return files.slice(Math.min(at, to), Math.max(at, to) + 1);
}

async function reveal(tree: BackupsTree, node: BackupNode | string | undefined): Promise<void> {
	const path =
		node !== undefined && typeof node !== 'string' && node.kind === 'folder'
			? node.folder
			: (await choose(tree, node))?.file.path;
	if (path !== undefined) await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(path));
}

async function confirm(title: string, detail: string, action: string): Promise<boolean> {
	return (await vscode.window.showWarningMessage(title, { modal: true, detail }, action)) === action;
}
