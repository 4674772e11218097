import { expect, it } from 'vitest';
import { heldBy } from '../../../../src/engine/restore/target/held-by.ts';
import { mountAt } from '../../../support/fakes/fake-volumes.ts';
import type { Holder } from '../../../../src/engine/ports/volume-port.ts';

const by = (kind: Holder['kind'], at: string, depth: number) =>
	mountAt(at, 0, 512, { kind: 'holder', holder: { kind, depth } });

it.each([
	['luks', /^it is open as \/dev\/x$/, 'Close it first: cryptsetup close /dev/x'],
	['lvm', /^volumes of LVM on it are active, such as \/dev\/x$/, 'Close it first: lvchange --activate n /dev/x'],
	['raid', /^it is a member of the array \/dev\/x$/, 'Close it first: mdadm --stop /dev/x'],
	['multipath', /^it is one of the paths of \/dev\/x$/, 'Close it first: multipath -f /dev/x'],
	['loop', /^the loop device \/dev\/x stands on it$/, 'Close it first: losetup --detach /dev/x'],
	['device', /^\/dev\/x uses it$/, 'Close what uses it first.'],
] as const)('what is held by %s is told so', (kind, why, advice) => {
	const told = heldBy([by(kind, '/dev/x', 1)]);
	expect(told.why).toMatch(why);
	expect(told.advice).toBe(advice);
});

it('the lowest holder is named, and all are taken away from the topmost down, each once', () => {
	const holders = [by('lvm', '/dev/v', 2), by('raid', '/dev/md0', 0), by('luks', '/dev/c', 1), by('lvm', '/dev/v', 2)];
	expect(heldBy(holders)).toEqual({
		why: 'it is a member of the array /dev/md0',
		advice: 'Close it first: lvchange --activate n /dev/v; cryptsetup close /dev/c; mdadm --stop /dev/md0',
	});
});
