import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';
import { describe, expect, it } from 'vitest';
import { unnamedError } from '../../../../src/base/unnamed-errors.ts';
import { openFailure, writeFailure } from '../../../../src/engine/ports/system-errors.ts';

function failure(system: string, root: boolean) {
	const error = Object.assign(new Error(`${system}: not so, open '/x'`), { code: system });
	return openFailure(error, '/x', 'source-missing', root);
}

describe('the advice for a path that cannot be opened', () => {
	it('is to become root only for who is not', () => {
		for (const system of ['EACCES', 'EPERM']) {
			expect(failure(system, false)).toMatchObject({ code: 'permission-denied', message: '/x: not so' });
			expect(failure(system, false).advice).toMatch(/^Run it as root/);
			expect(failure(system, true).advice).toMatch(/^Root itself may not/);
		}
	});

	it('is to become administrator on Windows, and to close what uses a file', () => {
		const there = (system: string) =>
			openFailure(Object.assign(new Error(`${system}: not so`), { code: system }), 'x', 'source-missing', false, true);
		expect(there('EPERM').code).toBe('permission-denied');
		expect(there('EPERM').advice).toMatch(/administrator/);
		expect(there('EBUSY').code).toBe('target-in-use');
		expect(there('EBUSY').advice).toMatch(/^Close/);
	});

	it('is to name the share where there is no such drive, and to look at the server where Windows has no word for it', () => {
		const there = (system: string, path: string) =>
			openFailure(
				Object.assign(new Error(`${system}: unknown error, stat '${path}'`), { code: system }),
				path,
				'destination-missing',
				false,
				true,
			);
		expect(there('ENOENT', 'Q:\\backups')).toMatchObject({
			code: 'destination-missing',
			advice: expect.stringMatching(/no drive Q:.*\\\\server\\share/) as string,
		});
		for (const path of ['\\\\nas\\backups', 'backups']) expect(there('ENOENT', path).advice).toBeUndefined();
		expect(there('UNKNOWN', '\\\\nas\\backups')).toMatchObject({
			code: 'destination-missing',
			message: '\\\\nas\\backups: Windows cannot reach it',
			advice: expect.stringContaining('server') as string,
		});
		expect(failure('UNKNOWN', false)).toMatchObject({ code: 'failed', message: '/x: not so' });
	});

	it('is the same for everybody where rights do not matter', () => {
		for (const root of [true, false]) {
			expect(failure('EROFS', root).advice).toMatch(/read-only/);
			expect(failure('EBUSY', root).advice).toMatch(/^Unmount/);
			expect(failure('ENOENT', root)).toMatchObject({ code: 'source-missing', advice: undefined });
		}
	});
});

describe.skipIf(process.platform !== 'linux')('an error that Node has no name for', () => {
	it('is named as Linux does', () => {
		for (let number = 1; number < 134; number++) {
			const name = `Unknown system error -${number}`;
			const found = unnamedError(Object.assign(new Error(name), { code: name }));
			if (found === undefined) continue;
			expect(getSystemErrorMap().has(-number)).toBe(false);
			expect((constants.errno as Record<string, number>)[found.name] ?? number).toBe(number);
		}
		expect(
			unnamedError(Object.assign(new Error('x'), { code: 'Unknown system error -122' }), 'darwin'),
		).toBeUndefined();
		expect(unnamedError(Object.assign(new Error('x'), { code: 'EIO' }))).toBeUndefined();
	});

	it('is of a destination that has gone where the server knows it no more', () => {
		const name = 'Unknown system error -116';
		const error = Object.assign(new Error(`${name}: ${name}, open '/x'`), { code: name });
		expect(openFailure(error, '/x', 'destination-missing')).toMatchObject({
			code: 'destination-missing',
			message: '/x: the server knows the file no more',
			details: { system: 'ESTALE' },
		});
	});
});

describe('a write that fails', () => {
	const of = (system: string, words: string) =>
		writeFailure(Object.assign(new Error(`${system}: ${words}, write`), { code: system }), '/x', 7);

	/** As Node words an error that it has no name for. */
	const unnamed = (number: number) => {
		const name = `Unknown system error -${number}`;
		return writeFailure(Object.assign(new Error(`${name}: ${name}, write`), { code: name, errno: -number }), '/x', 7);
	};

	it.skipIf(process.platform !== 'linux')('is told from a full file system where a quota is used up', () => {
		expect(of('ENOSPC', 'so')).toMatchObject({ code: 'no-space', message: '/x: the file system is full' });
		expect(unnamed(122)).toMatchObject({
			code: 'no-space',
			message: '/x: the quota is used up',
			advice: expect.stringContaining('raised') as string,
		});
	});

	it('is of a destination that has gone where a share or the program behind a file system has ended', () => {
		for (const system of ['ENOENT', 'ESTALE', 'ENODEV']) {
			expect(of(system, 'so')).toMatchObject({
				code: 'destination-missing',
				message: '/x cannot be written at byte 7: so',
			});
		}
		for (const system of ['ENOTCONN', 'ECONNABORTED']) {
			expect(of(system, 'socket is not connected')).toMatchObject({
				code: 'destination-missing',
				message: '/x cannot be written at byte 7: the program or share behind its file system has ended',
			});
		}
	});

	it('has advice where the system has made its file system read-only, or the medium fails', () => {
		expect(of('EROFS', 'read-only file system')).toMatchObject({
			code: 'write-error',
			advice: expect.stringContaining('finds errors') as string,
		});
		expect(of('EIO', 'i/o error').advice).toContain('medium');
		expect(of('EINVAL', 'invalid argument').advice).toBeUndefined();
	});
});
