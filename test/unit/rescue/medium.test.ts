import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cpioArchive, smallCpioArchive } from '../../../src/rescue/boot/cpio.ts';
import { writeInitramfs } from '../../../src/rescue/boot/initramfs.ts';
import { fileEntry, withFolders, type MediumEntry } from '../../../src/rescue/medium/entries.ts';
import { mediumEntries } from '../../../src/rescue/medium/medium-entries.ts';
import { tempFolder } from '../../support/temp-folder.ts';

async function archived(entries: readonly MediumEntry[]): Promise<Buffer> {
	const pieces: Uint8Array[] = [];
	for await (const piece of cpioArchive(entries)) pieces.push(piece);
	return Buffer.concat(pieces);
}

describe('the files that a rescue medium starts with', () => {
	it('lie in folders that come before them, each once', () => {
		const text = (path: string, content: string): MediumEntry => ({ kind: 'text', path, text: content, mode: 0o644 });
		expect(withFolders([text('a/b/c', '1'), text('a/d', '2'), text('a/d', '3')])).toEqual([
			{ kind: 'folder', path: 'a' },
			{ kind: 'folder', path: 'a/b' },
			text('a/b/c', '1'),
			text('a/d', '2'),
		]);
	});

	it('become an archive whose records are aligned and end with the trailer', async () => {
		const source = join(tempFolder(), 'source');
		writeFileSync(source, 'abcde');
		const data = await archived([
			{ kind: 'folder', path: 'etc' },
			fileEntry('etc/x', source, 0o640),
			{ kind: 'link', path: 'bin', target: 'usr/bin' },
		]);
		expect(records(data)).toEqual([
			{ path: 'etc', mode: 0o40755, data: '' },
			{ path: 'etc/x', mode: 0o100640, data: 'abcde' },
			{ path: 'bin', mode: 0o120777, data: 'usr/bin' },
			{ path: 'TRAILER!!!', mode: 0o100000, data: '' },
		]);
	});

	it('are the same archive when they are all in memory', async () => {
		const entries = [{ kind: 'text', path: 'a', text: 'xyz', mode: 0o755 }] as const;
		expect(records(smallCpioArchive(entries))).toEqual(records(await archived(entries)));
	});

	it('are given up as cancelled while they are written', async () => {
		const giveUp = new AbortController();
		const path = join(tempFolder(), 'initrd');
		const entries = Array.from({ length: 50 }, (_, i): MediumEntry => ({ kind: 'folder', path: `a${i}` }));
		const written = writeInitramfs(path, entries, '6.1.0', giveUp.signal, () => giveUp.abort());
		await expect(written).rejects.toMatchObject({ code: 'cancelled' });
	});

	it('have scripts that a shell can read', () => {
		const scripts = mediumEntries('A title', undefined).filter(
			(entry) => entry.kind === 'text' && String(entry.text).startsWith('#!/usr/bin/'),
		);
		expect(scripts.length).toBeGreaterThan(10);
		for (const script of scripts) {
			execFileSync('sh', ['-n'], { input: (script as { text: string }).text, stdio: ['pipe', 'ignore', 'pipe'] });
		}
	});
});

/** Reads an archive by the offsets of the format: magic, thirteen numbers of eight hexadecimal digits, name, content. */
function records(data: Buffer): { path: string; mode: number; data: string }[] {
	const found = [];
	for (let at = 0; at < data.length;) {
		expect(data.toString('latin1', at, at + 6)).toBe('070701');
		const number = (index: number) => parseInt(data.toString('latin1', at + 6 + index * 8, at + 14 + index * 8), 16);
		const [mode, length, nameLength] = [number(1), number(6), number(11)];
		const path = data.toString('latin1', at + 110, at + 110 + nameLength - 1);
		const start = Math.ceil((at + 110 + nameLength) / 4) * 4;
		found.push({ path, mode, data: data.toString('latin1', start, start + length) });
		at = Math.ceil((start + length) / 4) * 4;
	}
	return found;
}
