import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { BackupFileInfo, BackupFolderInfo, BackupSetInfo } from '../../../src/protocol/backups.ts';
import { BackupsTree } from '../../../src/extension/views/backups-tree.ts';
import type { Engines } from '../../../src/extension/engine/engines.ts';
import { story } from '../support/harness.ts';

const sets = 1000;
const filesOfSet = 10;

function file(folder: string, id: string, number: number, time: number): BackupFileInfo {
	const digits = String(number).padStart(2, '0');
	const name = `${id}-${digits}-${digits}.mrimgx`;
	return {
		path: join(folder, name),
		name,
		type: number === 0 ? 'full' : 'inc',
		time: new Date(time + number * 60_000).toISOString(),
		size: 1_000_000,
		uniqueBytes: 990_000,
		fileNumber: number,
		incrementNumber: number,
		merged: [],
		parent: number === 0 ? undefined : `${id}-00-00.mrimgx`,
		encrypted: false,
		split: false,
		comment: '',
		verifiedOn: undefined,
		wasDamaged: false,
		damage: undefined,
	};
}

function manySets(folder: string): BackupFolderInfo {
	const made = Array.from({ length: sets }, (_, index): BackupSetInfo => {
		const imageId = index.toString(16).toUpperCase().padStart(16, '0');
		const files = Array.from({ length: filesOfSet }, (__, number) => file(folder, imageId, number, index * 3_600_000));
		const disks = [{ id: String(index % 2), contents: [] }];
		const size = 1_000_000 * filesOfSet;
		return { imageId, folder, files, sources: '', disks, size, damage: [], unreadable: [], aside: [] };
	});
	return { folder, sets: made, unreadable: [], free: 0, total: 0 };
}

export function manyBackups(): void {
	story('1,000 sets of 10 files are shown page by page, newest first', async (_, __, folder) => {
		let lists = 0;
		const info = manySets(folder);
		const engine = {
			request: async () => {
				lists++;
				return info;
			},
		};
		const tree = new BackupsTree({ get: async () => engine } as unknown as Engines, async () => [folder], {
			passes: () => true,
		});
		const [root] = await tree.getChildren();
		const first = await tree.getChildren(root);
		assert.equal(first.length, 101);
		const newest = (sets - 1).toString(16).toUpperCase().padStart(16, '0');
		assert.equal(tree.getTreeItem(first[0]!).label, newest);
		assert.equal(tree.getTreeItem(first.at(-1)!).label, 'Show more (100 of 1000 sets shown)');
		tree.showMore(folder);
		assert.equal((await tree.getChildren(root)).length, 201);
		const files = await tree.getChildren(first[0]);
		assert.equal(files.length, 1, 'the full, with nine incrementals beneath');
		assert.equal((await tree.getChildren(files[0])).length, filesOfSet - 1);
		assert.equal(lists, 1, 'the folder is listed once');
		tree.dispose();
	});
	story('those of other disks are hidden by the filter, and counted', async (_, __, folder) => {
		const info = manySets(folder);
		const engine = { request: async () => info };
		const filter = { passes: ({ disks }: Pick<BackupSetInfo, 'disks'>) => disks[0]!.id === '1' };
		const tree = new BackupsTree({ get: async () => engine } as unknown as Engines, async () => [folder], filter);
		const [root] = await tree.getChildren();
		const nodes = await tree.getChildren(root);
		assert.equal(nodes.length, 102);
		const labels = nodes.slice(-2).map((node) => tree.getTreeItem(node).label);
		assert.deepEqual(labels, ['Show more (100 of 500 sets shown)', '500 sets of other disks are hidden']);
		assert.equal((await tree.sets()).length, sets, 'commands know all of them');
		tree.dispose();
	});

	story(
		'a file that may not be read is named with the reason, and the rest of its set is useful',
		async (_, __, folder) => {
			const [set] = manySets(folder).sets;
			const denied = { path: join(folder, 'x-09-09.mrimgx'), reason: 'permission denied', denied: true };
			const damage = [`${denied.path} cannot be read (permission denied)`];
			const info = {
				sets: [{ ...set!, files: set!.files.slice(0, -1), damage, unreadable: [denied] }],
				unreadable: [],
			};
			const engine = { request: async () => info };
			const filter = { passes: () => true };
			const tree = new BackupsTree({ get: async () => engine } as unknown as Engines, async () => [folder], filter);
			const [root] = await tree.getChildren();
			const [node] = await tree.getChildren(root);
			assert.match(String(tree.getTreeItem(node!).accessibilityInformation?.label), /, incomplete$/);
			const [full, unreadable] = await tree.getChildren(node);
			assert.equal(tree.getTreeItem(full!).resourceUri?.query, '');
			const item = tree.getTreeItem(unreadable!);
			assert.deepEqual([item.label, item.description], ['x-09-09.mrimgx', 'you may not read it']);
			assert.match(item.tooltip as string, /permission denied\nHave its owner/);
			tree.dispose();
		},
	);
}
