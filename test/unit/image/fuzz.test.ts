import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isAfterimageError } from '../../../src/base/errors.ts';
import type { BlockIndex } from '../../../src/image/index/block-index.ts';
import { openChain, type Chain } from '../../../src/image/set/chain.ts';
import { readReferences } from '../../../src/image/merge/references.ts';
import { mergeObstacle, planMerge } from '../../../src/image/merge/plan.ts';
import { prepareMerge } from '../../../src/image/merge/prepare.ts';
import { scanFolder } from '../../../src/image/set/scan-folder.ts';
import { encodeMetadataBlock } from '../../../src/image/metadata/metadata-write.ts';
import { changed } from './arbitrary.ts';
import { backUp, codec, resolveAll, type ModelDisk, type SetKind } from './backups.ts';
import { MemoryFolder } from './memory-folder.ts';

const kind: SetKind = { imageid: '0123456789ABCDEF', compression: 'medium', aes: 'none', password: '' };

const disks: ModelDisk[] = [
	{
		number: 1,
		format: 'mbr',
		signature: '12345678',
		track0: new Uint8Array(2048).fill(3),
		ept: [{ sector: new Uint8Array(512).fill(9), diskOffset: 8192, partitionNumber: 5 }],
		partitions: [
			{
				start: 1 << 20,
				blockSize: 512,
				content: new Uint8Array(20 * 512).fill(1),
				reserved: 1024,
				used: new Set([0, 3]),
			},
			{
				start: 2 << 20,
				blockSize: 4096,
				content: new Uint8Array(40000).fill(2),
				reserved: 0,
				used: new Set([1, 2, 9]),
			},
		],
	},
];

const changes = [
	{ disk: 0, partition: 1, block: 2, seed: 4, free: false },
	{ disk: 0, partition: 1, block: 9, seed: 4, free: true },
	{ disk: 0, partition: 0, block: 5, seed: 7, free: false },
];

async function sample(compression: SetKind['compression']): Promise<MemoryFolder> {
	const folder = new MemoryFolder();
	await backUp(folder, { ...kind, compression }, 'full', disks);
	await backUp(folder, { ...kind, compression }, 'inc', changed(disks, changes));
	return folder;
}

/** Does with a folder whatever the product does with it, and returns how it ended. */
async function useAll(folder: MemoryFolder): Promise<void> {
	const { sets } = await scanFolder(folder, { codec });
	for (const set of sets) {
		for (const point of set.points) {
			try {
				const chain = await openChain(folder, set, point, { codec });
				for (const disk of await resolveAll(chain))
					for (const { index, reserved } of disk)
						for (const elements of [index, reserved]) expectWithin(elements, folder, chain.files);
			} catch (error) {
				if (!isAfterimageError(error)) throw error;
			}
		}
		const [first, last] = [set.points[0], set.points.at(-1)];
		if (first === undefined || last === undefined || mergeObstacle(set, first.fileNumber, last.fileNumber)) continue;
		try {
			const range = [first.fileNumber, last.fileNumber] as const;
			const plan = planMerge(set, ...range, await readReferences(folder, set, ...range, { codec }));
			for (const step of plan.steps) await prepareMerge(folder, set, step, { codec });
		} catch (error) {
			if (!isAfterimageError(error)) throw error;
		}
	}
}

/** Expects every stored block to lie within a file that is there. */
function expectWithin(index: BlockIndex, folder: MemoryFolder, files: Chain['files']): void {
	for (let block = index.next(0); block < index.count; block = index.next(block + 1)) {
		const { name } = files.get(index.fileNumber(block))!;
		expect(index.position(block) + index.storedLength(block)).toBeLessThanOrEqual(folder.files.get(name)!.length);
	}
}

/** Largest buffer made while `run` works, in bytes. */
async function largestAllocation(run: () => Promise<void>): Promise<number> {
	let largest = 0;
	type Sized = new (length: number) => { readonly byteLength: number };
	const watch = (type: Sized): Sized =>
		new Proxy(type, {
			construct(target, args, newTarget) {
				const made = Reflect.construct(target, args, newTarget) as { readonly byteLength: number };
				if (typeof args[0] === 'number') largest = Math.max(largest, made.byteLength);
				return made;
			},
		});
	const names = ['Uint8Array', 'Float64Array', 'Uint32Array'] as const;
	const plain = names.map((name) => globalThis[name]);
	const slow = Buffer.allocUnsafeSlow.bind(Buffer);
	Buffer.allocUnsafeSlow = (size) => {
		largest = Math.max(largest, size);
		return slow(size);
	};
	names.forEach((name) => Object.assign(globalThis, { [name]: watch(globalThis[name]) }));
	try {
		await run();
	} finally {
		names.forEach((name, i) => Object.assign(globalThis, { [name]: plain[i] }));
		Buffer.allocUnsafeSlow = slow;
	}
	return largest;
}

