import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkMeetingPlace, readTokenFile } from '../../../../src/engine/server/token-file.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const token = randomBytes(32).toString('base64url');
const uid = process.getuid?.();

function tokenFile(mode: number, text = `${token}\n`): string {
	const path = join(tempFolder(), 'token');
	writeFileSync(path, text, { mode });
	chmodSync(path, mode);
	return path;
}

describe('token file', () => {
	it('is read and removed', () => {
		const path = tokenFile(0o600);
		expect(readTokenFile(path)).toBe(token);
		expect(existsSync(path)).toBe(false);
	});

	it.runIf(uid !== undefined)('is refused when others could read it, and removed all the same', () => {
		const path = tokenFile(0o640);
		expect(() => readTokenFile(path)).toThrow(/expected mode 600, found mode 640/);
		expect(existsSync(path)).toBe(false);
	});

	it('is refused when it holds something else, and stays: it may be anything', () => {
		for (const path of [tokenFile(0o600, 'secret\n'), tokenFile(0o600, ''), tokenFile(0o644, 'root:x:0:0\n')]) {
			expect(() => readTokenFile(path)).toThrow(/43 characters/);
			expect(existsSync(path)).toBe(true);
		}
		const folder = tempFolder();
		expect(() => readTokenFile(folder)).toThrow(/expected a file, found something else/);
		expect(existsSync(folder)).toBe(true);
	});

	it('is refused when it is a link or a folder', () => {
		const folder = tempFolder();
		symlinkSync(tokenFile(0o600), join(folder, 'link'));
		expect(() => readTokenFile(join(folder, 'link'))).toThrow();
		expect(() => readTokenFile(join(folder, 'none'))).toThrow(/no such file/);
	});

	it.runIf(uid !== undefined)('is taken from another user by root alone, out of a private folder', () => {
		const path = tokenFile(0o600);
		expect(() => readTokenFile(path, uid! + 1)).toThrow(/expected a file of this user/);
		const other = tokenFile(0o600);
		if (uid === 0) {
			expect(() => readTokenFile(other, 4711)).toThrow(/expected a file of this user/);
		} else {
			// As root would see it: our file in our private folder.
			expect(readTokenFile(other, 0)).toBe(token);
		}
	});
});

describe('meeting place', () => {
	it.runIf(uid !== undefined)('must lie in a folder that only its owner may enter', () => {
		const folder = join(tempFolder(), 'open');
		mkdirSync(folder, { mode: 0o700 });
		expect(() => checkMeetingPlace(join(folder, 'engine'))).not.toThrow();
		chmodSync(folder, 0o711);
		expect(() => checkMeetingPlace(join(folder, 'engine'))).toThrow(/expected mode 700, found mode 711/);
		symlinkSync(folder, `${folder}-link`);
		expect(() => checkMeetingPlace(join(`${folder}-link`, 'engine'))).toThrow(/expected a folder/);
		expect(() => checkMeetingPlace('/nowhere/engine')).toThrow(/no such file/);
	});
});
