/**
 * What becomes of files that another program has open for moments, as virus scanners have them: without
 * FILE_SHARE_DELETE. `node hold.mjs FOLDER`; tells it as JSON.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { win32 } from 'node:path';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { closeHandle } from '../../../native/win32/api/kernel32.ts';
import { openDevice } from '../../../native/win32/devices/device-handle.ts';
import { PartFiles } from '../../../src/engine/backup/destination/part-files.ts';
import { deleteBackup } from '../../../src/engine/chain/delete-files.ts';
import { lockFolder, lockName } from '../../../src/engine/folder-lock.ts';
import { systemClock } from '../../../src/engine/ports/clock.ts';
import { plainPorts } from '../../../src/engine/ports/plain-ports.ts';

/** Holds a file in a thread of its own, from now on for so many milliseconds. */
async function hold(path: string, milliseconds: number): Promise<void> {
	const worker = new Worker(new URL(import.meta.url), { workerData: { path, milliseconds } });
	await new Promise<unknown>((held) => worker.once('message', held));
}

if (isMainThread) {
	const folder = process.argv[2]!;
	const parts = new PartFiles(folder, () => 'image.mrimgx');
	const { path } = await parts.begin(0);
	await parts.settle();
	await hold(`${path}.part`, 400);
	const begun = Date.now();
	const [named] = await parts.commit();
	const waited = Date.now() - begun;

	await hold(path, 400);
	await deleteBackup([{ path, incrementNumber: 0 }]);

	const lock = lockFolder(folder, 'test', plainPorts.processes, systemClock, () => undefined);
	const lockPath = win32.join(folder, lockName);
	await hold(lockPath, 300);
	lock.release();

	// Nothing is waited for that is not kept by anybody.
	writeFileSync(path, '');
	const again = Date.now();
	await deleteBackup([{ path, incrementNumber: 0 }]);
	const left = [path, `${path}.part`, lockPath].filter((one) => existsSync(one));
	process.stdout.write(JSON.stringify({ named: named === path, waited, atOnce: Date.now() - again < 90, left }));
} else {
	const { path, milliseconds } = workerData as { path: string; milliseconds: number };
	const opened = openDevice(path, 'read');
	if ('code' in opened) throw new Error(`${path}: error ${opened.code}`);
	parentPort!.postMessage('held');
	Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
	closeHandle(opened.handle);
}
