import { copyFileSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { setDamage } from '../../../../src/engine/chain/set-damage.ts';
import { runInspect } from '../../../../src/engine/jobs/inspect.ts';
import { findPoint, openNamed } from '../../../../src/engine/load/open-image.ts';
import { FakeMachine } from '../../../support/fakes/fake-context.ts';
import { codec } from '../../image/backups.ts';
import { makeChain, plainSet } from '../image-files.ts';

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
		const { files } = await makeChain();
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
		const { files } = await makeChain({ ...plainSet, name: 'mine' });
		damage(files[1]!);
		await expect(open(files[3]!)).rejects.toThrow(`needs ${files[1]!}, which is damaged`);
	});

	it('is told beside one that is missing', async () => {
		const { files } = await makeChain();
		damage(files[1]!);
		rmSync(files[2]!);
		await expect(open(files[3]!)).rejects.toThrow(
			/01-01\.mrimgx, which is damaged \(.*\); .*02-02\.mrimgx, which is missing/,
		);
	});

	it('is named when it is asked for itself', async () => {
		const { files } = await makeChain();
		truncateSync(files[2]!, 100);
		await expect(open(files[2]!)).rejects.toMatchObject({
			code: 'image-damaged',
			message: expect.stringContaining(`${files[2]!}: `) as string,
		});
	});

	it('is told when it is the last part of a split backup', async () => {
		const { files } = await makeChain({ ...plainSet, splitSize: 9000 });
		const fulls = files.filter((file) => file.includes('-00-0'));
		expect(fulls.length).toBeGreaterThan(1);
		damage(fulls.at(-1)!);
		await expect(open(fulls[0]!)).rejects.toThrow(`${fulls[0]!} needs ${fulls.at(-1)!}, which is damaged`);
		await expect(open(files.at(-1)!)).rejects.toThrow(`needs ${fulls.at(-1)!}, which is damaged`);
	});
});

describe('a missing file of a chain', () => {
	it('is told by the path under which the set knew it', async () => {
		const { files } = await makeChain();
		renameSync(files[1]!, `${files[1]!}.away`);
		await expect(open(files[3]!)).rejects.toMatchObject({
			code: 'file-missing',
			message: expect.stringMatching(/03-03\.mrimgx needs .*01-01\.mrimgx$/) as string,
		});
	});
});

describe('a copy of a file of a chain', () => {
	it.each(['copy.mrimgx', '0123456789ABCDEF-00-09.mrimgx', 'copy without extension'])(
		'is told as that, and leaves the chain to the file that it was made of: %s',
		async (name) => {
			const { folder, files } = await makeChain();
			const copy = join(folder, name);
			copyFileSync(files[1]!, copy);
			await expect(open(copy)).rejects.toMatchObject({
				code: 'invalid-argument',
				message: `${copy} is a copy of 0123456789ABCDEF-01-01.mrimgx`,
			});
			const { point } = await findPoint(files[1]!, codec);
			expect(point.member.path).toBe(files[1]);
			expect((await open(files[3]!)).files.get(1)!.path).toBe(files[1]);
		},
	);

	it('takes the place of the file when that is damaged', async () => {
		const { folder, files } = await makeChain();
		const copy = join(folder, 'copy.mrimgx');
		copyFileSync(files[1]!, copy);
		damage(files[1]!);
		expect((await open(files[3]!)).files.get(1)!.path).toBe(copy);
	});
});
