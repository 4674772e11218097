import { execFileSync } from 'node:child_process';
import {
	appendFileSync,
	closeSync,
	constants,
	openSync,
	readFileSync,
	statSync,
	symlinkSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
	noteDamaged,
	noteVerified,
	readVerified,
	verifiedName,
	verifiedOn,
	verifiedSince,
	wasDamaged,
} from '../../../src/engine/verified-record.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const time = new Date('2026-03-01T10:00:00Z');

function image(folder: string, name: string): { name: string; path: string } {
	writeFileSync(join(folder, name), 'image');
	return { name, path: join(folder, name) };
}

describe('record of verified images', () => {
	it('tells when an image was last verified', () => {
		const folder = tempFolder();
		const file = image(folder, 'A-00-00.mrimgx');
		expect(noteVerified([file.path], time)).toBe(true);
		expect(noteVerified([file.path], new Date('2026-03-02T10:00:00Z'))).toBe(true);
		expect(verifiedOn(readVerified(folder), file)).toBe('2026-03-02T10:00:00.000Z');
		expect(verifiedOn(readVerified(folder), { ...file, name: 'B-00-00.mrimgx' })).toBeUndefined();
	});

	it('forgets it once the image has changed', () => {
		const folder = tempFolder();
		const file = image(folder, 'A-00-00.mrimgx');
		noteVerified([file.path], time);
		utimesSync(file.path, 1, 1);
		expect(verifiedOn(readVerified(folder), file)).toBeUndefined();
		noteVerified([file.path], time);
		writeFileSync(file.path, 'merged image');
		utimesSync(file.path, 1, 1);
		expect(verifiedOn(readVerified(folder), file)).toBeUndefined();
	});

	it('keeps it where the fractions of a second of the image are lost as it is stored elsewhere, and no further', () => {
		const folder = tempFolder();
		const file = image(folder, 'A-00-00.mrimgx');
		utimesSync(file.path, 1000, 1000.25);
		noteDamaged([file.path]);
		const damagedWith = (modified: number) => {
			utimesSync(file.path, 1000, modified);
			return wasDamaged(readVerified(folder), file);
		};
		expect([1000.25, 1000, 1000.5, 1001, 999].map(damagedWith)).toEqual([true, true, false, false, false]);
	});

	it('forgets it once the image was found damaged', () => {
		const folder = tempFolder();
		const file = image(folder, 'A-00-00.mrimgx');
		noteVerified([file.path], time);
		noteDamaged([file.path]);
		expect(verifiedOn(readVerified(folder), file)).toBeUndefined();
		expect(verifiedSince(readVerified(folder), file)).toBeUndefined();
		expect(wasDamaged(readVerified(folder), file)).toBe(true);
		utimesSync(file.path, 1, 1);
		expect(wasDamaged(readVerified(folder), file)).toBe(false);
		noteVerified([file.path], time);
		expect(verifiedOn(readVerified(folder), file)).toBe(time.toISOString());
		expect(wasDamaged(readVerified(folder), file)).toBe(false);
	});

	it('keeps apart when an image was verified and when the first was read of what it needs', () => {
		const folder = tempFolder();
		const file = image(folder, 'A-00-00.mrimgx');
		noteVerified([file.path], time);
		expect(verifiedSince(readVerified(folder), file)).toBe(time.getTime());
		noteVerified([file.path], new Date('2026-03-09T10:00:00Z'), time);
		expect(verifiedOn(readVerified(folder), file)).toBe('2026-03-09T10:00:00.000Z');
		expect(verifiedSince(readVerified(folder), file)).toBe(time.getTime());
		utimesSync(file.path, 1, 1);
		expect(verifiedSince(readVerified(folder), file)).toBeUndefined();
	});

	it('reads on behind lines that are cut or are none, and appends behind a cut one', () => {
		const folder = tempFolder();
		const file = image(folder, 'A-00-00.mrimgx');
		noteVerified([file.path], time);
		appendFileSync(join(folder, verifiedName), '{"name":"A-00-00.mrimgx","size":5,"mod');
		expect(verifiedOn(readVerified(folder), file)).toBe(time.toISOString());
		const other = image(folder, 'B-00-00.mrimgx');
		noteVerified([other.path], time);
		expect(verifiedOn(readVerified(folder), other)).toBe(time.toISOString());
	});

	it('writes through no link', () => {
		const folder = tempFolder();
		const file = image(folder, 'A-00-00.mrimgx');
		const victim = join(tempFolder(), 'victim');
		writeFileSync(victim, 'mine');
		symlinkSync(victim, join(folder, verifiedName));
		expect(noteVerified([file.path], time)).toBe(false);
		expect(readFileSync(victim, 'utf8')).toBe('mine');
	});

	it.runIf(process.platform === 'linux')('waits for no pipe in its place, with or without a reader', () => {
		const folder = tempFolder();
		const file = image(folder, 'A-00-00.mrimgx');
		const pipe = join(folder, verifiedName);
		execFileSync('mkfifo', [pipe]);
		expect(noteVerified([file.path], time)).toBe(false);
		const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
		expect(noteVerified([file.path], time)).toBe(false);
		closeSync(reader);
		expect(readVerified(folder).size).toBe(0);
	});

	it('of many images is not written anew at each note', () => {
		const folder = tempFolder();
		const path = join(folder, verifiedName);
		const files = Array.from({ length: 1200 }, (_, i) => image(folder, `${'A'.repeat(150)}-${i}.mrimgx`));
		const lines = files.map(({ name }) => {
			const { size, mtimeMs } = statSync(join(folder, name));
			return `${JSON.stringify({ name, size, modified: Math.floor(mtimeMs), verified: time.toISOString() })}\n`;
		});
		writeFileSync(path, lines.join(''));
		const later = new Date('2026-03-02T10:00:00Z');
		const [first] = files;
		const noted = () => {
			expect(noteVerified([first!.path], later)).toBe(true);
			return statSync(path).ino;
		};
		const before = statSync(path).ino;
		const anew = noted();
		expect(anew).not.toBe(before);
		expect([noted(), noted()]).toEqual([anew, anew]);
		expect(statSync(path).size).toBeGreaterThan(256 * 1024);
		appendFileSync(path, lines.join(''));
		expect(noted()).not.toBe(anew);
		expect(statSync(path).size).toBeLessThan(1.1 * lines.join('').length);
		const entries = readVerified(folder);
		expect([entries.size, verifiedOn(entries, first!)]).toEqual([1200, later.toISOString()]);
	});

	it('grows no further than its images need', () => {
		const folder = tempFolder();
		const file = image(folder, 'A-00-00.mrimgx');
		noteVerified([file.path], time);
		const gone = { name: 'gone.mrimgx', size: 1, modified: 1, verified: time.toISOString() };
		appendFileSync(join(folder, verifiedName), `${JSON.stringify(gone)}\n`.repeat(4000));
		noteVerified([file.path], time);
		expect(readFileSync(join(folder, verifiedName), 'utf8').length).toBeLessThan(1000);
		expect(verifiedOn(readVerified(folder), file)).toBe(time.toISOString());
	});
});
