import { describe, expect, it } from 'vitest';
import { AfterimageError } from '../../../../src/base/errors.ts';
import { BackedUpFiles } from '../../../../src/extension/browse/backed-up-files.ts';
import type { BackedUpFile } from '../../../../src/protocol/files.ts';

const image = '/b/A-00-00.mrimgx';
const place = (path: string) => ({ image, disk: 0, partition: 1, path });
const entry: BackedUpFile = { name: 'fstab', kind: 'file', size: 3 };

interface Request {
	readonly method: string;
	readonly params: { readonly password?: string };
}

/** An engine that answers every question with one file, once the password is right. */
function engineWith(right?: string) {
	const requests: Request[] = [];
	const request = async (method: string, params: Request['params']) => {
		requests.push({ method, params });
		if (right !== undefined && params.password === undefined) throw new AfterimageError('password-needed', 'encrypted');
		if (params.password !== right) throw new AfterimageError('wrong-password', 'wrong');
		return { entries: [entry], caseSensitive: true, warnings: [] };
	};
	return { requests, request: request as never };
}

function setUp(right: string | undefined, answers: readonly (string | undefined)[] = []) {
	const engine = engineWith(right);
	const questions: [key: string, what: string, wrong: boolean | undefined][] = [];
	const waiting = [...answers];
	let now = 0;
	const files = new BackedUpFiles({
		engine: async () => engine,
		passwords: {
			get: async (...question) => {
				questions.push(question as (typeof questions)[number]);
				return waiting.shift();
			},
		},
		imageId: async () => 'ABCD',
		now: () => now,
	});
	return { files, questions, requests: engine.requests, later: (milliseconds: number) => (now += milliseconds) };
}

describe('listings', () => {
	it('are kept for a minute, and answer for single files', async () => {
		const { files, requests, later } = setUp(undefined);
		await files.list(place('etc'));
		await files.list(place('etc/'));
		expect(await files.stat(place('etc/fstab'))).toEqual(entry);
		expect(requests.map(({ method }) => method)).toEqual(['files/list']);
		later(60_000);
		await files.stat(place('etc/fstab'));
		await files.list(place('etc'));
		files.refresh();
		await files.list(place('etc'));
		expect(requests.map(({ method }) => method)).toEqual(['files/list', 'files/stat', 'files/list', 'files/list']);
	});

	it('do not answer for what they do not name: the engine knows whether case matters', async () => {
		const { files, requests } = setUp(undefined);
		await files.list(place('etc'));
		await files.stat(place('etc/FSTAB'));
		await files.stat(place(''));
		expect(requests.map(({ method }) => method)).toEqual(['files/list', 'files/stat', 'files/stat']);
	});

	it('are asked for again when they failed', async () => {
		const { files, requests } = setUp('right', [undefined]);
		await expect(files.list(place('etc'))).rejects.toThrow('encrypted');
		await expect(files.list(place('etc'))).rejects.toThrow('encrypted');
		expect(requests).toHaveLength(2);
	});

	it('of long ago make room for new ones', async () => {
		const { files, requests } = setUp(undefined);
		for (let number = 0; number < 65; number++) await files.list(place(String(number)));
		await files.list(place('64'));
		expect(requests).toHaveLength(65);
		await files.list(place('0'));
		expect(requests).toHaveLength(66);
	});
});

describe('passwords', () => {
	it('are asked for once, by the id of the set, whoever waits', async () => {
		const { files, questions, requests } = setUp('right', ['right']);
		await Promise.all([files.list(place('a')), files.list(place('b')), files.stat(place('c/d'))]);
		expect(questions).toEqual([['ABCD', 'A-00-00.mrimgx', false]]);
		expect(files.passwordOf(image)).toBe('right');
		await files.read(place('c/d'), 0, 10);
		expect(requests.at(-1)!.params).toEqual({ place: place('c/d'), offset: 0, length: 10, password: 'right' });
		expect(questions).toHaveLength(1);
	});

	it('are asked for again when they are wrong', async () => {
		const { files, questions } = setUp('right', ['wrong', 'right']);
		await files.list(place('a'));
		expect(questions.map(([, , wrong]) => wrong)).toEqual([false, true]);
	});

	it('of one backup open the others of its set', async () => {
		const { files, questions } = setUp('right', ['right']);
		await files.list(place('a'));
		await files.list({ ...place('a'), image: '/b/A-01-01.mrimgx' });
		expect(questions).toHaveLength(1);
	});

	it('are not asked for again at once when the user does not give one', async () => {
		const { files, questions, later } = setUp('right', [undefined, undefined, 'right']);
		await expect(files.list(place('a'))).rejects.toThrow('encrypted');
		await expect(files.stat(place('b'))).rejects.toThrow('encrypted');
		expect(questions).toHaveLength(1);
		later(5_000);
		await expect(files.stat(place('b'))).rejects.toThrow('encrypted');
		expect(questions).toHaveLength(2);
		files.refresh();
		await files.list(place('a'));
		expect(questions).toHaveLength(3);
	});

	it('are forgotten when that is asked for', async () => {
		const { files, questions } = setUp('right', ['right', 'right']);
		await files.list(place('a'));
		files.forget();
		expect(files.passwordOf(image)).toBeUndefined();
		await files.list(place('a'));
		expect(questions).toHaveLength(2);
	});

	it('do not help against other failures', async () => {
		const files = new BackedUpFiles({
			engine: async () => ({ request: () => Promise.reject(new AfterimageError('image-damaged', 'broken')) }),
			passwords: { get: () => Promise.reject(new Error('asked')) },
			imageId: async () => 'ABCD',
		});
		await expect(files.partitions(image)).rejects.toThrow('broken');
	});
});
