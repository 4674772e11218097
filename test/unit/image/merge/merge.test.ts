import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isAfterimageError } from '../../../../src/base/errors.ts';
import { nextNumbers, type BackupSet } from '../../../../src/image/set/backup-set.ts';
import { openChain } from '../../../../src/image/set/chain.ts';
import { mergeObstacle, planMerge, type MergeStep } from '../../../../src/image/merge/plan.ts';
import { prepareMerge } from '../../../../src/image/merge/prepare.ts';
import { readReferences } from '../../../../src/image/merge/references.ts';
import { writeMerge } from '../../../../src/image/merge/write.ts';
import type { SetMember } from '../../../../src/image/set/set-member.ts';
import { changed, someChanges, someDisks, someKind } from '../arbitrary.ts';
import { backUp, codec, onlySet, type ModelDisk, type SetKind } from '../backups.ts';
import { expectChain, expectNaive } from '../expect-state.ts';
import { MemoryFolder } from '../memory-folder.ts';
import { moverIn, readBack } from '../pieces.ts';

/** What the disks were at each point that is left, by file number. */
type States = Map<number, ModelDisk[]>;

async function expectAll(folder: MemoryFolder, states: States, kind: SetKind, naive = true): Promise<void> {
	const set = await onlySet(folder);
	expect(set.points.map((point) => point.fileNumber)).toEqual([...states.keys()].sort((a, b) => a - b));
	for (const point of set.points) {
		expect(point.missing).toEqual([]);
		const state = states.get(point.fileNumber)!;
		if (naive) expectNaive(folder, point.member.name, state, kind.password);
		await expectChain(folder, await openChain(folder, set, point, { codec, password: kind.password }), state);
	}
}

async function runStep(folder: MemoryFolder, step: MergeStep): Promise<void> {
	const set = await onlySet(folder);
	const prepared = await prepareMerge(folder, set, step, { codec });
	const temporary = 'result.part';
	const { sink } = await folder.output(() => temporary).begin(0);
	let moved = 0;
	const file = await writeMerge(prepared, moverIn(folder, sink), sink, codec, (bytes) => (moved += bytes));
	expect(moved).toBe(prepared.movedBytes);
	expect(file.dataEnd).toBe(prepared.movedBytes);
	await readBack(folder, temporary, file);
	folder.files.set(step.sources[0]!.name, folder.files.get(temporary)!);
	folder.files.delete(temporary);
}

/** Merges as the engine does; `check` looks at the folder after each change of it. */
async function merge(
	folder: MemoryFolder,
	oldest: number,
	newest: number,
	check: (step: MergeStep, sourcesGone: boolean) => Promise<void>,
): Promise<void> {
	const set = await onlySet(folder);
	const { steps } = planMerge(set, oldest, newest, await readReferences(folder, set, oldest, newest, { codec }));
	for (const step of steps) {
		await runStep(folder, step);
		await check(step, false);
		for (const member of step.removes) folder.files.delete(member.name);
		await check(step, true);
	}
	expect((await onlySet(folder)).superseded).toEqual([]);
}

/** Merges and expects after every change that all points which are left restore. */
async function mergeAndExpect(folder: MemoryFolder, range: number[], states: States, kind: SetKind): Promise<void> {
	const [oldest, newest] = [range[0]!, range.at(-1)!];
	await merge(folder, oldest, newest, async (step, sourcesGone) => {
		if (step.kind === 'merge' && !sourcesGone) {
			const state = states.get(newest)!;
			for (const number of range) states.delete(number);
			states.set(oldest, state);
		}
		// Before the sources are removed only a reader that knows what is superseded copes with them.
		await expectAll(folder, states, kind, step.kind === 'detach' || sourcesGone);
	});
}

const someHistory = fc.array(
	fc.record({
		type: fc.constantFrom('inc' as const, 'inc' as const, 'inc' as const, 'inc' as const, 'diff' as const),
		changes: someChanges,
		/** Merge before this backup: where the range begins, and how many points it has, when that is possible. */
		mergeFrom: fc.nat(6),
		mergeCount: fc.integer({ min: 0, max: 4 }),
	}),
	{ minLength: 1, maxLength: 7 },
);

it('leaves every remaining point as it was, whatever is merged', async () => {
	let merged = 0;
	let refused = 0;
	await fc.assert(
		fc.asyncProperty(someKind, someDisks, someHistory, async (anyKind, first, history) => {
			const kind = { ...anyKind };
			delete kind.splitSize;
			const folder = new MemoryFolder();
			const states: States = new Map([[0, first]]);
			let state = first;
			await backUp(folder, kind, 'full', first);
			for (const step of [...history, undefined]) {
				const set = await onlySet(folder);
				const range = set.points
					.slice(step?.mergeFrom ?? 0, (step?.mergeFrom ?? 0) + (step?.mergeCount ?? 99))
					.map((point) => point.fileNumber);
				if (range.length > 1) {
					if (mergeObstacle(set, range[0]!, range.at(-1)!) === undefined) {
						await mergeAndExpect(folder, range, states, kind);
						merged++;
					} else refused++;
				}
				if (step === undefined) break;
				state = changed(state, step.changes);
				const [file] = await backUp(folder, kind, step.type, state);
				states.set(file!.fileNumber, state);
			}
			await expectAll(folder, states, kind);
		}),
		{ numRuns: 120 },
	);
	expect(merged).toBeGreaterThan(50);
	expect(refused).toBeGreaterThan(10);
});

