import { expect, test } from 'vitest';
import { MemoryBytes } from '../../../../src/base/bytes.ts';
import { swapDriver } from '../../../../src/disk/swap/driver.ts';

function swap(change: { magic?: string; version?: number; lastPage?: number } = {}): MemoryBytes {
	const volume = new Uint8Array(20 * 4096);
	const view = new DataView(volume.buffer);
	view.setUint32(1024, change.version ?? 1, true);
	view.setUint32(1028, change.lastPage ?? 19, true);
	volume.set(new TextEncoder().encode('label'), 1052);
	volume.set(new TextEncoder().encode(change.magic ?? 'SWAPSPACE2'), 4086);
	return new MemoryBytes(volume);
}

test('the header', async () => {
	const { info } = (await swapDriver.open(swap(), {}))!;
	expect(info).toMatchObject({ type: 'swap', label: 'label', uuid: '', size: 81_920, used: 4096, dirty: undefined });
});

test.each(['S1SUSPEND\0', 'S2SUSPEND\0', 'ULSUSPEND\0', 'LINHIB0001'])('%j: a hibernated system', async (magic) => {
	expect((await swapDriver.open(swap({ magic }), {}))!.info.dirty).toMatch(/hibernated/);
});

test('a header that cannot be right', async () => {
	await expect(swapDriver.open(swap({ version: 0x01000000 }), {})).rejects.toThrow(/version at byte 1024: expected 1/);
	await expect(swapDriver.open(swap({ lastPage: 20 }), {})).rejects.toThrow(/lastPage at byte 1028: expected 1 to 19/);
	await expect(swapDriver.open(swap({ lastPage: 0 }), {})).rejects.toMatchObject({ code: 'structure-damaged' });
	await expect(swapDriver.open(swap({ magic: 'SWAP-SPACE' }), {})).rejects.toThrow(/old version 0/);
	expect(await swapDriver.open(swap({ magic: 'SWAPSPACE3' }), {})).toBeUndefined();
	expect(await swapDriver.open(new MemoryBytes(new Uint8Array(100)), {})).toBeUndefined();
});
