import { describe, expect, it } from 'vitest';
import { foreignSids, foreignWriter, type Ownership } from '../../../../src/extension/rights/foreign-writers.ts';

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

describe('foreignSids', () => {
	const self = 'S-1-5-21-1-2-3-1001';

	it('finds whoever has a right to write, by name, by bits, or generic', () => {
		const sddl = `O:${self}G:DUD:AI(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;ID;FA;;;${self})(A;;0x1301bf;;;AU)(A;;FR;;;WD)(A;OICI;GW;;;BU)`;
		expect(foreignSids(sddl, self)).toEqual(['AU', 'BU']);
	});

	it('leaves out those who may only read and run, and denials', () => {
		expect(foreignSids(`D:P(A;;0x1200a9;;;BU)(D;;FA;;;WD)(A;;FA;;;S-1-5-32-544)`, self)).toEqual([]);
	});

	it('takes a missing list for everybody', () => {
		expect(foreignSids('O:BAG:DU', self)).toEqual(['WD']);
	});
});
