import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { engineVersion } from '../../../src/engine/version.ts';

it('the engine has the version of the package', () => {
	const text = readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8');
	expect((JSON.parse(text) as { version: string }).version).toBe(engineVersion);
});
