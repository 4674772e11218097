import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '../../support/temp-folder.ts';
import { fill } from '../image/arbitrary.ts';
import { backUp, type ModelDisk, type SetKind } from '../image/backups.ts';
import { MemoryFolder } from '../image/memory-folder.ts';

export const plainSet: SetKind = { imageid: '0123456789ABCDEF', compression: 'none', aes: 'none', password: '' };

/** A folder with a full and three incrementals, and the paths of all files. @param late seconds that all its backups are later */
export async function makeChain(kind = plainSet, late = 0): Promise<{ folder: string; files: string[] }> {
	const folder = tempFolder();
	const memory = new MemoryFolder();
	const content = fill(20000, 1);
	const disk: ModelDisk = {
		...{ number: 0, format: 'gpt', signature: 'ABCDEF01', track0: fill(1024, 1), ept: [] },
		partitions: [{ start: 1 << 20, blockSize: 4096, content, reserved: 0, used: new Set([0, 1, 2]) }],
	};
	for (let backup = 0; backup < 4; backup++) {
		content[0] = backup;
		await backUp(memory, kind, backup === 0 ? 'full' : 'inc', [disk], 1000 + backup + late);
	}
	const names = [...memory.files.keys()].sort();
	for (const name of names) writeFileSync(join(folder, name), memory.files.get(name)!);
	return { folder, files: names.map((name) => join(folder, name)) };
}
