import { expect, it } from 'vitest';
import { phraseOf, win32Failure } from '../../../../../native/win32/api/errors.ts';

const meanings: [number, string][] = [
	[2, 'destination-missing'],
	[3, 'destination-missing'],
	[5, 'permission-denied'],
	[19, 'permission-denied'],
	[21, 'destination-missing'],
	[23, 'read-error'],
	[32, 'target-in-use'],
	[33, 'target-in-use'],
	[55, 'destination-missing'],
	[112, 'no-space'],
	[1117, 'read-error'],
	[4711, 'failed'],
];

it('codes of Windows have codes and words of ours', () => {
	for (const [code, ours] of meanings) {
		const failure = win32Failure(code, 'E:\\', 'destination-missing');
		expect(failure.code).toBe(ours);
		expect(failure.message).toBe(`E:\\: ${phraseOf(code)}`);
		expect(failure.details).toEqual({ path: 'E:\\', system: code });
	}
	expect(win32Failure(2, 'E:\\', 'source-missing').code).toBe('source-missing');
	expect(phraseOf(4711)).toBe('error 4711 of Windows');
});

it('advice speaks of administrators where rights are missing, and of the switch where the disk is protected', () => {
	expect(win32Failure(5, 'x', 'source-missing').advice).toMatch(/administrator/);
	expect(win32Failure(19, 'x', 'source-missing').advice).toMatch(/write protection.*diskpart/);
	expect(win32Failure(32, 'x', 'source-missing').advice).toMatch(/^Close/);
});