const plain: SetKind = { imageid: '0123456789ABCDEF', compression: 'medium', aes: 'none', password: '' };

async function chain(types: ('inc' | 'diff')[], kind = plain) {
	const folder = new MemoryFolder();
	const partition = { start: 1 << 20, blockSize: 512, content: new Uint8Array(8192), reserved: 0, used: new Set([0]) };
	const disk = { number: 0, format: 'gpt' as const, signature: 'A', track0: new Uint8Array(512), ept: [] };
	const state = (n: number): ModelDisk[] => [
		{ ...disk, partitions: [{ ...partition, content: new Uint8Array(8192).fill(n), used: new Set([n]) }] },
	];
	await backUp(folder, kind, 'full', state(0));
	for (const [i, type] of types.entries()) await backUp(folder, kind, type, state(i + 1));
	return { folder, set: await onlySet(folder) };
}

it.each([
	['a single backup', ['inc'], 1, 1, /at least two backups/],
	['a number that is not there', ['inc'], 0, 7, /no backup with file number 7/],
	['a range across a differential', ['inc', 'diff', 'inc'], 1, 3, /across a differential/],
	['the full with a differential after it', ['diff', 'inc'], 0, 1, /across a differential/],
	['the full while a differential stands on it', ['inc', 'diff'], 0, 1, /a differential stands on it/],
] as const)('refuses %s', async (_, types, oldest, newest, reason) => {
	const { set } = await chain([...types]);
	expect(mergeObstacle(set, oldest, newest)).toMatch(reason);
	expect(() => planMerge(set, oldest, newest, [])).toThrow(reason);
});

it('refuses split backups', async () => {
	const { set } = await chain(['inc', 'inc'], { ...plain, compression: 'none', splitSize: 4500 });
	const splitPoints = set.points.filter((point) => point.parts.length > 1);
	expect(splitPoints.length).toBeGreaterThan(0);
	expect(mergeObstacle(set, set.points[0]!.fileNumber, set.points.at(-1)!.fileNumber)).toMatch(/split/);
});

it('refuses backups that differ in what the format has for all files of a set alike, or that lack a file', async () => {
	const { set } = await chain(['inc', 'inc', 'inc']);
	const [full, ...others] = set.points;
	const withMember = (change: Partial<SetMember>): BackupSet => {
		const last = others.at(-1)!;
		const points = [full!, ...others.slice(0, -1), { ...last, member: { ...last.member, ...change } }];
		return { ...set, points };
	};
	const { member } = others.at(-1)!;
	const encryption = { ...member.encryption, aes_type: 'aes-256' as const, hmac: 'AB' };
	const encrypted = (hmac: string, aes_type: 'aes-128' | 'aes-256'): BackupSet => {
		const changed = withMember({ encryption: { ...encryption, hmac, aes_type } });
		const points = changed.points.map((point, i) =>
			i < 3 ? { ...point, member: { ...point.member, encryption } } : point,
		);
		return { ...changed, points };
	};
	expect(mergeObstacle(withMember({}), 0, 3)).toBeUndefined();
	expect(mergeObstacle(withMember({ compressionLevel: 'high' }), 0, 3)).toBeUndefined();
	expect(mergeObstacle(withMember({ compressionLevel: 'none' }), 0, 3)).toMatch(/-03-03\.mrimgx: compression is not/);
	expect(mergeObstacle(withMember({ encryption }), 0, 3)).toMatch(/-03-03\.mrimgx: encryption is not that of/);
	expect(mergeObstacle(encrypted('ab', 'aes-256'), 0, 3)).toBeUndefined();
	expect(mergeObstacle(encrypted('ac', 'aes-256'), 0, 3)).toMatch(/encryption is not/);
	expect(mergeObstacle(encrypted('ab', 'aes-128'), 0, 3)).toMatch(/encryption is not/);
	expect(mergeObstacle(withMember({ disks: [] }), 0, 3)).toMatch(/list of partitions is not that of/);
	const elsewhere = member.disks.map((disk) => disk.map((one) => ({ ...one, offset: one.offset + 512 })));
	expect(mergeObstacle(withMember({ disks: elsewhere }), 0, 3)).toMatch(/list of partitions is not that of/);
	const formattedAnew = member.disks.map((disk) => disk.map((one) => ({ ...one, contents: '1A2B-3C4D' })));
	expect(mergeObstacle(withMember({ disks: formattedAnew }), 0, 3)).toBeUndefined();
	const missing = [{ fileNumber: 9, name: 'x.mrimgx', damaged: undefined }];
	const lacking = { ...set, points: [full!, ...others.map((point) => ({ ...point, missing }))] };
	expect(mergeObstacle(lacking, 0, 3)).toBe('x.mrimgx is missing');
});

