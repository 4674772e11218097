import { describe, expect, it } from 'vitest';
import type { PositionalIo } from '../../../../src/engine/pipeline/worker/positional-io.ts';
import { readRange } from '../../../../src/engine/pipeline/worker/read-range.ts';

const size = 1 << 20;
const content = Uint8Array.from({ length: size }, (_, i) => (i * 31 + (i >> 9)) & 255);

interface Disk {
	readonly io: PositionalIo;
	readonly reads: number[];
	readonly pauses: number[];
}

/** A disk with bad sectors; each range fails `times` times. */
function disk(bad: [from: number, to: number][], times = Infinity, code = 'EIO', most = size): Disk {
	const reads: number[] = [];
	const pauses: number[] = [];
	const failed = new Map<number, number>();
	return {
		reads,
		pauses,
		io: {
			open: () => ({ fd: 3, size }),
			close: () => undefined,
			read(_, target, position) {
				reads.push(target.length);
				for (const [from, to] of bad) {
					if (position >= to || position + target.length <= from) continue;
					failed.set(from, (failed.get(from) ?? 0) + 1);
					if (failed.get(from)! <= times) throw Object.assign(new Error(`${code}: no`), { code });
				}
				const count = Math.min(target.length, most, size - position);
				target.set(content.subarray(position, position + count));
				return count;
			},
			write: () => 0,
			pause: (milliseconds) => pauses.push(milliseconds),
		},
	};
}

const never = () => false;

function read({ io }: Disk, position: number, length: number, skip: boolean): { bytes: Uint8Array; bad: number[][] } {
	const bytes = new Uint8Array(length).fill(255);
	const bad: number[][] = [];
	readRange(io, 3, position, bytes, skip ? { report: (...range) => bad.push(range) } : undefined, never);
	return { bytes, bad };
}

describe('reading a range', () => {
	it('takes short reads together', () => {
		expect(read(disk([], 0, '', 1000), 777, 100_000, false).bytes).toEqual(content.slice(777, 100_777));
	});

	it('tries three times, with pauses that grow', () => {
		const twice = disk([[5000, 5512]], 2);
		expect(read(twice, 0, 65536, false).bytes).toEqual(content.slice(0, 65536));
		expect(twice.reads).toEqual([65536, 65536, 65536]);
		expect(twice.pauses[1]).toBeGreaterThan(twice.pauses[0]!);
	});

	it('names the first sector that cannot be read', () => {
		const error = () =>
			read(
				disk([
					[40_960, 41_472],
					[50_000, 60_000],
				]),
				4096,
				65536,
				false,
			);
		expect(error).toThrow(
			expect.objectContaining({ code: 'read-error', details: { offset: 40_960, length: 512, system: 'EIO' } }),
		);
		expect(error).toThrow(/byte 40960 of the source/);
	});

	it('reads zeros for bad sectors alone and reports them', () => {
		const { bytes, bad } = read(
			disk([
				[1536, 2048],
				[10_000, 10_001],
				[65_000, 70_000],
			]),
			512,
			65536,
			true,
		);
		const expected = content.slice(512, 512 + 65536);
		const ranges = [
			[1536, 2048],
			[9728, 10_240],
			[64_512, 512 + 65536],
		] as const;
		for (const [from, to] of ranges) expected.fill(0, from - 512, to - 512);
		expect(bytes).toEqual(expected);
		const sectors = ranges.flatMap(([from, to]) =>
			Array.from({ length: (to - from) / 512 }, (_, i) => [from + i * 512, 512]),
		);
		expect(bad).toEqual(sectors);
	});

	it('keeps to whole sectors when the range does not end on one', () => {
		const { bytes, bad } = read(disk([[1100, 1101]]), 0, 1300, true);
		expect(bad).toEqual([[1024, 276]]);
		expect(bytes.subarray(0, 1024)).toEqual(content.slice(0, 1024));
	});

	it('loses no sound sector of a disk of 4 KiB sectors, which Windows reads whole alone', () => {
		const one = disk([[8 * 4096, 9 * 4096]]);
		const io: PositionalIo = {
			...one.io,
			read(fd, target, position) {
				if (position % 4096 === 0 && target.length % 4096 === 0) return one.io.read(fd, target, position);
				throw Object.assign(new Error('EINVAL: no'), { code: 'EINVAL' });
			},
		};
		const { bytes, bad } = read({ ...one, io }, 7 * 4096, 7 * 4096, true);
		expect(bad.map(([at]) => Math.floor(at! / 4096))).toEqual(new Array(8).fill(8));
		const expected = content.slice(7 * 4096, 14 * 4096);
		expect(bytes).toEqual(expected.fill(0, 4096, 2 * 4096));
	});

	it('takes an error that Node has no name for as one of the sectors while another place can be read', () => {
		const { bytes, bad } = read(disk([[9000, 9001]], Infinity, 'UNKNOWN'), 8192, 65536, true);
		expect(bad).toEqual([[8704, 512]]);
		const expected = content.slice(8192, 8192 + 65536);
		expected.fill(0, 512, 1024);
		expect(bytes).toEqual(expected);
	});

	it('takes it as one of a disk that has gone when no other place can be read', () => {
		const gone = disk([[0, size]], Infinity, 'UNKNOWN');
		expect(() => read(gone, 8192, 65536, true)).toThrow(
			expect.objectContaining({ code: 'read-error', details: { offset: 8192, length: 65536, system: 'UNKNOWN' } }),
		);
		expect(gone.reads.length).toBe(2);
	});

	it.each(['EBADF', 'EISDIR', 'ENODEV', 'EINVAL'])('does not search for bad sectors after %s', (code) => {
		const broken = disk([[0, size]], Infinity, code);
		expect(() => read(broken, 8192, 65536, true)).toThrow(
			expect.objectContaining({ code: 'read-error', details: { offset: 8192, length: 65536, system: code } }),
		);
		expect(broken.reads.length).toBe(1);
	});

	it('tells where a source ends that should go on, bad sectors or not', () => {
		for (const skip of [false, true]) {
			expect(() => read(disk([]), size - 100, 4096, skip)).toThrow(
				expect.objectContaining({ code: 'read-error', details: { offset: size, length: 3996 } }),
			);
		}
	});

	it('gives up when it is cancelled', () => {
		const { io, reads } = disk([[0, size]]);
		const cancelled = () => reads.length >= 5;
		const bad = { report: () => undefined };
		const error = () => readRange(io, 3, 0, new Uint8Array(65536), bad, cancelled);
		expect(error).toThrow(expect.objectContaining({ code: 'cancelled' }));
		expect(reads.length).toBe(5);
	});
});