/** What is made whatever the file says: the limits by file number; a page of an index is smaller. */
const fixed = 0x1_0000 * 8;

type Damage =
	| { kind: 'flip'; at: number; mask: number }
	| { kind: 'cut'; length: number }
	| { kind: 'grow'; length: number }
	| { kind: 'number'; at: number; width: 4 | 8; value: bigint }
	| { kind: 'near'; nth: number; offset: number; width: 4 | 8; value: bigint }
	| { kind: 'json'; nth: number; value: number };

const hostileBig = fc.oneof(
	fc.bigInt(0n, 2n ** 64n - 1n),
	fc.constantFrom(0n, 1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 53n, 2n ** 63n),
);
const hostile = fc.constantFrom(
	0,
	1,
	-1,
	511,
	65535,
	65536,
	2 ** 31 - 1,
	2 ** 31,
	2 ** 32,
	2 ** 40,
	2 ** 53 - 1,
	2 ** 60,
	1e300,
);

/** Places are counted from the end, where the structures are. */
const someDamage: fc.Arbitrary<Damage> = fc.oneof(
	fc.record({
		kind: fc.constant('near' as const),
		nth: fc.nat(12),
		/** From the block's header on, over its first elements. */
		offset: fc.nat(140),
		width: fc.constantFrom(4 as const, 8 as const),
		value: fc.oneof(hostileBig, fc.bigInt(0n, 5000n)),
	}),
	fc.record({ kind: fc.constant('json' as const), nth: fc.nat(150), value: fc.oneof(hostile, fc.nat()) }),
	fc.record({ kind: fc.constant('flip' as const), at: fc.nat(12000), mask: fc.integer({ min: 1, max: 255 }) }),
	fc.record({ kind: fc.constant('cut' as const), length: fc.nat(12000) }),
	fc.record({ kind: fc.constant('grow' as const), length: fc.integer({ min: 1, max: 100 }) }),
	fc.record({
		kind: fc.constant('number' as const),
		at: fc.nat(12000),
		width: fc.constantFrom(4 as const, 8 as const),
		value: hostileBig,
	}),
);

function apply(bytes: Uint8Array, damage: Damage): Uint8Array {
	const copy = Buffer.from(bytes);
	if (damage.kind === 'json') return withNumber(copy, damage.nth, damage.value);
	if (damage.kind === 'cut') return copy.subarray(0, Math.max(0, copy.length - damage.length));
	if (damage.kind === 'grow') return Buffer.concat([copy, Buffer.alloc(damage.length, 0x4d)]);
	const at =
		damage.kind === 'near' ? nthBlock(copy, damage.nth) + damage.offset : Math.max(0, copy.length - 1 - damage.at);
	if (damage.kind === 'flip') copy[at]! ^= damage.mask;
	else if (damage.width === 4 && at + 4 <= copy.length) copy.writeUInt32LE(Number(damage.value & 0xffffffffn), at);
	else if (damage.width === 8 && at + 8 <= copy.length) copy.writeBigUInt64LE(damage.value, at);
	return copy;
}

/** Where the nth metadata block of the file begins. */
function nthBlock(bytes: Buffer, nth: number): number {
	const places = [...bytes.toString('latin1').matchAll(/\$(?:JSON {3}|TRACK0 |EPT {4}|BITMAP |INDEX {2})/g)];
	return places.length === 0 ? 0 : places[nth % places.length]!.index;
}

