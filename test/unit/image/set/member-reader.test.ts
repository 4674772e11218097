import { describe, expect, it } from 'vitest';
import { openChain } from '../../../../src/image/set/chain.ts';
import { fill } from '../arbitrary.ts';
import { backUp, codec, onlySet, type ModelDisk, type SetKind } from '../backups.ts';
import { MemoryFolder } from '../memory-folder.ts';

const kind: SetKind = { imageid: '0123456789ABCDEF', compression: 'medium', aes: 'none', password: 'secret' };

function disk(first: number): ModelDisk {
	const content = fill(20000, 1);
	content[0] = first;
	return {
		number: 0,
		format: 'gpt',
		signature: 'ABCDEF01',
		track0: fill(1024, 1),
		ept: [],
		partitions: [{ start: 1 << 20, blockSize: 4096, content, reserved: 0, used: new Set([0, 1, 4]) }],
	};
}

describe('damage in a file of a chain', () => {
	it('is told with the name of that file, not only with a byte', async () => {
		const folder = new MemoryFolder();
		await backUp(folder, kind, 'full', [disk(1)]);
		await backUp(folder, kind, 'inc', [disk(2)]);
		const set = await onlySet(folder);
		const [full, newest] = set.points;
		const bytes = folder.files.get(full!.member.name)!;
		bytes[Buffer.from(bytes).indexOf('$INDEX') + 60]! ^= 0xff;
		const resolved = openChain(folder, set, newest!, { codec }).then((chain) => chain.resolve(0, 0));
		await expect(resolved).rejects.toMatchObject({
			code: 'image-damaged',
			message: expect.stringContaining(`${full!.member.path}: `) as string,
			details: { path: full!.member.path },
		});
	});
});
