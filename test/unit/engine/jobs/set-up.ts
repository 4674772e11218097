import { runRestore } from '../../../../src/engine/jobs/restore.ts';
import type { RestoreRequest } from '../../../../src/engine/requests/restore.ts';
import { FakeMachine } from '../../../support/fakes/fake-context.ts';
import { MemoryDisk } from '../../../support/fakes/memory-disk.ts';
import { sampleDisk } from '../../../support/fakes/sample-disk.ts';
import { restoreRequest } from '../../../support/job-requests.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const mebibyte = 2 ** 20;

/** A machine with a disk to image, a larger one full of other bytes to restore to, and a folder for images. */
export function setUp() {
	const disk = sampleDisk('/dev/fake');
	const target = new MemoryDisk('/dev/target', new Uint8Array(5 * mebibyte).fill(0xee));
	const machine = new FakeMachine(disk, target);
	const folder = tempFolder();
	const restore = (file: string, more: Partial<RestoreRequest> = {}) =>
		runRestore(restoreRequest(file, '/dev/target', more), machine.context);
	return { disk, target, machine, folder, restore };
}
