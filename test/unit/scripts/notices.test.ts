import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { notices } from '../../../scripts/notices.mjs';
import { tempFolder } from '../../support/temp-folder.ts';

it('gives the licence of each bundled package once, by name', () => {
	const root = tempFolder();
	const add = (folder: string, facts: object, licence?: readonly [name: string, text: string]) => {
		mkdirSync(join(root, folder), { recursive: true });
		writeFileSync(join(root, folder, 'package.json'), JSON.stringify({ version: '1.2.3', license: 'MIT', ...facts }));
		if (licence !== undefined) writeFileSync(join(root, folder, licence[0]), licence[1]);
	};
	add('node_modules/zoo', { name: 'zoo' }, ['LICENSE', 'Copyright Zoo\r\nas is\r\n']);
	add('node_modules/zoo/node_modules/@ape/apes', { name: '@ape/apes' }, ['License.txt', 'Copyright Ape']);
	add('node_modules/bare', { name: 'bare', license: 'ISC', author: { name: 'Bea Bare' } });
	add('node_modules/unused', { name: 'unused' }, ['LICENSE', 'Copyright Nobody']);

	const text = notices(root, [
		'src/cli/entry.ts',
		'node_modules/zoo/index.js',
		'node_modules/zoo/lib/other.js',
		'node_modules/zoo/node_modules/@ape/apes/index.js',
		'node_modules/bare/index.js',
	]);
	const [, ...entries] = text.split(/\n-{80}\n\n/);
	expect(entries).toEqual([
		'@ape/apes 1.2.3 (MIT)\n\nCopyright Ape\n',
		'bare 1.2.3 (ISC)\n\nBy Bea Bare\n',
		'zoo 1.2.3 (MIT)\n\nCopyright Zoo\nas is\n',
	]);
});
