import { closeSync, existsSync, fstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clearLeftovers } from '../../../../src/engine/backup/destination/leftovers.ts';
import { backupsOf, deleteBackup } from '../../../../src/engine/chain/delete-files.ts';
import { PartFiles } from '../../../../src/engine/backup/destination/part-files.ts';
import { FakeMachine } from '../../../support/fakes/fake-context.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const id = '0123456789ABCDEF';

const nameOf = (fileNumber: number) => `${id}-0${fileNumber}-0${fileNumber}.mrimgx`;

function folderWith(...names: string[]): string {
	const folder = tempFolder();
	for (const name of names) writeFileSync(join(folder, name), name);
	return folder;
}

describe('files that a dead run has left', () => {
	it('are removed, and nothing else is', async () => {
		const folder = folderWith(`${id}-00-00.mrimgx`, `${id}-01-01.mrimgx.part`, 'notes.part', 'other.txt');
		const machine = new FakeMachine();
		await clearLeftovers(folder, machine.context);
		expect(readdirSync(folder).sort()).toEqual([`${id}-00-00.mrimgx`, 'notes.part', 'other.txt']);
		expect(machine.logs.map((log) => log.message)).toEqual([expect.stringContaining(`${id}-01-01`)]);
	});

	it('are removed too where only a later part has its name: a commit goes from first to last', async () => {
		const folder = folderWith(`${id}-02-04.mrimgx`, `${id}-02-03.mrimgx.part`);
		await clearLeftovers(folder, new FakeMachine().context);
		expect(readdirSync(folder)).toEqual([`${id}-02-04.mrimgx`]);
	});

	it('are removed too where the extension of the file that a merge was to replace is in capitals', async () => {
		const folder = folderWith(`${id}-01-01.MRIMGX`, `${id}-01-01.MRIMGX.part`);
		await clearLeftovers(folder, new FakeMachine().context);
		expect(readdirSync(folder)).toEqual([`${id}-01-01.MRIMGX`]);
	});

	it('never take the name of a file that is there: another set may have names that are alike', async () => {
		const folder = folderWith('disk-02-03.mrimgx', 'disk-02-04.mrimgx', 'disk-02-04.mrimgx.part');
		await clearLeftovers(folder, new FakeMachine().context);
		expect(readdirSync(folder)).toEqual(['disk-02-03.mrimgx', 'disk-02-04.mrimgx']);
		expect(readFileSync(join(folder, 'disk-02-04.mrimgx'), 'utf8')).toBe('disk-02-04.mrimgx');
	});

	it.runIf(process.platform === 'linux')('are not said to be removed where no run has made them', async () => {
		const folder = folderWith();
		writeFileSync(Buffer.concat([Buffer.from(`${folder}/a`), Buffer.of(0xff), Buffer.from('.mrimgx.part')]), '');
		const machine = new FakeMachine();
		await clearLeftovers(folder, machine.context);
		expect(machine.logs).toEqual([]);
	});

	it('get their names when an earlier part of the same backup has its own already', async () => {
		const folder = folderWith(
			`${id}-x-02-03.mrimgx`,
			`${id}-x-02-04.mrimgx.part`,
			`${id}-x-02-05.mrimgx.part`,
			`${id}-x-03-06.mrimgx.part`,
		);
		await clearLeftovers(folder, new FakeMachine().context);
		expect(readdirSync(folder).sort()).toEqual(['3', '4', '5'].map((number) => `${id}-x-02-0${number}.mrimgx`));
	});
});

