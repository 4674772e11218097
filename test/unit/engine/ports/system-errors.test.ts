import { describe, expect, it } from 'vitest';
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

describe('a write that fails', () => {
	const of = (system: string, words: string) =>
		writeFailure(Object.assign(new Error(`${system}: ${words}, write`), { code: system }), '/x', 7);

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
