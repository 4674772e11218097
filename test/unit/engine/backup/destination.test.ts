import { chmodSync, rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { checkDestination } from '../../../../src/engine/backup/destination/destination.ts';
import { FakeMachine } from '../../../support/fakes/fake-context.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const partitions = [
	{ number: 1, start: 1000, length: 500 },
	{ number: 2, start: 2000, length: 500 },
];

async function check(disk: string, start: number, length: number): Promise<string> {
	const machine = new FakeMachine();
	machine.volumes.place = { ...machine.volumes.place, on: [{ disk, start, length }] };
	const imaged = [{ device: { path: '/dev/a' }, partitions }];
	return checkDestination(tempFolder(), imaged, machine.context).then(
		() => 'taken',
		(error: Error) => /partition \d/.exec(error.message)?.[0] ?? error.message,
	);
}

it.each([
	['/dev/a', 0, 1000, 'taken'],
	['/dev/a', 1500, 500, 'taken'],
	['/dev/a', 2500, 9, 'taken'],
	['/dev/b', 1000, 500, 'taken'],
	['/dev/a', 0, 1001, 'partition 1'],
	['/dev/a', 1499, 1, 'partition 1'],
	['/dev/a', 1500, 501, 'partition 2'],
	['/dev/a', 2100, 9, 'partition 2'],
	['/dev/a', 0, 9000, 'partition 1'],
])('a folder on %s, %i, %i bytes, when 1000 to 1499 and 2000 to 2499 of /dev/a are imaged: %s', async (...of) => {
	const [disk, start, length, expected] = of;
	expect(await check(disk, start, length)).toBe(expected);
});

it('a folder that is not there, or that nobody may write, is refused', async () => {
	const { context } = new FakeMachine();
	const folder = tempFolder();
	rmSync(folder, { recursive: true });
	await expect(checkDestination(folder, [], context)).rejects.toMatchObject({
		code: 'destination-missing',
		advice: 'Create the folder, or attach the disk that it is on.',
	});
	// Root may write everywhere.
	if (process.getuid?.() === 0 || process.platform === 'win32') return;
	const closed = tempFolder();
	chmodSync(closed, 0o500);
	await expect(checkDestination(closed, [], context)).rejects.toMatchObject({ code: 'permission-denied' });
});
