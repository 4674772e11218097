import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AfterimageError } from '../../../../src/base/errors.ts';
import { recoverByDialog } from '../../../../src/cli/recover/recover.ts';
import type { Engine } from '../../../../src/engine/engine.ts';
import type { RestoreRequest, RestoreResult } from '../../../../src/engine/requests/restore.ts';
import type { BackupFileInfo, BackupFolderInfo, BackupSetInfo } from '../../../../src/protocol/backups.ts';
import type { DiskInfo } from '../../../../src/protocol/disks.ts';
import type { RestorePreview } from '../../../../src/protocol/restore.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const file = (folder: string, name: string, time: string): BackupFileInfo => ({
	...{
		path: join(folder, name),
		name,
		type: 'inc',
		time,
		size: 10,
		uniqueBytes: 10,
		fileNumber: 0,
		incrementNumber: 0,
	},
	...{ merged: [], parent: undefined, encrypted: true, split: false, comment: '', verifiedOn: undefined },
	...{ wasDamaged: false, damage: undefined },
});

const disk = (path: string, size: number): DiskInfo => ({
	...{ path, kind: 'device', number: 0, model: 'Model', serial: '', size, sectorSize: 512, table: 'gpt', id: '' },
	...{ readOnly: path === '/dev/sr0', removable: false, partitions: [], warnings: [], needsRights: false },
});

const imageDisk = {
	...{ number: 0, table: 'gpt', id: 'X', size: 1000, sectorSize: 512, backupTableSize: 0, model: 'M' },
	partitions: [{ number: 2, fileSystem: 'ext', label: 'root' }],
};

const preview = {
	...{ target: '/dev/sdb', size: 1000, created: false, partitions: [], bytes: 10, blocks: 1, clearedBytes: 0 },
	...{ warnings: [], notes: [], table: undefined },
} as unknown as RestorePreview;

/** Plays a dialog with answers in turn. */
async function play(answers: readonly string[], backups: number, passwords: readonly string[] = []) {
	const root = tempFolder();
	const folders = ['b', 'a/deep'].map((name) => join(root, name));
	for (const folder of folders) {
		mkdirSync(folder, { recursive: true });
		writeFileSync(join(folder, 'x.mrimgx'), '');
	}
	const said: string[] = [];
	const restores: RestoreRequest[] = [];
	const setOf = (folder: string): BackupSetInfo => {
		const day = (index: number) => new Date(Date.UTC(folder === folders[0] ? 2024 : 2025, 0, 1 + index)).toISOString();
		const files = Array.from({ length: backups }, (_, index) => file(folder, `${index}.mrimgx`, day(index)));
		return {
			...{ imageId: folder, folder, files, sources: 'a disk', disks: [], size: 10, damage: [], unreadable: [] },
			aside: [],
		};
	};
	const engine: Partial<Engine> = {
		sets: async (folder) =>
			({ folder, sets: [setOf(folder)], unreadable: [], free: 0, total: 0 }) satisfies BackupFolderInfo,
		inspect: async () => ({ disks: [imageDisk] }) as never,
		disks: async () => [disk('/dev/sr0', 1), disk('/dev/sda', 500), disk('/dev/sdb', 1000)],
		previewRestore: async ({ target, password }) => {
			if (password === undefined) throw new AfterimageError('password-needed', 'It is encrypted');
			if (password !== 'right') throw new AfterimageError('wrong-password', 'The password is wrong');
			if (target === '/dev/sda')
				throw new AfterimageError('target-too-small', 'Too small', { advice: 'Take a larger one' });
			return preview;
		},
		restore: async (request) => {
			restores.push(request);
			return {
				target: request.target,
				bytes: 10,
				blocks: 1,
				writtenBlocks: 1,
				bad: [],
				damage: [],
			} as unknown as RestoreResult;
		},
	};
	const left = [...answers];
	const output = {
		event: () => undefined,
		result: () => said.push('RESULT'),
		error: () => undefined,
		finish: () => undefined,
	};
	const leftPasswords = [...passwords];
	const code = await recoverByDialog(
		{ folders: [root], password: undefined },
		{
			...{ engine: engine as Engine, output, signal: new AbortController().signal },
			dialog: {
				say: (line) => void said.push(line),
				ask: async (question) => {
					said.push(question);
					return left.shift() ?? Promise.reject(new AfterimageError('cancelled', 'Cancelled'));
				},
				askPassword: async () => leftPasswords.shift() ?? 'right',
			},
		},
	).catch((error: unknown) => error);
	return { code, said: said.join('\n'), restores, folders, left };
}

describe('recovering by dialog', () => {
	it('takes the newest set, its newest backup and the whole disk by Enter', async () => {
		const { code, restores, folders, said } = await play(['', '', '', '2', '/dev/sdb'], 3);
		expect(code).toBe(0);
		expect(restores).toHaveLength(1);
		expect(restores[0]).toMatchObject({
			...{ file: join(folders[1]!, '2.mrimgx'), target: '/dev/sdb', partitions: undefined, verify: true },
			...{ password: 'right', confirmed: { path: '/dev/sdb' } },
		});
		// What can only be read is no place to restore to.
		expect(said).not.toContain('/dev/sr0');
	});

	it('takes an older set, an older backup of a second page and one partition', async () => {
		const { restores, folders } = await play(['2', '16', '3', '2', '2', '/dev/sdb'], 20);
		expect(restores[0]).toMatchObject({ file: join(folders[0]!, '2.mrimgx'), partitions: [2] });
	});

	it('asks again for what cannot be, and for no more than that', async () => {
		const answers = ['7', '1', '', '', '1', '2', '/dev/sdx', '2', '/dev/sdb'];
		const { code, said, restores, left } = await play(answers, 1, ['wrong', 'right']);
		expect(code).toBe(0);
		expect(left).toEqual([]);
		expect(restores).toHaveLength(1);
		expect(said).toContain('Expected a number from 1 to 2, found 7');
		expect(said).toContain('Error: The password is wrong');
		expect(said).toContain('Error: Too small\n  Take a larger one');
	});

	it('writes nothing when it is left', async () => {
		const { code, restores } = await play(['', '', '', '2'], 1);
		expect(code).toMatchObject({ code: 'cancelled' });
		expect(restores).toEqual([]);
	});

	it('says where it has looked when there is nothing', async () => {
		const folder = tempFolder();
		const given = { folders: [folder], password: undefined };
		await expect(recoverByDialog(given, { signal: new AbortController().signal } as never)).rejects.toMatchObject({
			code: 'file-missing',
			message: `No backup was found in ${folder} and below`,
		});
	});
});
