import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runMount } from '../../../../src/engine/jobs/mount.ts';
import { prepareMountPoint } from '../../../../src/engine/mount/mount-point.ts';
import { partitionName } from '../../../../src/engine/mount/synthetic-nodes.ts';
import type { MountPort } from '../../../../src/engine/ports/mount-port.ts';
import { FakeMachine } from '../../../support/fakes/fake-context.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const noMounts: MountPort = {
	mount: () => Promise.reject(new Error('nothing is mounted here')),
	detachDead: () => Promise.resolve(false),
};
const request = { image: 'none.mrimgx', partitions: [], folder: 'folder', raw: false, password: undefined };

describe('a folder to mount at', () => {
	it('is made where it is not there, and removed again', async () => {
		const path = join(tempFolder(), 'made');
		const point = await prepareMountPoint(path, noMounts, () => undefined);
		expect(existsSync(path)).toBe(true);
		await point.leave();
		expect(existsSync(path)).toBe(false);
	});

	it('stays where it was there, and has to be empty', async () => {
		const path = tempFolder();
		await (await prepareMountPoint(path, noMounts, () => undefined)).leave();
		expect(existsSync(path)).toBe(true);
		writeFileSync(join(path, 'x'), '');
		await expect(prepareMountPoint(path, noMounts, () => undefined)).rejects.toMatchObject({
			code: 'invalid-argument',
			message: `${path} is not empty: it holds x`,
		});
		await expect(prepareMountPoint(join(path, 'x'), noMounts, () => undefined)).rejects.toMatchObject({
			code: 'invalid-argument',
			message: expect.stringContaining('a file, not a folder') as string,
		});
		await expect(prepareMountPoint(join(path, 'y', 'z'), noMounts, () => undefined)).rejects.toMatchObject({
			code: 'destination-missing',
		});
	});
});

describe('a mount', () => {
	it('is refused in words where there is nothing to mount with', async () => {
		const refused = runMount(request, new FakeMachine().context, () => undefined);
		await expect(refused).rejects.toMatchObject({ code: 'not-supported' });
	});

	it('leaves no folder behind when the backup cannot be opened', async () => {
		const folder = join(tempFolder(), 'made');
		const { context } = new FakeMachine();
		const withMounts = { ...context, ports: { ...context.ports, mounts: noMounts } };
		await expect(runMount({ ...request, folder }, withMounts, () => undefined)).rejects.toMatchObject({
			code: 'not-supported',
			advice: expect.stringContaining('--raw') as string,
		});
		expect(existsSync(folder)).toBe(false);
		mkdirSync(folder);
		await expect(runMount({ ...request, folder, raw: true }, withMounts, () => undefined)).rejects.toMatchObject({
			code: 'source-missing',
		});
		expect(existsSync(folder)).toBe(true);
		rmSync(folder, { recursive: true });
	});
});

describe('the folder of a partition', () => {
	it('has its number and as much of its label as names have', () => {
		expect(partitionName(1, '')).toBe('1');
		expect(partitionName(2, ' Windows\t10 ')).toBe('2 Windows_10');
		expect(partitionName(3, '../a:b')).toBe('3 .._a_b');
		expect(partitionName(4, 'ü'.repeat(300)).length).toBe(62);
	});
});
