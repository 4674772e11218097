import { readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { lockName } from '../../../../src/engine/folder-lock.ts';
import type { VerifyBackupsResult, VerifyResult } from '../../../../src/engine/requests/verify.ts';
import { afterimageResult } from '../../../support/cli.ts';
import { patch } from '../../../support/raw-disk.ts';
import { change, image, scene, sets, temp } from './scene.ts';

it('verifies all sets of a folder, some damaged and some of another password, and later only what is due', async () => {
	const { folder, disk } = await scene('folder');
	const secrets: string[] = [];
	for (const name of ['one', 'other']) {
		secrets.push(temp.file(`password-${name}`));
		await writeFile(secrets.at(-1)!, name, { mode: 0o600 });
	}
	const chain: string[] = [];
	for (const [i, type] of ['full', 'inc', 'diff'].entries()) {
		if (i > 0) await change(disk, i);
		chain.push(...(await image(disk, folder, type)).files);
	}
	const [encrypted] = (await image(disk, folder, 'full', '--password-file', secrets[0]!)).files;
	const [locked] = (await image(disk, folder, 'full', '--password-file', secrets[1]!)).files;
	// Somebody else writes there, and is not disturbed.
	const lock = join(folder, lockName);
	await writeFile(lock, 'held');
	const verify = (code: number, ...more: string[]) =>
		afterimageResult<VerifyBackupsResult>(['verify', folder, '--password-file', secrets[0]!, ...more], code);
	const states = ({ backups }: VerifyBackupsResult) =>
		Object.fromEntries(backups.map(({ file, state, badBlocks }) => [basename(file), [state, badBlocks]]));
	const place = (file: string, state: string, bad = 0) => [basename(file), [state, bad]] as const;

	const first = await verify(5);
	const others = [place(encrypted!, 'sound'), place(locked!, 'locked')];
	expect(states(first)).toEqual(Object.fromEntries([...chain.map((file) => place(file, 'sound')), ...others]));
	// As much as the files hold, each block once.
	const files = (await sets(folder)).sets.flatMap((set) => set.files);
	expect(files.filter(({ verifiedOn }) => verifiedOn === undefined).map(({ path }) => path)).toEqual([locked]);
	expect(first.blocks).toBeLessThan(2.5 * first.backups.find(({ file }) => file === chain[0])!.blocks);

	// Within the data blocks, which begin the file: of the full one that all three need, of the others only their own.
	await patch(chain[0]!, 2 ** 20, Uint8Array.of(1, 2, 3, 4));
	await patch(chain[1]!, 100_000, Uint8Array.of(1, 2, 3, 4));
	const alone = new Map<string, number>();
	for (const file of chain) alone.set(file, (await afterimageResult<VerifyResult>(['verify', file], 6)).bad.length);
	const second = await verify(6);
	expect(states(second)).toEqual(
		Object.fromEntries([...chain.map((file) => place(file, 'damaged', alone.get(file))), ...others]),
	);
	expect(alone.get(chain[1]!)).toBe(2);
	expect(second.bad.map(({ file }) => file).sort()).toEqual(chain.slice(0, 2));

	for (const file of chain) await rm(file);
	const third = await verify(5, '--unverified-for', '4w');
	expect(states(third)).toEqual(Object.fromEntries([place(locked!, 'locked')]));
	expect(third.leftOut).toBe(1);
	expect(Date.parse(third.nextDue!) - Date.now()).toBeGreaterThan(27 * 24 * 3600 * 1000);
	await rm(locked!);
	expect(await verify(0, '--unverified-for', '4w')).toMatchObject({ backups: [], leftOut: 1 });
	expect(await readFile(lock, 'utf8')).toBe('held');
	await rm(encrypted!);
	expect(await verify(8)).toMatchObject({ problems: [{ message: `${folder} has no backups` }] });
});
