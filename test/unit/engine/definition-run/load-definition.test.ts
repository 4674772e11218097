import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { problemCodes } from '../../../../src/definition/codes.ts';
import { loadDefinition } from '../../../../src/engine/definition-run/load-definition.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

it.each([
	['xml-too-large', 'at most 16777216 bytes, found 16777217', (path: string) => truncateSync(path, 2 ** 24 + 1)],
	['xml-encoding', 'text in UTF-8, found other bytes', (path: string) => writeFileSync(path, '<a>\xe4</a>', 'latin1')],
])('what is no text of a definition is told by its code %s', (code, found, make) => {
	const path = join(tempFolder(), 'd.xml');
	writeFileSync(path, '');
	make(path);
	expect(problemCodes).toHaveProperty(code);
	expect(() => loadDefinition(path)).toThrow(
		expect.objectContaining({ message: `${path}:1:1: error ${code}: expected ${found}` }) as Error,
	);
});