describe('a split backup', () => {
	it('is one of several that are to go', () => {
		const files = [4, 3, 3, 2, 0, 0, 0].map((incrementNumber, i) => ({ path: String(i), incrementNumber }));
		expect(backupsOf(files).map((backup) => backup.map(({ path }) => path).join(''))).toEqual(['0', '12', '3', '456']);
		expect(backupsOf([])).toEqual([]);
	});

	it('stays whole when a part of it cannot lose its name', async () => {
		const folder = folderWith(nameOf(0), nameOf(1));
		mkdirSync(join(folder, `${nameOf(1)}.part`));
		const files = [1, 0].map((number) => ({ path: join(folder, nameOf(number)), incrementNumber: 0 }));
		await expect(deleteBackup(files)).rejects.toThrow(nameOf(1));
		expect(readdirSync(folder).sort()).toEqual([nameOf(0), nameOf(1), `${nameOf(1)}.part`]);
	});

	it('loses the names of all its parts before the first of them is removed', async () => {
		const folder = folderWith(nameOf(1));
		mkdirSync(join(folder, nameOf(0)));
		const files = [1, 0].map((number) => ({ path: join(folder, nameOf(number)), incrementNumber: 0 }));
		await expect(deleteBackup(files)).rejects.toThrow(nameOf(0));
		expect(readdirSync(folder)).toEqual([`${nameOf(0)}.part`]);
	});

	it('is deleted whole, and one part that has gone already is no failure', async () => {
		const folder = folderWith(...[0, 1, 2].map(nameOf), `${id}-04-04.mrimgx`);
		rmSync(join(folder, nameOf(1)));
		await deleteBackup([2, 1, 0].map((number) => ({ path: join(folder, nameOf(number)), incrementNumber: 0 })));
		expect(readdirSync(folder)).toEqual([`${id}-04-04.mrimgx`]);
	});
});

describe('files that are being written', () => {
	it('bear their names only after the commit, and go when they are discarded', async () => {
		const folder = tempFolder();
		const parts = new PartFiles(folder, nameOf);
		const { sink, path } = await parts.begin(0);
		await sink.append(new TextEncoder().encode('one'), 0);
		await sink.append(new TextEncoder().encode(' two'), 3);
		expect(readdirSync(folder)).toEqual([`${id}-00-00.mrimgx.part`]);
		await parts.settle();
		expect(await parts.commit()).toEqual([path]);
		await parts.discard();
		expect(readdirSync(folder)).toEqual([`${id}-00-00.mrimgx`]);

		const dropped = new PartFiles(folder, nameOf);
		await dropped.begin(1);
		await dropped.discard();
		expect(existsSync(join(folder, `${id}-01-01.mrimgx.part`))).toBe(false);
	});

	it('replace none that has their name by now, and none of them gets one', async () => {
		const folder = tempFolder();
		const parts = new PartFiles(folder, nameOf);
		for (const number of [0, 1]) await parts.begin(number);
		writeFileSync(join(folder, nameOf(1)), 'mine');
		await expect(parts.commit()).rejects.toMatchObject({
			code: 'failed',
			message: `${join(folder, nameOf(1))} is there already`,
		});
		await parts.discard();
		expect(readdirSync(folder)).toEqual([nameOf(1)]);
		expect(readFileSync(join(folder, nameOf(1)), 'utf8')).toBe('mine');
	});

	it('go when they are discarded though one cannot be closed, and are all closed', async () => {
		const folder = tempFolder();
		const parts = new PartFiles(folder, nameOf);
		for (const number of [0, 1]) await parts.begin(number);
		closeSync(parts.files[0]!.fd);
		await expect(parts.settle()).rejects.toMatchObject({
			code: 'write-error',
			message: expect.stringContaining(`${nameOf(0)}.part`) as string,
		});
		const { fd } = parts.files[1]!;
		await parts.discard();
		expect(() => fstatSync(fd)).toThrow('EBADF');
		expect(readdirSync(folder)).toEqual([]);
	});

	it('are discarded without a word of those that cannot be removed: what ended the run is told', async () => {
		const folder = tempFolder();
		const parts = new PartFiles(folder, nameOf);
		await parts.begin(0);
		rmSync(parts.files[0]!.partPath);
		mkdirSync(parts.files[0]!.partPath);
		await parts.discard();
		expect(readdirSync(folder)).toEqual([`${nameOf(0)}.part`]);
	});

	it('tell that the destination has gone', async () => {
		const parts = new PartFiles('/nowhere/at/all', nameOf);
		await expect(parts.begin(0)).rejects.toMatchObject({ code: 'destination-missing' });
	});
});
