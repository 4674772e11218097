import { readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { setDamage } from '../../../src/engine/chain/set-damage.ts';
import { runInspect } from '../../../src/engine/jobs/inspect.ts';
import { findPoint, openNamed } from '../../../src/engine/open-image.ts';
import { FakeMachine } from '../../support/fakes/fake-context.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { fill } from '../image/arbitrary.ts';
import { backUp, codec, type ModelDisk, type SetKind } from '../image/backups.ts';
import { MemoryFolder } from '../image/memory-folder.ts';

const plain: SetKind = { imageid: '0123456789ABCDEF', compression: 'none', aes: 'none', password: '' };

/** A folder with a full and three incrementals, and the paths of all files. */
async function chain(kind = plain): Promise<{ folder: string; files: string[] }> {
	const folder = tempFolder();
	const memory = new MemoryFolder();
	const content = fill(20000, 1);
	const disk: ModelDisk = {
		...{ number: 0, format: 'gpt', signature: 'ABCDEF01', track0: fill(1024, 1), ept: [] },
		partitions: [{ start: 1 << 20, blockSize: 4096, content, reserved: 0, used: new Set([0, 1, 2]) }],
	};
	for (let backup = 0; backup < 4; backup++) {
		content[0] = backup;
		await backUp(memory, kind, backup === 0 ? 'full' : 'inc', [disk], 1000 + backup);
	}
	const names = [...memory.files.keys()].sort();
	for (const name of names) writeFileSync(join(folder, name), memory.files.get(name)!);
	return { folder, files: names.map((name) => join(folder, name)) };
}

/** Makes a file's end unreadable. */
function damage(path: string): void {
	const bytes = readFileSync(path);
	bytes.fill(0x58, bytes.length - 8);
	writeFileSync(path, bytes);
}

async function open(file: string) {
	return openNamed(await findPoint(file, codec), codec, undefined);
}

const phrase = 'is damaged (Footer magic at byte';

describe('a damaged file of a chain', () => {
	it.each([
		['a full', 0],
		['an incremental', 1],
	])('is told as damaged, not as missing, when a later backup needs it: %s', async (_, place) => {
		const { files } = await chain();
		damage(files[place]!);
		await expect(open(files[3]!)).rejects.toMatchObject({
			code: 'image-damaged',
			message: expect.stringMatching(
				new RegExp(`^${files[3]!} needs ${files[place]!}, which is damaged \\(Footer magic at byte \\d+: expected`),
			) as string,
		});
		const { file } = await runInspect(files[3]!, new FakeMachine().context);
		expect(file.damage).toContain(`${files[place]!} ${phrase}`);
		const { set } = await findPoint(files[3]!, codec);
		expect(setDamage(set)).toEqual([expect.stringContaining(`${files[place]!} ${phrase}`)]);
	});

	it('is known by the history where its name does not tell the set', async () => {
		const { files } = await chain({ ...plain, name: 'mine' });
		damage(files[1]!);
		await expect(open(files[3]!)).rejects.toThrow(`needs ${files[1]!}, which is damaged`);
	});

	it('is told beside one that is missing', async () => {
		const { files } = await chain();
		damage(files[1]!);
		rmSync(files[2]!);
		await expect(open(files[3]!)).rejects.toThrow(
			/01-01\.mrimgx, which is damaged \(.*\); .*02-02\.mrimgx, which is missing/,
		);
	});

	it('is named when it is asked for itself', async () => {
		const { files } = await chain();
		truncateSync(files[2]!, 100);
		await expect(open(files[2]!)).rejects.toMatchObject({
			code: 'image-damaged',
			message: expect.stringContaining(`${files[2]!}: `) as string,
		});
	});

	it('is told when it is the last part of a split backup', async () => {
		const { files } = await chain({ ...plain, splitSize: 9000 });
		const fulls = files.filter((file) => file.includes('-00-0'));
		expect(fulls.length).toBeGreaterThan(1);
		damage(fulls.at(-1)!);
		await expect(open(fulls[0]!)).rejects.toThrow(`${fulls[0]!} needs ${fulls.at(-1)!}, which is damaged`);
		await expect(open(files.at(-1)!)).rejects.toThrow(`needs ${fulls.at(-1)!}, which is damaged`);
	});
});

describe('a missing file of a chain', () => {
	it('is told by the path under which the set knew it', async () => {
		const { files } = await chain();
		renameSync(files[1]!, `${files[1]!}.away`);
		await expect(open(files[3]!)).rejects.toMatchObject({
			code: 'file-missing',
			message: expect.stringMatching(/03-03\.mrimgx needs .*01-01\.mrimgx$/) as string,
		});
	});
});
