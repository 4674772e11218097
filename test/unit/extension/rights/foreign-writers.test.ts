import { describe, expect, it } from 'vitest';
import { foreignWriter, type Ownership } from '../../../../src/extension/rights/foreign-writers.ts';

const me = 1000;
const file = (mode: number, more: Partial<Ownership> = {}): Ownership => ({ mode, uid: me, kind: 'file', ...more });

describe('foreignWriter', () => {
	it.each([
		['my own', file(0o600)],
		['my own, readable by all', file(0o644)],
		['root’s', file(0o644, { uid: 0 })],
		['a folder for all with the sticky bit, as /tmp', file(0o1777, { uid: 0, kind: 'folder' })],
		['a link, which has every right on paper', file(0o777, { kind: 'link' })],
	])('nobody: %s', (_, found) => {
		expect(foreignWriter(found, me)).toBeUndefined();
	});

	it.each([
		['another user’s', file(0o600, { uid: 1001 }), /another user \(id 1001\)/],
		['writable by all', file(0o666), /everybody/],
		['writable by its group', file(0o664), /group/],
		['root’s, writable by its group', file(0o664, { uid: 0 }), /group/],
		['a folder for all', file(0o777, { kind: 'folder' }), /everybody/],
		['another user’s folder, sticky or not', file(0o1777, { uid: 1001, kind: 'folder' }), /another user/],
		['another user’s link', file(0o777, { uid: 1001, kind: 'link' }), /another user/],
		['a file with a sticky bit, which means nothing there', file(0o1666), /everybody/],
	])('somebody: %s', (_, found, reason) => {
		expect(foreignWriter(found, me)).toMatch(reason);
	});
});
