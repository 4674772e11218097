import { describe, expect, it } from 'vitest';
import { checkFileSystems } from '../../../../../src/engine/definition-run/check-file-systems.ts';
import type { DiskInfo, PartitionInfo } from '../../../../../src/protocol/disks.ts';
import { FakeMachine } from '../../../../support/fakes/fake-context.ts';
import { FakeRunPorts } from '../../../../support/fakes/fake-run-ports.ts';
import { MemoryDisk } from '../../../../support/fakes/memory-disk.ts';
import { setUp } from './set-up.ts';

/** What a run tells everybody, as a log does that every user may read. */
const heard = ({ machine }: ReturnType<typeof setUp>) =>
	machine.logs.map(({ message, openly, advice = '' }) => `${openly ?? message} ${advice}`).join('\n');

describe('what a run of a definition tells everybody', () => {
	it('names its scripts, without what they are given and say', async () => {
		const scene = setUp({
			more: '<scripts><before path="/s/b"><argument>tiger</argument></before><after path="/s/a"/></scripts>',
		});
		await scene.run();
		expect(scene.said()).toEqual(expect.arrayContaining(['Script /s/b tiger', '  | hello from /s/b']));
		expect(heard(scene)).toContain('Script /s/b');
		expect(heard(scene)).not.toMatch(/tiger|hello from/);
	});

	it('says that mail was sent or not, without whom to and what a server answers', async () => {
		const more = '<email sender="pc@example.com"><success recipients="a@example.com"/></email>';
		const sent = setUp({ more });
		await sent.run();
		expect(sent.said()).toContain('Mail was sent to a@example.com');
		expect(heard(sent)).toContain('Mail was sent');
		const failed = setUp({ more });
		failed.ports.mailFailure = '535 a@example.com';
		await failed.run();
		expect(failed.said()).toContain('! No mail was sent: 535 a@example.com');
		expect(heard(failed)).toContain('No mail was sent');
		for (const scene of [sent, failed]) expect(heard(scene)).not.toContain('a@example.com');
	});

	it('names the place of what is doubtful in the definition, without its words', async () => {
		const scene = setUp({
			more: '<email sender="pc@example.com"><failure recipients="scott at home" enable="true"/></email>',
		});
		await scene.run();
		expect(scene.said().join('\n')).toContain('scott at home');
		expect(heard(scene)).toMatch(new RegExp(`^${scene.definition}:\\d+:\\d+: warning mail-address `, 'm'));
		expect(heard(scene)).not.toContain('scott');
	});

	it('says that a file system is not sound, without the names that its checker tells', async () => {
		const node = { path: '/dev/fake1', start: 1024, length: 1024 };
		const machine = new FakeMachine(new MemoryDisk('/dev/fake', new Uint8Array(4096), { partitions: [node] }));
		const ports = new FakeRunPorts();
		ports.ends.set('/usr/sbin/e2fsck', { kind: 'exit', code: 4 });
		const disk = { kind: 'device', path: '/dev/fake' } as DiskInfo;
		const partition: Partial<PartitionInfo> = { number: 1, start: 1024, fileSystem: 'ext4', mountedAt: [] };
		await checkFileSystems([{ disk, partitions: [partition as PartitionInfo] }], ports, machine.context);
		const what = 'Partition 1 of /dev/fake (ext4) is not sound';
		expect(machine.logs).toMatchObject([
			{ level: 'warning', message: `${what}: hello from /usr/sbin/e2fsck`, openly: what },
		]);
	});
});
