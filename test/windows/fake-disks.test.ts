import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addDevices, deviceLog, status } from './support/fake-disks.ts';
import { Windows } from './support/wine.ts';

test('devices are files of this system, which Node reads and writes by position, in whole sectors', async () => {
	const windows = Windows.forTest();
	const image = join(windows.folder, 'disk.raw');
	writeFileSync(image, Buffer.alloc(65536, 0x41));
	truncateSync(image, 4 << 20);
	const fault = { start: 1 << 20, length: 512, of: 'read', status: status.dataError } as const;
	const devices = [
		{ name: 'PhysicalDrive5', image, answers: [], faults: [fault] },
		{ name: 'HarddiskVolumeShadowCopy41', image, answers: [] },
	];
	await addDevices(windows, devices);
	const file = join(windows.folder, 'probe.ts');
	writeFileSync(
		file,
		`import { fsyncSync, openSync, readSync, writeSync } from 'node:fs';
		const to = Buffer.alloc(1024);
		const at = (fd: number, length: number, offset: number) => {
			try {
				return [readSync(fd, to, 0, length, offset), to[0]];
			} catch (error) {
				return (error as { code: string }).code;
			}
		};
		const disk = openSync(String.raw\`\\\\.\\PhysicalDrive5\`, 2);
		const copy = openSync(String.raw\`\\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy41\`, 0);
		writeSync(disk, to.fill(0x42), 0, 1024, 2 << 20);
		fsyncSync(disk);
		console.log(JSON.stringify([at(disk, 512, 512), at(copy, 1024, 2 << 20), at(disk, 100, 0), at(disk, 1024, 1 << 20)]));`,
	);
	const { out, err } = await windows.script(file);
	expect(err).toBe('');
	expect(JSON.parse(out)).toEqual([[512, 0x41], [1024, 0x42], 'EINVAL', 'EIO']);
	expect(readFileSync(image).subarray(2 << 20, (2 << 20) + 1024)).toEqual(Buffer.alloc(1024, 0x42));
	const log = deviceLog(windows).map(({ device, what, first, second }) => [device, what, first, second]);
	expect(log).toContainEqual(['PhysicalDrive5', 'WRITE', 2 << 20, 1024]);
	expect(log).toContainEqual(['PhysicalDrive5', 'FLUSH', 0, 0]);
	expect(log).toContainEqual(['HarddiskVolumeShadowCopy41', 'OPEN', 0, 7]);
});
