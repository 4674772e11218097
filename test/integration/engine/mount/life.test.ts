import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ImageResult } from '../../../../src/engine/requests/image.ts';
import { afterimage, afterimageJson, afterimageResult } from '../../../support/cli.ts';
import { messagesOf, startMount, whileMounted } from '../../../support/mounting.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';
import { ext4From, makeRawDisk, patch } from '../../../support/raw-disk.ts';
import { requireFuse, requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';

const ready = requireTools(['mkfs.ext4', 'sfdisk', 'fusermount3', 'setpriv', 'findmnt']);
requireRoot();
requireFuse();
const temp = useTempFolder();

const size = 400_000;
const bytesOf = (seed: number) => randomNumbers(seed).fill(new Uint8Array(size));
/** An account without rights. */
const user = 65_534;
const asUser = ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups'];

let image = '';

beforeAll(async () => {
	if (!ready) return;
	const files = await temp.folder('files');
	for (let i = 1; i < 4; i++) await writeFile(join(files, `file-${i}`), bytesOf(i), { mode: 0o600 });
	const disk = temp.file('disk.img');
	await makeRawDisk(disk, 'gpt', 18, [{ start: 1, size: 16, type: 'L', make: ext4From(files) }]);
	const args = ['image', disk, '--to', await temp.folder('images'), '--compression', 'none'];
	image = (await afterimageResult<ImageResult>(args)).files[0]!;
	chmodSync(temp.path, 0o755);
	chmodSync(dirname(image), 0o755);
	chmodSync(image, 0o644);
});

const isMounted = async (folder: string) => (await run('findmnt', [folder], { codes: [0, 1] })).code === 0;

describe('a mount', () => {
	it('in a folder that is not there makes it, and takes it away when somebody unmounts it', async () => {
		const folder = temp.file('made');
		const { mounted, ended } = await startMount([image, folder]);
		expect(mounted).toMatchObject({ image, folder, shared: true, partitions: [{ partition: 1, path: '' }] });
		await run('cmp', [join(folder, 'file-1'), join(temp.file('files'), 'file-1')]);
		await run('umount', [folder]);
		expect(await ended).toMatchObject({ code: 0, err: '' });
		expect(existsSync(folder)).toBe(false);
	});

	it('that is in use goes all the same at Ctrl+C, with a line, and at once', async () => {
		const folder = await temp.folder('busy');
		const sign = temp.file('busy-sign');
		rmSync(sign, { force: true });
		const { child, ended } = await startMount([image, folder]);
		const holder = run('sh', ['-c', 'exec 3< "$1"; echo > "$2"; sleep 4', 'sh', join(folder, 'file-1'), sign]);
		while (!existsSync(sign)) await delay(20);
		const sent = Date.now();
		child.kill('SIGINT');
		const { code, out } = await ended;
		expect(code).toBe(0);
		console.info(`ended after ${Date.now() - sent} ms`);
		expect(messagesOf(out)).toEqual([
			`${folder} was in use and is unmounted all the same: what is open there cannot be read any more`,
		]);
		expect(await isMounted(folder)).toBe(false);
		await holder;
	});

	it('of a process that was killed is taken away by the next one', async () => {
		const folder = await temp.folder('killed');
		const { child, ended } = await startMount([image, folder]);
		child.kill('SIGKILL');
		await ended;
		expect((await run('ls', [folder], { codes: [2] })).stderr).toContain('not connected');
		const log = await whileMounted([image, folder], async () => {
			await run('cmp', [join(folder, 'file-1'), join(temp.file('files'), 'file-1')]);
		});
		expect(log).toEqual([`${folder}: unmounted what a process that was killed had left there`]);
		expect(await isMounted(folder)).toBe(false);
	});

	it('refuses a folder that holds something, a file, and one without a folder above', async () => {
		const folder = await temp.folder('full');
		mkdirSync(join(folder, 'thing'));
		const refused = await afterimage(['mount', image, folder]);
		expect(refused).toMatchObject({
			code: 2,
			err: expect.stringContaining(`${folder} is not empty: it holds thing`) as string,
		});
		expect((await afterimage(['mount', image, image])).err).toContain(`${image} is a file, not a folder`);
		const [error] = await afterimageJson(['mount', image, join(folder, 'no', 'where')], 8);
		expect(error).toMatchObject({ code: 'destination-missing' });
	});

	it('fails to read what lies in a damaged block, names it once, and gives everything else', async () => {
		const copy = join(await temp.folder('damaged'), 'damaged.mrimgx');
		await run('cp', [image, copy]);
		const at = readFileSync(copy).indexOf(Buffer.from(bytesOf(2).subarray(200_000, 200_100)));
		await patch(copy, at, new Uint8Array([0, 1, 2, 3]));
		const folder = await temp.folder('of-damaged');
		const log = await whileMounted([copy, folder], async () => {
			for (const i of [1, 3]) await run('cmp', [join(folder, `file-${i}`), join(temp.file('files'), `file-${i}`)]);
			for (let i = 0; i < 2; i++) {
				const { stderr } = await run('cat', [join(folder, 'file-2')], { codes: [1] });
				expect(stderr).toContain('Input/output error');
			}
			const rest = await run('sh', ['-c', 'tail -c 1000 "$1" | sha256sum', 'sh', join(folder, 'file-2')]);
			const source = join(temp.file('files'), 'file-2');
			expect(rest.stdout).toBe((await run('sh', ['-c', 'tail -c 1000 "$1" | sha256sum', 'sh', source])).stdout);
		});
		expect(log).toEqual([
			expect.stringMatching(/of-damaged\/file-2: Disk 0, partition 1, block \d+: bytes \d+ to \d+, .*: MD5/) as string,
		]);
	});
});

describe('without root', () => {
	it('is mounted by fusermount3, for this user alone, to all files', async () => {
		const folder = await temp.folder('of-user');
		const data = await temp.folder('data');
		for (const path of [folder, data]) chownSync(path, user, user);
		const under = [...asUser, 'env', `AFTERIMAGE_DATA=${data}`];
		const log = await whileMounted(
			[image, folder],
			async ({ shared }) => {
				expect(shared).toBe(false);
				const read = [...asUser.slice(1), 'cmp', join(folder, 'file-1'), join(temp.file('files'), 'file-1')];
				chmodSync(join(temp.file('files'), 'file-1'), 0o644);
				await run('setpriv', read);
				expect((await run('ls', [folder], { codes: [2] })).stderr).toContain('Permission denied');
				expect((await run('findmnt', ['-n', '-o', 'FSTYPE,OPTIONS', folder])).stdout).toMatch(
					/^fuse\.afterimage ro,nosuid,nodev,/,
				);
			},
			under,
		);
		expect(log).toEqual([]);
		expect(await isMounted(folder)).toBe(false);
		const strange = await temp.folder('of-root');
		const refused = await afterimage(['mount', image, strange], undefined, under);
		expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('Nothing can be mounted at') as string });
	});
});
