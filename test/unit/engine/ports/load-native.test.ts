import { expect, it } from 'vitest';
import { loadNative } from '../../../../src/engine/ports/load-native.ts';

it('says for what system a package would be needed, and passes on other errors', async () => {
	const missing = () => Promise.reject(new Error('Cannot find the native Koffi module; did you bundle it correctly?'));
	await expect(loadNative(missing, 'win32-arm64')).rejects.toMatchObject({
		code: 'not-supported',
		message: expect.stringContaining('win32-arm64') as string,
		advice: expect.stringContaining('--target win32-arm64') as string,
	});
	const other = new Error('no such export');
	await expect(loadNative(() => Promise.reject(other))).rejects.toBe(other);
	expect(await loadNative(() => Promise.resolve(7))).toBe(7);
});
