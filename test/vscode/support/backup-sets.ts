import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Services } from '../../../src/extension/services.ts';
import type { BackupNode } from '../../../src/extension/views/backups-tree.ts';
import { changeDisk, image, makeDisk } from './samples.ts';

type FileNode = BackupNode & { kind: 'file' };

export interface Shown {
	readonly set: BackupNode;
	/** Every file of the set, parents before children. */
	readonly files: readonly FileNode[];
}

/** What the view shows of the only set of a folder. */
export async function shown({ trees }: Services, folder: string): Promise<Shown> {
	const tree = trees.backups;
	const root = (await tree.getChildren()).find((node) => node.folder === folder);
	assert.ok(root, `${folder} in the view`);
	const [set] = await tree.getChildren(root);
	assert.ok(set, 'a set');
	const files: FileNode[] = [];
	const walk = async (node: BackupNode) => {
		for (const child of await tree.getChildren(node)) {
			files.push(child as FileNode);
			await walk(child);
		}
	};
	await walk(set);
	return { set, files };
}

/** A folder with a full, an incremental that stands on it and a differential, of a disk that changed in between. */
export function makeSet(folder: string, ...options: readonly string[]): { disk: string; backups: string } {
	const disk = makeDisk(folder);
	const backups = join(folder, 'backups');
	mkdirSync(backups);
	image(disk, backups, ...options);
	for (const type of ['inc', 'diff']) {
		changeDisk(folder, disk);
		image(disk, backups, '--type', type, ...options);
	}
	return { disk, backups };
}

/** As {@link makeSet}, and another folder with a set of one backup. */
export function makeTwoSets(folder: string): { one: string; other: string } {
	const { disk, backups } = makeSet(folder);
	const other = join(folder, 'other');
	mkdirSync(other);
	image(disk, other);
	return { one: backups, other };
}
