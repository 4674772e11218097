import { expect, it } from 'vitest';
import { resolveSources } from '../../../../src/engine/definition-run/resolve-sources.ts';
import type { Holder } from '../../../../src/engine/ports/volume-port.ts';
import { FakeMachine } from '../../../support/fakes/fake-context.ts';
import { mountAt } from '../../../support/fakes/fake-volumes.ts';
import { MemoryDisk } from '../../../support/fakes/memory-disk.ts';
import { first, sampleDisk, second } from '../../../support/fakes/sample-disk.ts';

const mebibyte = 2 ** 20;
const root = { system: true, volume: 'root' };
const boot = { bootPartitions: true, disks: [], rawFiles: [] };

/** What is chosen to boot, as paths with the numbers of partitions. */
async function chosenOf(machine: FakeMachine): Promise<string[]> {
	const found = await resolveSources(boot, machine.context);
	return found.map(({ disk, partitions }) => `${disk.path}: ${partitions.map(({ number }) => number).join(' ')}`);
}

function holder(at: string, kind: Holder['kind'], { start, length }: { start: number; length: number }) {
	return mountAt(at, start, length, { kind: 'holder', system: true, holder: { kind, depth: 1 } });
}

function opened(path: string, start: number) {
	const encrypted = { path, disk: '/dev/sda', start, length: second.length, uuid: 'a'.repeat(32) };
	return new MemoryDisk(path, new Uint8Array(mebibyte), { encrypted, isDecrypted: true });
}

it('a system in a LUKS container is imaged with what that is opened as', async () => {
	const machine = new FakeMachine(sampleDisk('/dev/sda'), opened('/dev/mapper/luks', second.start));
	// It is no disk of the machine's, but found by its path.
	machine.disks.list = async () => [machine.disks.disks[0]!.device];
	machine.volumes.uses.set('/dev/sda', [
		mountAt('/boot', first.start, first.length),
		mountAt('/', second.start, second.length, root),
		holder('/dev/mapper/luks', 'luks', second),
	]);
	expect(await chosenOf(machine)).toEqual(['/dev/sda: 1 2', '/dev/mapper/luks: 1']);
});

it('a container that lies elsewhere than on the partition itself is not', async () => {
	const machine = new FakeMachine(sampleDisk('/dev/sda'), opened('/dev/mapper/luks', first.start));
	machine.disks.list = async () => [machine.disks.disks[0]!.device];
	machine.volumes.uses.set('/dev/sda', [
		mountAt('/', second.start, second.length, root),
		holder('/dev/mapper/luks', 'luks', second),
	]);
	expect(await chosenOf(machine)).toEqual(['/dev/sda: 2']);
});

it('a system on an array is imaged by the array, and by what else it needs of the members’ disks', async () => {
	const array = new MemoryDisk('/dev/md0', new Uint8Array(mebibyte));
	const machine = new FakeMachine(array, sampleDisk('/dev/sda'), sampleDisk('/dev/sdb'));
	machine.volumes.uses.set('/dev/md0', [mountAt('/', 0, mebibyte, root)]);
	const member = [mountAt('/', second.start, second.length, root), holder('/dev/md0', 'raid', second)];
	machine.volumes.uses.set('/dev/sda', [mountAt('/boot', first.start, first.length), ...member]);
	machine.volumes.uses.set('/dev/sdb', member);
	expect(await chosenOf(machine)).toEqual(['/dev/md0: 1', '/dev/sda: 1']);
});
