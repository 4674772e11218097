import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ImageResult } from '../../../../src/engine/requests/image.ts';
import type { RunRecord } from '../../../../src/protocol/jobs.ts';
import { afterimage, afterimageResult } from '../../../support/cli.ts';
import { ext4From, makeRawDisk, patch } from '../../../support/raw-disk.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';
import { requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { whileServing } from '../../../support/serving.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';

const ready = requireTools(['mkfs.ext4', 'sfdisk', 'qemu-img']);
const temp = useTempFolder();
const mebibyte = 2 ** 20;

/** Bytes of a file in the image, which lie in it as they are. */
let needle = Buffer.alloc(0);
let image = '';

beforeAll(async () => {
	if (!ready) return;
	const files = await temp.folder('files');
	const noise = Buffer.from(randomNumbers(9).fill(new Uint8Array(3 * mebibyte)));
	writeFileSync(join(files, 'noise'), noise);
	needle = noise.subarray(mebibyte, mebibyte + 64);
	const disk = temp.file('disk.img');
	await makeRawDisk(disk, 'gpt', 34, [{ start: 1, size: 32, type: 'L', make: ext4From(files) }]);
	const args = ['image', disk, '--to', await temp.folder('images'), '--compression', 'none'];
	image = (await afterimageResult<ImageResult>(args)).files[0]!;
});

const converted = (uri: string, ...options: string[]) =>
	run('qemu-img', ['convert', '-f', 'raw', '-O', 'raw', ...options, uri, temp.file('copy.img')], { codes: [0, 1] });

describe('serving', () => {
	it('keeps its socket from others, tells who comes and goes, and leaves nothing behind', async () => {
		let socket = '';
		const log = await whileServing([image], async ({ served }) => {
			socket = served.socket!;
			expect(statSync(socket).mode & 0o777).toBe(0o600);
			expect(statSync(dirname(socket)).mode & 0o777).toBe(0o700);
			expect((await converted(served.disks[0]!.partitions[0]!.uri)).code).toBe(0);
		});
		expect(log).toEqual([
			'Client 1 reads disk-0/partition-1',
			expect.stringMatching(/^Client 1 has gone, after \d+\.\d\d MB$/),
			expect.stringMatching(/^Served 1 client, \d+\.\d\d MB, in \d+ s$/),
		]);
		expect(existsSync(dirname(socket))).toBe(false);
		const [last] = (await afterimageResult<{ runs: readonly RunRecord[] }>(['runs'])).runs;
		expect(last).toMatchObject({ kind: 'serve', title: `Serve ${basename(image)}`, outcome: 'success' });
		expect(last!.summary).toMatch(/^Served 1 client, \d+\.\d\d MB$/);
		expect(readFileSync(last!.logPath!, 'utf8')).toContain('Client 1 reads disk-0/partition-1');
	});

	it('of a damaged block gives an error to who reads it, names it in its log, and gives the rest', async () => {
		const damaged = temp.file('damaged.mrimgx');
		const bytes = readFileSync(image);
		const at = bytes.indexOf(needle);
		expect(at).toBeGreaterThan(0);
		writeFileSync(damaged, bytes);
		await patch(damaged, at, new Uint8Array([0, 1, 2, 3]));
		const log = await whileServing([damaged], async ({ served }) => {
			const failed = await converted(served.uri!);
			expect([failed.code, failed.stderr]).toEqual([1, expect.stringContaining('Input/output error')]);
			expect((await converted(served.uri!, '--salvage')).code).toBe(0);
			const copy = readFileSync(temp.file('copy.img'));
			expect(copy.indexOf(needle)).toBe(-1);
			// The file system around it is there.
			expect((await run('e2fsck', ['-fn', `${temp.file('copy.img')}?offset=${mebibyte}`])).code).toBe(0);
		});
		const warnings = log.filter((line) => line.includes('cannot be read'));
		expect(warnings).toEqual([
			expect.stringMatching(
				/^disk-0 cannot be read in a place\. Disk 0, partition 1, block \d+: bytes \d+ to \d+, at byte \d+ of .*damaged\.mrimgx: MD5/,
			),
		]);
	});

	it('warns where others can reach it, and listens there', async () => {
		const log = await whileServing([image, '--bind', '0.0.0.0'], async ({ served }) => {
			const port = new URL(served.uri!).port;
			expect((await converted(`nbd://127.0.0.1:${port}/`)).code).toBe(0);
		});
		expect(log[0]).toBe('NBD knows no password: whoever reaches 0.0.0.0 can read all of the backup');
		expect(log[1]).toMatch(/^Client 1 \(127\.0\.0\.1:\d+\) reads disk-0$/);
	});

	it('refuses a place that is taken, and a disk that there is not', async () => {
		const taken = temp.file('taken');
		const other = createServer().listen(taken);
		const cases: [string[], number, RegExp][] = [
			[['--socket', taken], 3, /^Error: .*taken is in use already/],
			[['--disk', '7'], 2, /^Error: .* has no disk 7; it has 0/],
		];
		for (const [options, code, said] of cases) {
			const result = await afterimage(['serve', image, ...options]);
			expect([result.code, result.err]).toEqual([code, expect.stringMatching(said)]);
			expect(result.out).toBe('');
		}
		other.close();
	});
});
