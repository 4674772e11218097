import {
	chmodSync,
	existsSync,
	linkSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmdirSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import type * as promises from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { linuxAttributes } from '../../../../native/linux/attributes.ts';
import { file, folder, link } from '../fake-tree.ts';
import { setUp } from './extraction-scene.ts';

/** What somebody does in the moment before or after a call of the system. */
const meanwhile: {
	before?: (path: string) => void;
	after?: (path: string) => void;
	/** What the system says to a further name. */
	refusal?: Error;
} = {};

vi.mock('node:fs/promises', async (original) => {
	const real = await original<typeof promises>();
	const hooked = async (call: 'link' | 'rename', from: string, to: string) => {
		meanwhile.before?.(to);
		if (call === 'link' && meanwhile.refusal !== undefined) throw meanwhile.refusal;
		await real[call](from, to);
		meanwhile.after?.(to);
	};
	return {
		...real,
		link: (from: string, to: string) => hooked('link', from, to),
		rename: (from: string, to: string) => hooked('rename', from, to),
		async mkdir(path: string, mode: number) {
			await real.mkdir(path, mode);
			meanwhile.after?.(path);
		},
	};
});

afterEach(() => {
	delete meanwhile.before;
	delete meanwhile.after;
	delete meanwhile.refusal;
});

describe('at the wrong moment', () => {
	it.each([file('f', 'of the backup'), link('f', 'of the backup')])(
		'a file that came to be is not replaced by a $kind of its name, unless that was asked for',
		async (node) => {
			const { target, extract } = setUp();
			meanwhile.before = (to) => {
				if (basename(to) === 'f') writeFileSync(join(target, 'f'), 'of somebody');
			};
			const { skipped } = await extract([node, file('g', 'x')]);
			expect(skipped).toEqual([{ path: 'f', reason: 'it is there already', refused: true }]);
			expect(readFileSync(join(target, 'f'), 'utf8')).toBe('of somebody');
			expect(readdirSync(target).sort()).toEqual(['f', 'g']);
			expect(statSync(join(target, 'g')).nlink).toBe(1);
			expect((await extract([node], true)).skipped).toEqual([]);
			expect(readdirSync(target).sort()).toEqual(['f', 'g']);
		},
	);

	it('files are extracted, and none replaced, where the file system has no further names', async () => {
		const { target, extract } = setUp();
		meanwhile.refusal = Object.assign(new Error('EPERM: operation not permitted, link'), { code: 'EPERM' });
		const late = {
			...file('late', 'of the backup'),
			open() {
				writeFileSync(join(target, 'late'), 'of somebody');
				return file('late', 'of the backup').open();
			},
		};
		const { skipped } = await extract([file('f', 'x'), late]);
		expect(skipped).toEqual([{ path: 'late', reason: 'it is there already', refused: true }]);
		expect(readFileSync(join(target, 'f'), 'utf8')).toBe('x');
		expect(readFileSync(join(target, 'late'), 'utf8')).toBe('of somebody');
		expect(readdirSync(target).sort()).toEqual(['f', 'late']);
	});

	it('a folder that was put in the place of a new one keeps its owner, rights and time', async () => {
		const { target, extract } = setUp();
		const private_ = join(target, 'private');
		mkdirSync(private_);
		writeFileSync(join(private_, 'secret'), '');
		chmodSync(private_, 0o700);
		meanwhile.after = (path) => {
			if (basename(path) !== 'd') return;
			rmdirSync(join(target, 'd'));
			renameSync(private_, join(target, 'd'));
		};
		await extract([folder('d', [file('f', 'x')], undefined, 0o755)]);
		expect(statSync(join(target, 'd')).mode & 0o777).toBe(0o700);
		expect(readdirSync(join(target, 'd')).sort()).toEqual(['f', 'secret']);
	});

	it('a file that was put in the place of one with two names gets no other name, not for a moment', async () => {
		const { above, target, extract } = setUp(linuxAttributes);
		const precious = join(above, 'precious');
		writeFileSync(precious, 'keep');
		const shared = { volume: {}, number: '1', names: 2 };
		const second = { ...file('b', 'bytes'), shared };
		let most = 0;
		meanwhile.after = () => (most = Math.max(most, statSync(precious).nlink));
		let lists = 0;
		const inner = {
			...folder('d', []),
			async list() {
				if (++lists === 2) {
					await expect.poll(() => existsSync(join(target, 'a/a'))).toBe(true);
					renameSync(join(target, 'a/a'), join(above, 'moved'));
					linkSync(precious, join(target, 'a/a'));
				}
				return [second];
			},
		};
		const { notKept } = await extract([folder('a', [{ ...file('a', 'bytes'), shared }]), folder('c', [inner])]);
		expect(notKept).toMatchObject([{ what: 'hard link', count: 1 }]);
		expect(most).toBe(2);
	});
});
