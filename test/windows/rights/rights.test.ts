import { chmodSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SecurityDescriptor } from '../../../src/base/security-descriptor.ts';
import { bundleForWindows, Windows, windowsPath } from '../support/wine.ts';

interface Report {
	readonly descriptor: SecurityDescriptor;
	readonly objection?: string;
	readonly self: string;
	readonly everyone: string;
	readonly nobody: string;
	readonly file: SecurityDescriptor;
	readonly restricted?: SecurityDescriptor;
	readonly missing: string;
}

let windows: Windows;
let program: string;
let file: string;

beforeAll(() => {
	windows = Windows.fresh();
	program = windowsPath(bundleForWindows(join(import.meta.dirname, 'report.ts')));
	file = join(windows.driveC, 'definition.xml');
	writeFileSync(file, '');
	chmodSync(file, 0o666);
});
afterAll(() => windows.remove());

async function report(sddl: string, ...more: string[]): Promise<Report> {
	const { code, out, err } = await windows.node([program, sddl, windowsPath(file), ...more]);
	if (code !== 0) throw new Error(`The report ended with ${code}: ${out}${err}`);
	return JSON.parse(out) as Report;
}

test('a descriptor is read as Windows lays it out in memory', async () => {
	const sddl = 'O:S-1-5-21-1-2-3-1001G:SYD:P(A;OICI;FA;;;SY)(A;;0x1200a9;;;BU)(A;OICIIO;GA;;;CO)(D;;0x2;;;WD)';
	const { descriptor, objection } = await report(sddl);
	expect(descriptor).toEqual({
		owner: 'S-1-5-21-1-2-3-1001',
		protected: true,
		entries: [
			{ kind: 'allow', inheritOnly: false, mask: 0x1f01ff, sid: 'S-1-5-18' },
			{ kind: 'allow', inheritOnly: false, mask: 0x1200a9, sid: 'S-1-5-32-545' },
			{ kind: 'allow', inheritOnly: true, mask: 0x10000000, sid: 'S-1-3-0' },
			{ kind: 'deny', inheritOnly: false, mask: 0x2, sid: 'S-1-1-0' },
		],
	});
	expect(objection).toBeUndefined();
	const open = await report('O:S-1-5-21-1-2-3-1001G:SYD:(A;;0x1301bf;;;AU)');
	expect(open.objection).toBe('x:\\: S-1-5-11 may write it');
});

/** Wine makes owner and list of a file up from its mode on this system, and the mode from a list that it is given. */
test('owner, list and accounts of a file are asked for and set', async () => {
	const { file: before, self, everyone, nobody, restricted, missing } = await report('D:', 'restrict');
	expect(self).toMatch(/^S-1-5-21-/);
	expect(before.owner).toBe(self);
	expect(before.entries).toContainEqual(expect.objectContaining({ sid: 'S-1-1-0' }));
	expect(everyone).toBe('Everyone');
	expect(nobody).toBe('S-1-5-21-1-2-3-4');
	expect(missing).toBe('source-missing');
	const writers = restricted?.entries?.filter(({ kind, mask }) => kind === 'allow' && (mask & 0x2) !== 0);
	expect(writers?.map(({ sid }) => sid)).not.toContain('S-1-1-0');
	expect(statSync(file).mode & 0o002).toBe(0);
});
