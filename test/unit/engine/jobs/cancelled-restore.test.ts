import { expect, it } from 'vitest';
import type { JobContext } from '../../../../src/engine/job-context.ts';
import type { JobEvent } from '../../../../src/engine/job-events.ts';
import { runBackup } from '../../../../src/engine/jobs/backup.ts';
import { runRestore } from '../../../../src/engine/jobs/restore.ts';
import { imageRequest, restoreRequest } from '../../../support/job-requests.ts';
import { setUp } from './set-up.ts';

/** What a restore that is cancelled when a phase begins says of its target. */
async function adviceOf(phase: string, more: Parameters<typeof restoreRequest>[2] = {}): Promise<unknown> {
	const { folder, machine, target, disk } = setUp();
	if (more.partitions !== undefined) target.bytes.set(disk.bytes);
	const { files } = await runBackup(imageRequest(folder, ['/dev/fake']), machine.context);
	const controller = new AbortController();
	const emit = (event: JobEvent) => {
		if (event.type === 'progress' && event.phase === phase) controller.abort();
	};
	const context: JobContext = { ...machine.context, signal: controller.signal, emit };
	return runRestore(restoreRequest(files[0]!, '/dev/target', more), context).catch((error: unknown) => error);
}

it('a restore that is cancelled says what its target holds now', async () => {
	expect(await adviceOf('restore')).toMatchObject({
		code: 'cancelled',
		message: 'Cancelled',
		advice: '/dev/target holds half a restore and no valid partition table.',
	});
	expect(await adviceOf('restore', { partitions: [1] })).toMatchObject({
		advice: '/dev/target holds half a restore.',
	});
	expect(await adviceOf('read-back')).toMatchObject({
		advice: 'Everything is restored, but not all of it was read back.',
	});
});
