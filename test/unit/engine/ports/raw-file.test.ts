import {
	linkSync,
	mkdirSync,
	readFileSync,
	readdirSync,
	renameSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { describeRawFile, openRawTarget, plainFileCalls, removeMade } from '../../../../src/engine/ports/raw-file.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const mebibyte = { createSize: 1 << 20 };

test('a new target is made with its size', async () => {
	const path = join(tempFolder(), 'disk.img');
	const target = openRawTarget(path, mebibyte, plainFileCalls);
	expect(target.size).toBe(1 << 20);
	await target.close();
	expect(statSync(path).size).toBe(1 << 20);
});

test('a new target never writes over what has come to its place since, nor through a link', () => {
	const folder = tempFolder();
	const victim = join(folder, 'victim');
	writeFileSync(victim, 'of somebody else');
	symlinkSync(victim, join(folder, 'link'));
	symlinkSync(join(folder, 'nowhere'), join(folder, 'dangling'));
	const names = readdirSync(folder);
	for (const name of ['victim', 'link', 'dangling']) {
		expect(() => openRawTarget(join(folder, name), mebibyte, plainFileCalls), name).toThrow(
			expect.objectContaining({ code: 'target-in-use', advice: expect.stringContaining('another target') as string }),
		);
	}
	expect(readFileSync(victim, 'utf8')).toBe('of somebody else');
	expect(readdirSync(folder)).toEqual(names);
});

test('a new target that is not wanted any more is removed, and nothing that has come to its place', async () => {
	const folder = tempFolder();
	const [path, victim] = [join(folder, 'disk.img'), join(folder, 'victim')];
	await removeMade(openRawTarget(path, mebibyte, plainFileCalls));
	expect(readdirSync(folder)).toEqual([]);
	const target = openRawTarget(path, mebibyte, plainFileCalls);
	renameSync(path, victim);
	writeFileSync(path, 'of somebody else');
	await removeMade(target);
	expect(readdirSync(folder)).toEqual(['disk.img', 'victim']);
	rmSync(path);
	await removeMade(openRawTarget(path, mebibyte, plainFileCalls));
	expect(readdirSync(folder)).toEqual(['victim']);
});

describe('an existing target', () => {
	/** A raw file in a folder, and a file that nobody wants overwritten. */
	function setUp() {
		const root = tempFolder();
		const folder = join(root, 'folder');
		mkdirSync(folder);
		const [path, victim] = [join(folder, 'disk.img'), join(root, 'victim')];
		writeFileSync(path, 'abcdef');
		writeFileSync(victim, 'of somebody else');
		return { root, folder, path, victim };
	}

	/** What the target was when it was checked. */
	const checked = (path: string) => ({ identity: describeRawFile(path)!.identity });

	async function writeTo(path: string, expected: ReturnType<typeof checked>) {
		const target = openRawTarget(path, expected, plainFileCalls);
		await target.write(1, Buffer.from('X'));
		await target.close();
	}

	it('is written as it is, and said to be gone when it is', async () => {
		const { path } = setUp();
		await writeTo(path, checked(path));
		expect(readFileSync(path, 'utf8')).toBe('aXcdef');
		const expected = checked(path);
		rmSync(path);
		await expect(writeTo(path, expected)).rejects.toMatchObject({ code: 'destination-missing' });
		expect(readdirSync(dirname(path))).toEqual([]);
	});

	it('is written through a link that was there when it was checked', async () => {
		const { root, path } = setUp();
		const link = join(root, 'link.img');
		symlinkSync(path, link);
		await writeTo(link, checked(link));
		expect(readFileSync(path, 'utf8')).toBe('aXcdef');
	});

	it.each<[string, (scene: ReturnType<typeof setUp>) => void]>([
		[
			'a link',
			({ path, victim }) => {
				rmSync(path);
				symlinkSync(victim, path);
			},
		],
		[
			'another name of a file',
			({ path, victim }) => {
				rmSync(path);
				linkSync(victim, path);
			},
		],
		[
			'a new file',
			({ path }) => {
				renameSync(path, `${path}.old`);
				writeFileSync(path, 'of somebody else');
			},
		],
		[
			'a link in the place of its folder',
			({ root, folder, victim }) => {
				renameSync(folder, join(root, 'old'));
				mkdirSync(join(root, 'elsewhere'));
				renameSync(victim, join(root, 'elsewhere', 'disk.img'));
				symlinkSync(join(root, 'elsewhere'), folder);
			},
		],
	])('is left alone when %s has come to its place since it was checked', async (_, replace) => {
		const scene = setUp();
		const expected = checked(scene.path);
		replace(scene);
		await expect(writeTo(scene.path, expected)).rejects.toMatchObject({
			code: 'target-in-use',
			message: expect.stringContaining('found another by now') as string,
		});
		expect(readFileSync(scene.path, 'utf8')).toBe('of somebody else');
	});

	it('is left alone when the link that was there leads elsewhere by now', async () => {
		const { root, path, victim } = setUp();
		const link = join(root, 'link.img');
		symlinkSync(path, link);
		const expected = checked(link);
		rmSync(link);
		symlinkSync(victim, link);
		await expect(writeTo(link, expected)).rejects.toMatchObject({ code: 'target-in-use' });
		expect(readFileSync(victim, 'utf8')).toBe('of somebody else');
	});

	it('is left alone where a device was expected', async () => {
		const { path } = setUp();
		await expect(writeTo(path, { identity: undefined })).rejects.toMatchObject({ code: 'target-in-use' });
		expect(readFileSync(path, 'utf8')).toBe('abcdef');
	});
});
