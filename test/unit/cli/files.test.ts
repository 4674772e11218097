import { expect, it } from 'vitest';
import { AfterimageError } from '../../../src/base/errors.ts';
import { run } from './run-on-engine.ts';

const partition = { disk: 0, partition: 1, fileSystem: 'ext', label: 'data', size: 2 ** 20 };
const encrypted = { code: 'not-supported', message: 'it is encrypted' } as const;
const locked = { ...partition, partition: 2, fileSystem: 'LUKS2', label: '', objection: encrypted };
const folder = (...entries: object[]) => ({ entries, caseSensitive: true, warnings: ['It was in use'] });
const modified = Date.UTC(2024, 1, 2, 3, 4, 5);

/** An engine that gives these answers, one after the other. */
function answering(...answers: unknown[]) {
	return () => {
		const answer = answers.shift();
		return answer instanceof Error ? Promise.reject(answer) : answer;
	};
}

it('lists folders with all they hold, and damage among it, of the only partition that has files', async () => {
	const { code, out, err, requests } = await run(
		['files', 'a.mrimgx', '/', '--recursive'],
		answering(
			[partition, locked],
			folder({ name: '', kind: 'folder', size: 0 }),
			folder(
				{ name: 'bad', kind: 'folder', size: 0 },
				{ name: 'd', kind: 'folder', size: 0, modified },
				{ name: 'l', kind: 'link', size: 0, note: 'd/f' },
			),
			new AfterimageError('structure-damaged', 'its block is damaged'),
			folder({ name: 'f', kind: 'file', size: 2048, modified: Number.MAX_VALUE }),
		),
	);
	expect(out.split('\n')).toEqual([
		'Kind        Size  Changed (UTC)        Name',
		'damaged                                bad - its block is damaged',
		'folder            2024-02-02 03:04:05  d',
		'         2.00 KB                       d/f',
		'link                                   l -> d/f',
		'1 file (2.00 KB), 1 folder',
		'',
	]);
	expect(err).toContain('Warning: It was in use');
	expect(code).toBe(6);
	expect(requests.at(-1)).toMatchObject({ place: { image: 'a.mrimgx', disk: 0, partition: 1, path: '//d' } });
});

it('lists the partitions where several may be meant, and asks which one', async () => {
	const other = { ...partition, partition: 3, label: '' };
	const { out, code } = await run(['files', 'a.mrimgx'], answering([partition, locked, other]));
	expect(out).toContain('no: it is encrypted');
	expect(code).toBe(0);
	const which = await run(['extract', 'a.mrimgx', 'x', '--to', '/out'], answering([partition, locked, other]));
	expect(which.err).toContain('Which partition: disk 0 partition 1 (ext2/3/4, data), disk 0 partition 3 (ext2/3/4)?');
	expect(which.code).toBe(2);
	const none = await run(['extract', 'a.mrimgx', 'x', '--to', '/out'], answering([locked, locked]));
	expect(none.err).toContain('no partition with files');
});

it('fails where the folder does not take a file, which is not there then', async () => {
	const left = [
		{ path: 'pipe', reason: 'it is a pipe' },
		{ path: 'large', reason: 'file too large', refused: true },
	];
	const result = {
		...{ folder: '/out', files: 2, folders: 0, links: 0, hardLinks: 0, bytes: 2048, seconds: 3 },
		...{ renamed: [], notKept: [], damaged: [] },
	};
	const extract = (skipped: object[]) =>
		run(['extract', 'a.mrimgx', '/', '--to', '/out'], answering([partition, locked], { ...result, skipped }));
	const { out, code } = await extract(left);
	expect(out).toContain('\n1 of what was asked for could not be put into /out\n');
	expect(code).toBe(1);
	expect((await extract(left.slice(0, 1))).code).toBe(0);
});

it('tells what was extracted, and what could not be read', async () => {
	const result = {
		...{ folder: '/out', files: 2, folders: 0, links: 1, bytes: 2048, renamed: [], skipped: [], seconds: 3 },
		...{ hardLinks: 1, notKept: [] },
		damaged: [{ path: 'd/bad', reason: 'block 7 is bad' }],
	};
	const { out, code, requests } = await run(
		['extract', 'a.mrimgx', 'x', 'd', '--to', '/out', '--overwrite', '--partition', '1', '--no-owner'],
		answering([partition, locked], result),
	);
	expect(out.split('\n')).toEqual([
		'd/bad: block 7 is bad',
		'Extracted to /out: 2 files (2.00 KB), 1 link, 1 hard link among them, in 3 s',
		'1 of what was asked for could not be read',
		'',
	]);
	expect(code).toBe(6);
	const asked = { disk: 0, partition: 1, paths: ['x', 'd'], folder: '/out', overwrite: true, owners: false };
	expect(requests.at(-1)).toMatchObject(asked);
});
