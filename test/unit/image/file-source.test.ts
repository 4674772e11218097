import { execFileSync, spawnSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileError } from '../../../src/image/file-source.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const sources = join(import.meta.dirname, '../../../src/image');

/** In a process of its own, which can be ended when it waits for somebody to write. Gives what it printed. */
function errorOf(module: string, expression: string): string {
	const script = `import * as m from ${JSON.stringify(join(sources, module))};
		await (${expression}).then(() => console.log('opened'), (e) => console.log(e.code, e.message));`;
	const options = { encoding: 'utf8', timeout: 30_000, killSignal: 'SIGKILL' } as const;
	return spawnSync(process.execPath, ['--input-type=module', '-e', script], options).stdout;
}

// Windows has no such files in folders.
describe.runIf(process.platform !== 'win32')('a pipe with the name of an image', () => {
	it('is refused at once instead of waited for, when a folder is looked through', () => {
		const folder = tempFolder();
		execFileSync('mkfifo', [join(folder, 'a.mrimgx')]);
		symlinkSync('a.mrimgx', join(folder, 'b.mrimgx'));
		for (const name of ['a.mrimgx', 'b.mrimgx']) {
			const found = errorOf('set/image-folder.ts', `m.openImageFolder(${JSON.stringify(folder)}).tail('${name}', 20)`);
			expect(found).toBe(`read-error ${join(folder, name)} is no file\n`);
		}
	});

	it('is refused at once instead of waited for, when it is opened', () => {
		const path = join(tempFolder(), 'a.mrimgx');
		execFileSync('mkfifo', [path]);
		expect(errorOf('file-source.ts', `m.openImageFile(${JSON.stringify(path)})`)).toBe(
			`read-error ${path} is no file\n`,
		);
	});
});

// Windows has names in UTF-16.
it.runIf(process.platform === 'linux')('whose name is not UTF-8 is told to be that', () => {
	const folder = tempFolder();
	execFileSync('sh', ['-c', 'cd "$0" && : > "$(printf "a\\377.mrimgx")"', folder]);
	const script = `(async () => { const f = m.openImageFolder(${JSON.stringify(folder)});
		await f.tail((await f.list())[0], 20) })()`;
	expect(errorOf('set/image-folder.ts', script)).toBe(
		`file-missing ${join(folder, 'a\ufffd.mrimgx')}: its name is not UTF-8\n`,
	);
});

it('that the system refuses is told with what helps', () => {
	for (const system of ['EACCES', 'EMFILE']) {
		const error = fileError('/i', Object.assign(new Error(`${system}: not so, open '/i'`), { code: system }));
		expect(error.message).toBe('/i: not so');
		expect(error.advice).toMatch(/^(Run it as|Root itself|Too many files)/);
	}
	expect(fileError('/i', new Error('EIO: i/o error')).advice).toBeUndefined();
});
