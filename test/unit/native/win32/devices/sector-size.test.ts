import { expect, it } from 'vitest';
import { isSectorSize } from '../../../../../native/win32/devices/sector-size.ts';

it('sectors are powers of two from 512 bytes to 64 KiB', () => {
	const asked = [0, 1, 256, 511, 512, 520, 1024, 3072, 4096, 65536, 131072, 0xffffffff, -512];
	expect(asked.filter(isSectorSize)).toEqual([512, 1024, 4096, 65536]);
});
