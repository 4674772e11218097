import { beforeAll, describe, expect, it } from 'vitest';
import { buildNative } from '../../../scripts/build-native.mjs';
import { openChain } from '../../../src/image/set/chain.ts';
import { openImageFolder } from '../../../src/image/set/image-folder.ts';
import { scanFolder } from '../../../src/image/set/scan-folder.ts';
import { createZlibCodec } from '../../../src/image/zlib-codec.ts';
import { afterimageJson, afterimageResult, type JsonLine } from '../../support/cli.ts';
import { requireTools } from '../../support/require.ts';
import { makeSmallDisk, smallDiskTools, type ImageLine } from '../../support/small-disk.ts';
import { useTempFolder } from '../../support/temp-folder.ts';

const ready = requireTools([...smallDiskTools, 'qemu-x86_64']);
const temp = useTempFolder();
const hasKernels = ready && buildNative('dist').includes('linux-x64');
let disk = '';

beforeAll(async () => {
	if (!ready) return;
	disk = temp.file('disk.img');
	await makeSmallDisk(disk);
});

/** MD5 of every block of the only backup in the folder. */
async function digestsIn(path: string): Promise<string[]> {
	const [folder, codec] = [openImageFolder(path), createZlibCodec()];
	const { sets } = await scanFolder(folder, { codec });
	const chain = await openChain(folder, sets[0]!, sets[0]!.points[0]!, { codec });
	const { index } = await chain.resolve(0, 0);
	return Array.from({ length: index.count }, (_, block) => {
		const md5 = Buffer.alloc(16);
		index.copyMd5(block, md5);
		return md5.toString('hex');
	}).filter((md5) => /[1-9a-f]/.test(md5));
}

describe('a processor', () => {
	// What QEMU can emulate: nothing above SSE 4.2, and AVX2 without AVX-512 and VPCLMULQDQ.
	it.each([
		['without AVX', 'Nehalem', 'WebAssembly SIMD'],
		['with AVX2 alone', 'max', hasKernels ? 'AVX2' : 'WebAssembly SIMD'],
	])('%s images and verifies, with the digests of this one', async (_, model, hasher) => {
		const emulated = ['qemu-x86_64', '-cpu', model];
		const [here, there] = [await temp.folder('here'), await temp.folder('there')];
		const own = await afterimageResult<ImageLine>(['image', disk, '--to', here]);
		const lines = await afterimageJson(['image', disk, '--to', there], 0, emulated);
		expect(lines.map((line) => line['message']).join('\n')).toContain(`hashed with ${hasher}\n`);
		const digests = await digestsIn(here);
		expect(digests.length).toBeGreaterThan(40);
		expect(await digestsIn(there)).toEqual(digests);
		const theirs = lines.find((line) => line.type === 'result') as ImageLine;
		const verified = (file: string, under?: string[]) => afterimageResult<JsonLine>(['verify', file], 0, under);
		expect(await verified(theirs.files[0]!)).toMatchObject({ bad: [] });
		expect(await verified(own.files[0]!, emulated)).toMatchObject({ bad: [] });
	});
});
