import { expect, it } from 'vitest';
import { run } from './run-on-engine.ts';

const file = {
	path: '/i/a.mrimgx',
	size: 2048,
	type: 'full',
	incrementNumber: 0,
	fileNumber: 0,
	time: 'now',
	merged: [],
};
const partition = {
	...{ number: 1, start: 0, length: 2 ** 20, fileSystem: 'ext', used: 4096, label: 'data' },
	...{ blocks: 16, blockSize: 65536, storedBlocks: 1 },
};
const disk = { number: 0, size: 2 ** 20, table: 'none', id: '', model: 'Raw disk file', partitions: [partition] };

it('tells what an image holds in words: its one name for ext, and a disk without a table', async () => {
	const told = { file: { ...file, comment: '' }, imageId: 'A', computer: '', compression: 'none', encryption: 'none' };
	const { out, code } = await run(['inspect', 'a'], () => ({
		...told,
		disks: [disk, { ...disk, number: 1, table: 'gpt', id: 'B-C', model: '' }],
	}));
	const lines = out.split('\n');
	expect(lines).toContain('Disk 0  1.00 MB  no partition table  Raw disk file');
	expect(lines).toContain('Disk 1  1.00 MB  GPT B-C');
	expect(lines).toContain('  1  0 bytes  1.00 MB  ext2/3/4     4.00 KB  data   16 x 64.00 KB               1');
	expect(code).toBe(0);
});
