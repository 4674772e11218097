import { describe, expect, it } from 'vitest';
import { startJob } from '../../../support/engine.ts';
import { imageFiles } from '../../../support/image-files.ts';
import { ended, engine } from './engine-process.ts';
import { definition, slowly, underWay } from './slow-backup.ts';

describe('engine process: its end', () => {
	it('comes when it is told to, with its jobs cancelled', async () => {
		for (const how of ['SIGTERM', 'shutdown'] as const) {
			const { client, process: child } = await engine();
			const { definition: path, images } = definition(slowly);
			const job = await startJob(client, { request: { kind: 'backup', definition: path, type: 'full' } });
			await underWay(client, job.id);
			if (how === 'SIGTERM') child.kill('SIGTERM');
			else await client.request('engine/shutdown', {});
			expect(await ended(child)).toBe(0);
			await client.ended;
			expect(imageFiles(images)).toEqual([]);
		}
	});

	it('comes by itself when its client has gone and nothing runs', async () => {
		const { client, process: child } = await engine();
		await client.request('engine/info', {});
		client.dispose();
		expect(await ended(child)).toBe(0);
	});

	it('does not come with the terminal that it was started from', async () => {
		const { client, process: child } = await engine();
		child.kill('SIGHUP');
		expect((await client.request('engine/info', {})).pid).toBe(child.pid);
	});
});
