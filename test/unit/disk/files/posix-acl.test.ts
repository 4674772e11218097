import { expect, test } from 'vitest';
import { accessList as extList } from '../../../../src/disk/ext/files/access-list.ts';
import { accessList as xfsList } from '../../../../src/disk/xfs/files/attributes/access-list.ts';

/** As `getfattr -e hex -n system.posix_acl_access` shows it after `setfacl -m u:1000:rw,g:70000:r,m::rx` on a file of mode 0640. */
const ofLinux =
	'02000000' +
	'01000600ffffffff' +
	'02000600e8030000' +
	'04000400ffffffff' +
	'0800040070110100' +
	'10000500ffffffff' +
	'20000000ffffffff';

const ofExt = '01000000' + '01000600' + '02000600e8030000' + '04000400' + '0800040070110100' + '10000500' + '20000000';

const ofXfs =
	'00000006' +
	'00000001ffffffff00060000' +
	'00000002000003e800060000' +
	'00000004ffffffff00040000' +
	'000000080001117000040000' +
	'00000010ffffffff00050000' +
	'00000020ffffffff00000000';

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const hex = (value: Uint8Array) => Buffer.from(value).toString('hex');

test('access lists of ext and XFS as Linux shows them', () => {
	expect(hex(extList(bytes(ofExt), 'List', 0))).toBe(ofLinux);
	expect(hex(xfsList(bytes(ofXfs), 'List', 0))).toBe(ofLinux);
	// XFS leaves room behind the entries that are in use.
	expect(hex(xfsList(bytes(`${ofXfs}000000000000`), 'List', 0))).toBe(ofLinux);
});

test.each<[string, string, RegExp]>([
	['nothing', '', /at byte 90: expected at least 4 bytes, found 0/],
	['another version', '02000000', /expected version 1, found 2/],
	['an unknown tag', '0100000003000600', /at byte 94: .* found tag 0x3/],
	['unknown permissions', '0100000001000800', /found permissions 0x8/],
	['half an entry', '010000000100', /expected an entry of 4 bytes, found 2/],
	['a user without a number', '0100000002000600', /expected an entry of 8 bytes, found 4/],
])('a list of ext that is damaged: %s', (_, stored, message) => {
	expect(() => extList(bytes(stored), 'List', 90)).toThrow(expect.objectContaining({ code: 'structure-damaged' }));
	expect(() => extList(bytes(stored), 'List', 90)).toThrow(message);
});

test.each<[string, string, RegExp]>([
	['nothing', '', /at byte 90: expected at most 0 entries, found 0/],
	['more entries than there are', '00000002' + '00000001ffffffff00060000', /at most 1 entries, found 2/],
	['a wild number of them', 'ffffffff', /at most 0 entries, found 4294967295/],
	['an unknown tag', '00000001' + '0001000100000000' + '00060000', /found tag 0x10001/],
	['unknown permissions', '00000001' + '0000000100000000' + '00080000', /found permissions 0x8/],
])('a list of XFS that is damaged: %s', (_, stored, message) => {
	expect(() => xfsList(bytes(stored), 'List', 90)).toThrow(expect.objectContaining({ code: 'structure-damaged' }));
	expect(() => xfsList(bytes(stored), 'List', 90)).toThrow(message);
});
