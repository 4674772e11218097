import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import type { EngineClient } from '../../../../src/extension/engine/engine-client.ts';
import { openPathsOf } from '../../../../src/extension/rights/definition-permissions.ts';
import { windowsRights } from '../../../../src/extension/rights/windows-rights.ts';

it('are asked of an engine, with paths that do not depend on where it runs', async () => {
	const asked: unknown[] = [];
	const found = [{ path: 'C:\\open', reason: 'Everyone may write it' }];
	const request = (async (...question: unknown[]) => {
		asked.push(question);
		return found;
	}) as EngineClient['request'];
	const rights = windowsRights(async () => ({ request }));
	expect(await openPathsOf(rights, 'definition.xml', undefined)).toEqual(found);
	await rights.restrict(found);
	expect(asked).toEqual([
		['rights/open', { path: resolve('definition.xml') }],
		['rights/restrict', { paths: ['C:\\open'] }],
	]);
});
