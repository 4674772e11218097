import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { lockName } from '../../../src/engine/folder-lock.ts';
import { afterimage, afterimageJson, afterimageResult } from '../../support/cli.ts';
import { requireRoot, requireTools } from '../../support/require.ts';
import { makeSmallDisk, smallDiskTools, type ImageLine } from '../../support/small-disk.ts';
import { useTempFolder } from '../../support/temp-folder.ts';

const ready = requireTools([...smallDiskTools, 'unshare']);
requireRoot();
const temp = useTempFolder();
let disk = '';

beforeAll(async () => {
	if (!ready) return;
	disk = temp.file('disk.img');
	await makeSmallDisk(disk, 60, 80);
});

/** Runs a command on what is another machine by its id, of the same name. */
function onCopy(id: string): string[] {
	return ['unshare', '--mount', 'sh', '-c', `mount --bind ${id} /etc/machine-id && exec "$@"`, 'sh'];
}

describe('a folder that two machines of one name back up to', () => {
	it('is busy for the one while the lock of the other is there, and says what to do if that has gone', async () => {
		const folder = await temp.folder('shared');
		const ids = ['a', 'b'].map((digit) => ({ file: temp.file(`id-${digit}`), text: `${digit.repeat(32)}\n` }));
		for (const { file, text } of ids) await writeFile(file, text);
		const [here, copy] = ids.map(({ file }) => onCopy(file)) as [string[], string[]];
		const kill = afterimage(
			['image', disk, '--to', folder],
			(child) => {
				const whenItWrites = async () => {
					while (!(await readdir(folder)).some((name) => name.endsWith('.part'))) await delay(10);
					child.kill('SIGKILL');
				};
				void whenItWrites();
			},
			copy,
		);
		expect((await kill).signal).toBe('SIGKILL');
		const lock = join(folder, lockName);
		const lines = await afterimageJson(['image', disk, '--to', folder], 3, here);
		expect(lines.at(-1)).toMatchObject({ code: 'busy', advice: expect.stringContaining(`delete ${lock}`) as string });
		// The other one itself knows that its process has gone.
		await afterimageResult<ImageLine>(['image', disk, '--to', folder], 0, copy);
		expect((await readdir(folder)).filter((name) => !name.endsWith('.mrimgx'))).toEqual([]);
		await rm(folder, { recursive: true });
	});
});