/** Another value for the nth number of `$JSON`, the file being sound otherwise. */
function withNumber(bytes: Buffer, nth: number, value: number): Uint8Array {
	const root = bytes.length < 52 ? -1 : Number(bytes.readBigUInt64LE(bytes.length - 20));
	const end = root < 0 || root + 32 > bytes.length ? -1 : root + 32 + bytes.readUInt32LE(root + 8);
	if (end < 0 || end + 20 !== bytes.length || (bytes[root + 28]! & 2) !== 0) return bytes;
	let i = 0;
	const text = bytes
		.toString('utf8', root + 32, end)
		.replace(/(?<=: |^ +)-?\d+(?=,?$)/gm, (number) => (i++ === nth ? String(value) : number));
	const json = encodeMetadataBlock('$JSON', Buffer.from(text), { last: true });
	return Buffer.concat([bytes.subarray(0, root), json, bytes.subarray(bytes.length - 20)]);
}

/** Gives every metadata block the MD5 of what it holds now: what a liar would do. */
function sealed(bytes: Uint8Array): Uint8Array {
	const copy = Buffer.from(bytes);
	for (const name of ['$JSON   ', '$TRACK0 ', '$EPT    ', '$INDEX  ']) {
		for (let at = copy.indexOf(name); at !== -1; at = copy.indexOf(name, at + 1)) {
			const length = at + 32 <= copy.length ? copy.readUInt32LE(at + 8) : 0;
			const payload = copy.subarray(at + 32, at + 32 + length);
			if (length > 0 && payload.length === length) copy.set(createHash('md5').update(payload).digest(), at + 12);
		}
	}
	return copy;
}

it.each(['none', 'medium'] as const)(
	'meets any damage with an error of ours and little memory (%s)',
	async (compression) => {
		const folder = await sample(compression);
		const names = [...folder.files.keys()];
		const biggest = Math.max(...[...folder.files.values()].map((bytes) => bytes.length));
		let refused = 0;
		await fc.assert(
			fc.asyncProperty(
				fc.nat(1),
				fc.array(someDamage, { minLength: 1, maxLength: 3 }),
				fc.boolean(),
				async (which, damages, seal) => {
					const damaged = folder.copy();
					const name = names[which]!;
					for (const damage of damages) damaged.files.set(name, apply(damaged.files.get(name)!, damage));
					if (seal) damaged.files.set(name, sealed(damaged.files.get(name)!));
					const largest = await largestAllocation(() => useAll(damaged));
					expect(largest).toBeLessThanOrEqual(Math.max(fixed, biggest));
					const { sets, damaged: strays } = await scanFolder(damaged, { codec });
					if (strays.length > 0 || sets.some((set) => set.damaged.length > 0)) refused++;
				},
			),
			{ numRuns: 400 },
		);
		expect(refused).toBeGreaterThan(10);
	},
);

it.each(['none', 'medium'] as const)(
	'finds flipped bytes of metadata wherever they say something (%s)',
	async (compression) => {
		const folder = await sample(compression);
		const [name] = [...folder.files.keys()];
		const bytes = Buffer.from(folder.files.get(name!)!);
		const { sets } = await scanFolder(folder, { codec });
		const { dataEnd } = sets[0]!.points[0]!.member;
		// What may change unseen: unused flag bits and padding of headers, the hash of an empty $BITMAP, and the names of
		// blocks that need not be there, since what has an unknown name is skipped.
		const unseen = new Set<number>();
		for (let nth = 0; nth < 8; nth++) {
			const at = nthBlock(bytes, nth);
			for (let i = 28; i < 32; i++) unseen.add(at + i);
			if (/^\$(BITMAP|EPT)/.test(bytes.toString('latin1', at, at + 8))) for (const i of range(1, 8)) unseen.add(at + i);
			if (bytes.toString('latin1', at, at + 7) === '$BITMAP') for (const i of range(12, 28)) unseen.add(at + i);
		}
		const silent: number[] = [];
		for (let at = dataEnd; at < bytes.length; at += 3) {
			if (unseen.has(at)) continue;
			const damaged = folder.copy();
			damaged.files.get(name!)![at]! ^= 0x10;
			if ((await failure(damaged)) === undefined) silent.push(at);
		}
		expect(silent).toEqual([]);
	},
);

function range(from: number, to: number): number[] {
	return Array.from({ length: to - from }, (_, i) => from + i);
}

async function failure(folder: MemoryFolder): Promise<unknown> {
	const { sets } = await scanFolder(folder, { codec });
	const point = sets[0]?.points.find((candidate) => candidate.type === 'full');
	if (point === undefined) return 'not found';
	try {
		await resolveAll(await openChain(folder, sets[0]!, point, { codec }));
		return undefined;
	} catch (error) {
		expect(isAfterimageError(error)).toBe(true);
		return error;
	}
}
