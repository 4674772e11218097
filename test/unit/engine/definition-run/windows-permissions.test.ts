import { describe, expect, it } from 'vitest';
import { AfterimageError } from '../../../../src/base/errors.ts';
import type { AccessEntry, SecurityDescriptor } from '../../../../src/base/security-descriptor.ts';
import {
	openPathsOf,
	windowsPermissions,
	type WindowsSecurity,
} from '../../../../src/engine/definition-run/permissions/windows-permissions.ts';

const self = 'S-1-5-21-1-2-3-1001';
/** For whom another account has given its rights. */
const invoker = 'S-1-5-21-1-2-3-1005';
const system = 'S-1-5-18';
const administrators = 'S-1-5-32-544';
const installer = 'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464';
const users = 'S-1-5-32-545';
const authenticated = 'S-1-5-11';
const full = 0x1f01ff;
const modify = 0x1301bf;
const readAndExecute = 0x1200a9;

const allow = (sid: string, mask: number, more: Partial<AccessEntry> = {}): AccessEntry => ({
	kind: 'allow',
	inheritOnly: false,
	mask,
	sid,
	...more,
});
const of = (owner: string, ...entries: AccessEntry[]): SecurityDescriptor => ({ owner, entries, protected: false });
const mine = of(self, allow(system, full), allow(administrators, full), allow(self, full));

/** C:\ as Windows sets it up: everybody may make folders there, and whoever made one owns it. */
const root = of(
	installer,
	allow(administrators, full),
	allow(system, full),
	allow(users, readAndExecute),
	allow(authenticated, modify, { inheritOnly: true }),
	allow(authenticated, 0x4),
);
const paths: Record<string, SecurityDescriptor> = {
	'C:\\': root,
	'C:\\Users': of(system, allow(system, full), allow(administrators, full), allow(users, readAndExecute)),
	'C:\\Users\\ada': mine,
	'C:\\Users\\ada\\x.cmd': mine,
};

function windows(more: Record<string, SecurityDescriptor> = {}, links: Record<string, string> = {}): WindowsSecurity {
	const all = { ...paths, ...more };
	return {
		users: [self, invoker],
		realPath: (path) => links[path] ?? path,
		isFolder: (path) => !path.endsWith('.cmd'),
		securityOf: (path) => {
			const found = all[path];
			if (found === undefined) throw new AfterimageError('source-missing', `${path} is not there`);
			return found;
		},
		nameOf: (sid) => (sid === users ? 'BUILTIN\\Users' : sid),
	};
}

const file = 'C:\\Users\\ada\\x.cmd';
const folder = 'C:\\Users\\ada';
const objection = (security: WindowsSecurity, path = file) => windowsPermissions(security).writableByOthers(path);

describe('who may write a file of Windows', () => {
	it('is nobody else in a folder of the user, as Windows sets it up', () => {
		expect(objection(windows())).toBeUndefined();
	});

	it.each<[string, SecurityDescriptor]>([
		['write its data', of(self, allow(users, 0x2))],
		['append', of(self, allow(users, 0x4))],
		['delete it', of(self, allow(users, 0x10000))],
		['give rights', of(self, allow(users, 0x40000))],
		['take it over', of(self, allow(users, 0x80000))],
		['do everything, in general words', of(self, allow(users, 0x10000000))],
		['write, in general words', of(self, allow(users, 0x40000000))],
		[
			'do everything, though somebody is denied it',
			of(self, allow(users, full), { ...allow(users, full), kind: 'deny' }),
		],
	])('others who may %s', (_, descriptor) => {
		expect(objection(windows({ [file]: descriptor }))).toBe(`${file}: BUILTIN\\Users may write it`);
	});

	it.each<[string, SecurityDescriptor]>([
		['read and run it', of(self, allow(users, readAndExecute))],
		['write what lies below', of(self, allow(users, full, { inheritOnly: true }))],
		['be denied', of(self, { ...allow(users, full), kind: 'deny' })],
		['be the administrator', of(self, allow('S-1-5-21-9-9-9-500', full))],
		['be Windows itself', of(installer, allow(installer, full))],
		['be its owner', of(administrators, allow('S-1-3-4', full))],
		['be whom the rights were given for', of(invoker, allow(invoker, full))],
	])('not others who may only %s', (_, descriptor) => {
		expect(objection(windows({ [file]: descriptor }))).toBeUndefined();
	});

	it('is its owner, who may give himself every right', () => {
		expect(objection(windows({ [file]: of('S-1-5-21-1-2-3-1002') }))).toBe(
			`${file}: it belongs to S-1-5-21-1-2-3-1002`,
		);
	});

	it('is everybody without a list, and whoever an unknown entry means', () => {
		expect(objection(windows({ [file]: { ...mine, entries: undefined } }))).toContain('everybody may write it');
		const unknown = of(self, { kind: 'other', inheritOnly: false, mask: 0x2, sid: '' });
		expect(objection(windows({ [file]: unknown }))).toContain('unknown kind');
	});
});

describe('a folder above', () => {
	it.each<[string, number, boolean]>([
		['delete what is in it', 0x40, true],
		['rename it', 0x10000, true],
		['give rights', 0x40000, true],
		['add files', 0x2, false],
		['add folders', 0x4, false],
	])('whose others may %s: objected to %s', (_, mask, wrong) => {
		const found = openPathsOf(file, windows({ [folder]: of(self, allow(users, mask)) }));
		expect(found).toEqual(wrong ? [{ path: folder, reason: 'BUILTIN\\Users may write it' }] : []);
	});

	it('that is a root cannot be renamed', () => {
		expect(openPathsOf(file, windows({ 'C:\\': of(system, allow(authenticated, modify)) }))).toEqual([]);
		expect(openPathsOf(file, windows({ 'C:\\': of(system, allow(authenticated, full)) }))).toHaveLength(1);
	});

	it('counts on the way of a link and where it leads', () => {
		const open = of(self, allow(users, full));
		const more = { 'D:\\': root, 'D:\\open': open, 'D:\\open\\x.cmd': mine, 'C:\\Users\\ada\\link.cmd': mine };
		const found = openPathsOf(
			'C:\\Users\\ada\\link.cmd',
			windows(more, { 'C:\\Users\\ada\\link.cmd': 'D:\\open\\x.cmd' }),
		);
		expect(found.map(({ path }) => path)).toEqual(['D:\\open']);
	});
});

it('who may read a file is looked at by itself', () => {
	const permissions = (descriptor: SecurityDescriptor) => windowsPermissions(windows({ [file]: descriptor }));
	expect(permissions(mine).readableByOthers(file)).toBeUndefined();
	expect(permissions(of(self, allow(users, 0x1))).readableByOthers(file)).toBe('BUILTIN\\Users may read it');
	expect(permissions(of(self, allow(users, 0x80))).readableByOthers(file)).toBeUndefined();
});
