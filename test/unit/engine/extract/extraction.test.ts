import {
	lstatSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	rmdirSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../../../../src/base/bytes.ts';
import { AfterimageError } from '../../../../src/base/errors.ts';
import type { TreeNode } from '../../../../src/disk/files.ts';
import { nameRules } from '../../../../src/engine/extract/target-names.ts';
import { damagedNode, file, fileTime, folder, link } from '../fake-tree.ts';
import { setUp } from './extraction-scene.ts';

const failing = (size: number, error: Error, at = 0): ByteSource => ({
	size,
	read: (offset, bytes) => (offset >= at ? Promise.reject(error) : Promise.resolve(void bytes.fill(1))),
});

/** One whose bytes come when `until` has settled. */
const slow = (until: Promise<unknown>): ByteSource => ({
	size: 5,
	async read(_, bytes) {
		await until;
		bytes.fill(1);
	},
});
const later = () => new Promise((wake) => setTimeout(wake, 30));

describe('an extraction', () => {
	it('writes files and folders with their times and permissions, without setuid', async () => {
		const { target, extract } = setUp();
		const result = await extract([
			folder('outer', [folder('inner', [file('tool', 'bytes', 0o4755)], undefined, 0o750), file('empty', '')]),
			link('shortcut', 'outer/empty'),
		]);
		expect(result).toMatchObject({ files: 2, folders: 2, links: 1, bytes: 5, renamed: [], skipped: [], damaged: [] });
		const tool = statSync(join(target, 'outer/inner/tool'));
		expect(tool.mode & 0o7777).toBe(0o755);
		expect(Math.floor(tool.mtimeMs)).toBe(fileTime);
		expect(statSync(join(target, 'outer/inner')).mode & 0o7777).toBe(0o750);
		for (const name of ['outer', 'outer/inner', 'outer/empty', 'shortcut']) {
			expect(Math.floor(lstatSync(join(target, name)).mtimeMs)).toBe(fileTime);
		}
		expect(readlinkSync(join(target, 'shortcut'))).toBe('outer/empty');
		expect(readdirSync(target).sort()).toEqual(['outer', 'shortcut']);
	});

	it('leaves long runs of zeros as holes', async () => {
		const { target, extract } = setUp();
		const bytes = new Uint8Array(8 * 2 ** 20 + 5);
		bytes[5 * 2 ** 20] = 7;
		await extract([file('sparse', bytes)]);
		expect(Buffer.compare(readFileSync(join(target, 'sparse')), bytes)).toBe(0);
		expect(statSync(join(target, 'sparse')).blocks * 512).toBeLessThan(2 ** 20);
	});

	it('lists what cannot be read, leaves nothing of it, and goes on', async () => {
		const { target, extract } = setUp();
		const damage = new AfterimageError('image-damaged', 'block 7 is bad');
		const failed = new AfterimageError('read-error', 'reading failed', { cause: damage });
		const unlisted = { ...folder('unlisted', []), list: () => Promise.reject(failed) };
		const { damaged, files } = await extract([
			file('bad', failing(3 * 2 ** 20, failed, 2 ** 20)),
			damagedNode('entry', 'no inode'),
			unlisted,
			file('zz', 'whole'),
		]);
		expect(damaged).toEqual([
			{ path: 'bad', reason: 'block 7 is bad' },
			{ path: 'entry', reason: 'no inode' },
			{ path: 'unlisted', reason: 'block 7 is bad' },
		]);
		expect(files).toBe(1);
		expect(readdirSync(target)).toEqual(['zz']);
	});

	it('leaves out what is no file, and says what it renamed', async () => {
		const { target, extract } = setUp();
		const pipe = { kind: 'special', name: 'pipe', what: 'pipe', modified: undefined, mode: undefined } as const;
		const { skipped, renamed } = await extract(
			[pipe, file('con', ''), file('a:b', '')],
			false,
			nameRules('vfat', 'linux'),
		);
		expect(skipped).toEqual([{ path: 'pipe', reason: 'it is a pipe' }]);
		// Where a folder came to be meanwhile, the system takes no file.
		const late: TreeNode = {
			...file('late', ''),
			open() {
				mkdirSync(join(target, 'late'));
				return Promise.resolve(failing(0, new Error()));
			},
		};
		expect((await extract([late], true)).skipped).toMatchObject([{ path: 'late', refused: true }]);
		rmdirSync(join(target, 'late'));
		expect(renamed).toEqual([
			{ path: 'con', name: '_con' },
			{ path: 'a:b', name: 'a_b' },
		]);
		expect(readdirSync(target).sort()).toEqual(['_con', 'a_b']);
	});

	it('writes nothing when something is there, or replaces it when asked', async () => {
		const { target, extract } = setUp();
		mkdirSync(join(target, 'd'));
		writeFileSync(join(target, 'd/old'), 'before');
		const nodes = [file('new', 'x'), folder('d', [file('old', 'after'), file('other', 'y')])];
		await expect(extract(nodes)).rejects.toMatchObject({
			code: 'invalid-argument',
			message: `There already: ${join(target, 'd/old')}`,
		});
		expect(readdirSync(target)).toEqual(['d']);
		await extract(nodes, true);
		expect(readFileSync(join(target, 'd/old'), 'utf8')).toBe('after');
		await expect(extract([file('d', 'x')], true)).rejects.toMatchObject({ code: 'invalid-argument' });
		await expect(extract([folder('new', [])], true)).rejects.toMatchObject({ code: 'invalid-argument' });
	});

	it('leaves nothing of the file at which it is cancelled', async () => {
		const { target, extract, controller } = setUp();
		const long: ByteSource = {
			size: 64 * 2 ** 20,
			async read(offset, bytes) {
				bytes.fill(1);
				if (offset > 2 ** 20) controller.abort();
			},
		};
		await expect(extract([file('a', 'first'), file('long', long)])).rejects.toMatchObject({ code: 'cancelled' });
		expect(readdirSync(target)).toEqual(['a']);
	});

	it('writes eight files at once, of whatever folders, and no more', async () => {
		const { extract } = setUp();
		let [reading, most] = [0, 0];
		const counted: ByteSource = {
			size: 5,
			async read(_, bytes) {
				most = Math.max(most, ++reading);
				// A machine with much to do takes its time to begin eight.
				for (let waited = 0; most < 8 && waited < 100; waited++) await later();
				await later();
				bytes.fill(1);
				reading--;
			},
		};
		const folders = Array.from({ length: 20 }, (_, i) => folder(`d${i}`, [file('f', counted)]));
		expect(await extract(folders)).toMatchObject({ files: 20, folders: 20 });
		expect(most).toBe(8);
	});

	it('tells things in the order of their names, whichever is done first', async () => {
		const { extract, machine } = setUp();
		const late = slow(later());
		const { renamed, damaged } = await extract(
			[
				folder('a:', [file('1:', late), file('2:', 'x')]),
				file('b', failing(5, new AfterimageError('read-error', 'b'))),
			],
			false,
			nameRules('vfat', 'linux'),
		);
		expect(renamed.map(({ path }) => path)).toEqual(['a:', 'a:/1:', 'a:/2:']);
		expect(damaged.map(({ path }) => path)).toEqual(['b']);
		expect(machine.logs.map(({ message }) => message.split(' ')[0])).toEqual(['a:', 'a:/1:', 'a:/2:']);
	});

	it('sets the time of a folder, and makes its links, when all its files are there', async () => {
		const { target, extract } = setUp();
		let there: string[] = [];
		const last = link('a', 'f');
		const seeing = {
			...last,
			target() {
				there = readdirSync(join(target, 'd'));
				return last.target();
			},
		};
		await extract([folder('d', [seeing, file('f', slow(later()))]), folder('e', [file('f', slow(later()))])]);
		expect(there).toEqual(['f']);
		for (const name of ['d', 'e']) expect(Math.floor(statSync(join(target, name)).mtimeMs)).toBe(fileTime);
	});

	it('stops the others when one fails, and says what failed', async () => {
		const { target, extract } = setUp();
		let reads = 0;
		const long: ByteSource = {
			size: 2 ** 28,
			async read() {
				reads++;
				await later();
			},
		};
		const failure = new AfterimageError('file-missing', 'the image has gone');
		const nodes = [file('a', long), folder('d', [file('b', failing(5, failure))]), file('e', long)];
		await expect(extract(nodes)).rejects.toBe(failure);
		expect(reads).toBeLessThan(5);
		expect(readdirSync(target)).toEqual(['d']);
		expect(readdirSync(join(target, 'd'))).toEqual([]);
	});

	it('goes into no folder that holds itself for ever', async () => {
		const { extract } = setUp();
		const nodes: TreeNode[] = [];
		nodes.push(folder('loop', nodes));
		const { damaged, folders } = await extract(nodes);
		expect(folders).toBe(255);
		expect(damaged).toEqual([
			{
				path: expect.stringMatching(/^(loop\/){255}loop$/) as string,
				reason: expect.stringContaining('255') as string,
			},
		]);
	});
});