it('merges incrementals behind which a differential stands on the full', async () => {
	const { set } = await chain(['inc', 'inc', 'diff']);
	expect(mergeObstacle(set, 1, 2)).toBeUndefined();
});

it('checks the indexes that it merges before a block is copied', async () => {
	const { folder, set } = await chain(['inc', 'inc']);
	const [step] = planMerge(set, 1, 2, []).steps;
	const cut = set.members.map((member, i) => (i === 2 ? { ...member, dataEnd: 1 } : member));
	await expect(prepareMerge(folder, { ...set, members: cut }, step!, { codec })).rejects.toMatchObject({
		code: 'image-damaged',
		message: expect.stringContaining('expected an end of at most 1') as string,
	});
});

it('refuses a range that a complete index behind it points into', async () => {
	const { folder, set } = await chain(['inc', 'inc', 'inc']);
	const foreign = set.points[3]!.member;
	const error = await Promise.resolve()
		.then(() => planMerge(set, 1, 2, [{ member: foreign, blocks: true, reserved: false }]))
		.catch((caught: unknown) => caught);
	expect(isAfterimageError(error, 'not-supported')).toBe(true);
	expect(await readReferences(folder, set, 1, 2, { codec })).toEqual([]);
});

it('says that a differential points into the full', async () => {
	const { folder, set } = await chain(['inc', 'diff']);
	expect(await readReferences(folder, set, 0, 1, { codec })).toEqual([]);
	const kept = await chain(['inc']);
	const state = [
		{
			number: 0,
			format: 'gpt' as const,
			signature: 'A',
			track0: new Uint8Array(512),
			ept: [],
			partitions: [{ start: 1 << 20, blockSize: 512, content: new Uint8Array(8192), reserved: 0, used: new Set([0]) }],
		},
	];
	await backUp(kept.folder, plain, 'diff', state);
	const found = await readReferences(kept.folder, await onlySet(kept.folder), 0, 1, { codec });
	expect(found.map(({ member, blocks }) => [member.header.file_number, blocks])).toEqual([[2, true]]);
});

it('names the merged file by the rules of the format', async () => {
	const { folder } = await chain(['inc', 'inc', 'inc', 'inc']);
	await merge(folder, 2, 3, async () => undefined);
	const merged = (await onlySet(folder)).points[2]!.member;
	expect(merged.name).toBe('0123456789ABCDEF-02-02.mrimgx');
	expect(merged.header).toMatchObject({ file_number: 2, increment_number: 2, merged_files: [3], delta_index: true });
	expect([...merged.history.keys()]).toEqual([0, 1, 2]);
	await merge(folder, 0, 2, async () => undefined);
	const rolled = (await onlySet(folder)).points[0]!.member;
	expect(rolled.header).toMatchObject({
		file_number: 0,
		backup_type: 'full',
		delta_index: false,
		merged_files: [1, 2, 3],
	});
	expect(nextNumbers(await onlySet(folder))).toEqual({ fileNumber: 5, incrementNumber: 5 });
});

it('lets a later file take in reserved blocks that it had left in the range', async () => {
	const fat = {
		start: 1 << 20,
		blockSize: 512,
		content: new Uint8Array(8192).fill(3),
		reserved: 1024,
		used: new Set([0]),
	};
	const disk = { number: 0, format: 'mbr' as const, signature: 'A', track0: new Uint8Array(512), ept: [] };
	const state = (n: number): ModelDisk[] => [
		{ ...disk, partitions: [{ ...fat, content: fat.content.slice().fill(n, 2048, 3000), used: new Set([0, 1, 2]) }] },
	];
	for (const aes of ['none', 'aes-256'] as const) {
		const folder = new MemoryFolder();
		const kind: SetKind = { ...plain, aes, keepReserved: true };
		const states: States = new Map();
		for (const [i, type] of (['full', 'inc', 'inc', 'inc'] as const).entries()) {
			await backUp(folder, kind, type, state(i));
			states.set(i, state(i));
		}
		const set = await onlySet(folder);
		const references = await readReferences(folder, set, 0, 1, { codec });
		expect(planMerge(set, 0, 1, references).steps.map((step) => step.kind)).toEqual(['detach', 'detach', 'merge']);
		await mergeAndExpect(folder, [0, 1], states, kind);
	}
});

it('copies no block that a later file of the range replaces', async () => {
	const { folder, set } = await chain(['inc', 'inc', 'inc']);
	const { steps } = planMerge(set, 0, 3, []);
	const prepared = await prepareMerge(folder, set, steps[0]!, { codec });
	const last = set.points[3]!.member;
	expect(prepared.movedBytes).toBeLessThanOrEqual(last.dataEnd);
	expect(prepared.reclaimedBytes).toBeGreaterThan(0);
});
