import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { sparseFile } from '../../support/byte-files.ts';
import { withLoopDevice } from '../../support/loop-device.ts';
import { requireRoot, requireTools } from '../../support/require.ts';
import { run } from '../../support/run.ts';
import { useTempFolder } from '../../support/temp-folder.ts';

requireTools(['losetup', 'unshare']);
requireRoot();
const temp = useTempFolder();
const ports = resolve(import.meta.dirname, '../../../native/linux/disks.ts');

/** Opens a device several times in ways that fail, and tells each failure and how many descriptors are open afterwards. */
const script = `
import { readdirSync } from 'node:fs';
import { linuxDisks } from ${JSON.stringify(ports)};
const [device] = process.argv.slice(1);
const open = () => readdirSync('/proc/self/fd').length;
const before = open();
const codes = [];
for (const way of ['openSource', 'openTarget', 'openTarget']) {
	await linuxDisks[way](device, { identity: undefined }).catch(({ code }) => codes.push(code));
}
console.log(JSON.stringify({ codes, left: open() - before }));
`;

test('a device that /sys does not list is refused each time alike, and held by nobody afterwards', async () => {
	const file = await sparseFile(temp.file('disk.img'), 2 ** 20);
	await withLoopDevice(file, {}, async (device) => {
		// As in a container that has been given the device alone.
		const hidden = 'mount -t tmpfs none /sys && exec "$@"';
		const node = [process.execPath, '--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script];
		const { stdout } = await run('unshare', ['--mount', 'sh', '-c', hidden, 'sh', ...node, device]);
		expect(JSON.parse(stdout)).toEqual({ codes: ['not-supported', 'not-supported', 'not-supported'], left: 0 });
	});
});
