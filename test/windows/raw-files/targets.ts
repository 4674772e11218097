/** What targets of restores that are raw files do there, in a folder: `node targets.mjs FOLDER`; tells it as JSON. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { win32 } from 'node:path';
import { win32Disks } from '../../../native/win32/devices/disks.ts';
import { removeMade } from '../../../src/engine/ports/raw-file.ts';

const folder = process.argv[2]!;
const [path, other, made] = ['disk.raw', 'other.raw', 'made.raw'].map((name) => win32.join(folder, name)) as [
	string,
	string,
	string,
];
writeFileSync(path, 'abcdef');

async function writeTo(file: string, identity: string | undefined): Promise<string> {
	try {
		const target = await win32Disks.openTarget(file, { identity });
		await target.write(1, Buffer.from('X'));
		await target.close();
		return 'written';
	} catch (error) {
		return (error as { code: string }).code;
	}
}

const { identity } = await win32Disks.describe(path);
const results = [await writeTo(path, identity)];
renameSync(path, other);
writeFileSync(path, 'ABCDEF');
results.push(await writeTo(path, identity), await writeTo(other, identity));
await removeMade(await win32Disks.openTarget(made, { createSize: 4096 }));
process.stdout.write(
	JSON.stringify({
		results,
		contents: [path, other].map((file) => readFileSync(file, 'utf8')),
		made: existsSync(made),
	}),
);
