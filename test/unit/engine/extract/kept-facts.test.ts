import {
	existsSync,
	linkSync,
	lstatSync,
	mkdirSync,
	readFileSync,
	renameSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { linuxAttributes } from '../../../../native/linux/attributes.ts';
import { AfterimageError } from '../../../../src/base/errors.ts';
import type { FolderNode, TreeNode } from '../../../../src/disk/files.ts';
import { Extraction } from '../../../../src/engine/extract/extraction.ts';
import { FactSetter } from '../../../../src/engine/extract/fact-setter.ts';
import { notKeptLine } from '../../../../src/engine/extract/not-kept.ts';
import { survey } from '../../../../src/engine/extract/survey.ts';
import { nameRules } from '../../../../src/engine/extract/target-names.ts';
import { openTarget } from '../../../../src/engine/extract/target-folder.ts';
import { entriesOf } from '../../../../src/engine/extract/walk-entries.ts';
import type { AttributePort } from '../../../../src/engine/ports.ts';
import { Progress } from '../../../../src/engine/progress.ts';
import { FakeMachine } from '../../../support/fakes/fake-context.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { file, folder } from '../fake-tree.ts';

const rules = nameRules('ext4', 'linux');

/** A system that refuses some attributes. */
function attributePort(refusals: Record<string, string> = {}) {
	const set: string[] = [];
	const port: AttributePort = {
		set(_, name) {
			if (refusals[name] === undefined) set.push(name);
			return refusals[name];
		},
		setOfLink: (_, name) => refusals[name],
		remove: () => undefined,
		has: () => false,
		link: (fd, path) => linuxAttributes.link(fd, path),
	};
	return { port, set };
}

function setUp(port: AttributePort = attributePort().port, isRoot = false) {
	const above = tempFolder();
	const target = join(above, 'target');
	const machine = new FakeMachine();
	const context = { ...machine.context, ports: { ...machine.context.ports, attributes: port } };
	const extract = async (nodes: readonly TreeNode[]) => {
		const entries = entriesOf(
			nodes.map((node) => [node.name, node] as const),
			rules,
		);
		const surveyed = await survey(entries, target, true, rules, context.signal);
		const setter = new FactSetter({ owners: false, attributes: port, isRoot });
		const opened = await openTarget(target, setter);
		try {
			const progress = new Progress(context.ports.clock, () => undefined);
			const extraction = new Extraction(true, setter, progress, context);
			await extraction.run(entries, opened, rules);
			return { ...extraction.result(), surveyed };
		} finally {
			await opened.close();
		}
	};
	return { above, target, extract, machine };
}

const volume = {};
const shared = (name: string, names: number) => ({ ...file(name, 'bytes'), shared: { volume, number: '12', names } });

/** A folder in which something is done first when files are written; it is listed twice. */
function after(work: () => Promise<void>, inner: FolderNode): FolderNode {
	let lists = 0;
	return {
		...inner,
		async list() {
			if (++lists === 2) await work();
			return inner.list();
		},
	};
}

async function there(path: string): Promise<void> {
	while (!existsSync(path)) await delay(5);
}

describe('names of one file', () => {
	it('stay that, in whatever folders, and need room once', async () => {
		const { target, extract } = setUp();
		const nodes = [
			folder('a', [shared('one', 3), file('other', 'x')]),
			folder('b', [shared('two', 3)]),
			shared('three', 3),
		];
		const result = await extract(nodes);
		expect(result).toMatchObject({ files: 4, hardLinks: 2, bytes: 6, notKept: [], surveyed: { bytes: 16, room: 6 } });
		const numbers = ['a/one', 'b/two', 'three'].map((name) => lstatSync(join(target, name)).ino);
		expect(new Set(numbers).size).toBe(1);
		expect(lstatSync(join(target, 'three')).nlink).toBe(3);
		// Again, over what is there.
		expect(await extract(nodes)).toMatchObject({ hardLinks: 2 });
		expect(lstatSync(join(target, 'a/one')).nlink).toBe(3);
	});

	it.each(['a link', 'another file', 'nothing'])(
		'become copies where %s has come to the place of the first',
		async (what) => {
			const { above, target, extract } = setUp();
			const precious = join(above, 'precious');
			writeFileSync(precious, 'keep');
			const one = join(target, 'a/one');
			const swap = async () => {
				await there(one);
				renameSync(one, join(above, 'moved'));
				if (what === 'a link') symlinkSync(precious, one);
				if (what === 'another file') linkSync(precious, one);
			};
			const result = await extract([folder('a', [shared('one', 2)]), after(swap, folder('b', [shared('two', 2)]))]);
			expect(result).toMatchObject({ files: 2, hardLinks: 0, notKept: [{ what: 'hard link', count: 1 }] });
			expect(readFileSync(join(target, 'b/two'), 'utf8')).toBe('bytes');
			expect(lstatSync(join(target, 'b/two')).nlink).toBe(1);
			expect(statSync(precious).nlink).toBe(what === 'another file' ? 2 : 1);
			expect(readFileSync(precious, 'utf8')).toBe('keep');
		},
	);

	it('are written when the first cannot be read', async () => {
		const { target, extract } = setUp();
		const bad = { ...shared('one', 2), open: () => Promise.reject(new AfterimageError('read-error', 'bad')) };
		const result = await extract([bad, shared('two', 2)]);
		expect(result).toMatchObject({ files: 1, hardLinks: 0, damaged: [{ path: 'one' }], notKept: [] });
		expect(readFileSync(join(target, 'two'), 'utf8')).toBe('bytes');
	});
});

describe('attributes', () => {
	const value = new Uint8Array(1);
	const having = (node: TreeNode, ...names: string[]) =>
		({ ...node, attributes: () => Promise.resolve(names.map((name) => ({ name, value }))) }) as TreeNode;

	it('that the system does not take are told once for each kind', async () => {
		const { port, set } = attributePort({ 'user.a': 'ENOTSUP', 'user.b': 'ENOTSUP', 'trusted.c': 'EPERM' });
		const { extract, machine } = setUp(port);
		const { notKept } = await extract([
			having(file('f', ''), 'user.a', 'user.b', 'user.fine'),
			having(folder('d', []), 'user.a', 'trusted.c'),
		]);
		expect(set).toEqual(['user.fine']);
		expect(notKept.map(notKeptLine).sort()).toEqual([
			'Not kept of 2 files and folders: attribute user.* (the file system there does not take it)',
			'Not kept of one file or folder: attribute trusted.* (only root may set it)',
		]);
		expect(machine.logs.map(({ level, message }) => [level, message])).toEqual([
			['info', expect.stringContaining('trusted.*')],
			['warning', expect.stringContaining('user.*')],
		]);
	});

	it('that cannot be read are damage, of a file that is there', async () => {
		const { target, extract } = setUp();
		const damage = () => Promise.reject(new AfterimageError('structure-damaged', 'block 7'));
		const nodes = [
			{ ...file('f', 'x'), attributes: damage },
			{ ...folder('d', [file('in', '')]), attributes: damage },
		];
		const { damaged, files } = await extract(nodes);
		const reason = 'extracted without its attributes: block 7';
		expect(damaged).toEqual(
			expect.arrayContaining([
				{ path: 'f', reason },
				{ path: 'd', reason },
			]),
		);
		expect(files).toBe(2);
		expect(readFileSync(join(target, 'f'), 'utf8')).toBe('x');
	});

	it('of rights are not given to a file whose owner is not that of the backup', async () => {
		const { port, set } = attributePort();
		const { extract, target } = setUp(port, true);
		const facts = { mode: 0o6755, owner: { uid: 4_000_000_001, gid: 4_000_000_001 } };
		await extract([{ ...having(file('f', ''), 'security.capability', 'user.a'), ...facts }]);
		expect(set).toEqual(['user.a']);
		expect(statSync(join(target, 'f')).mode & 0o7777).toBe(0o755);
	});
});

describe('a mode', () => {
	/** Of a folder that has this owner in the backup. */
	async function modeFor(isRoot: boolean, other = 0) {
		const { target, extract } = setUp(undefined, isRoot);
		mkdirSync(target);
		const probe = join(target, 'probe');
		writeFileSync(probe, '');
		const { uid, gid } = statSync(probe);
		await extract([{ ...folder('d', [], undefined, 0o3770), owner: { uid, gid: gid + other } }]);
		return statSync(join(target, 'd')).mode & 0o7777;
	}

	it('is kept whole where the owner is who extracts', async () => {
		expect(await modeFor(false)).toBe(0o3770);
	});

	it('has permissions alone for another owner, and where root gives no owners', async () => {
		expect(await modeFor(false, 1)).toBe(0o770);
		expect(await modeFor(true)).toBe(0o770);
	});
});
