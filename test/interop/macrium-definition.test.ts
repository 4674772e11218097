import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { afterimage, afterimageResult } from '../support/cli.ts';

const root = resolve(import.meta.dirname, '../..');
let folder: string;
let image: string;

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'afterimage-interop-'));
	image = join(folder, 'macrium-demo.mrimgx');
	const shared = resolve(root, process.env['AFTERIMAGE_SHARED_DATA'] ?? '../shared/data');
	const sample = join(shared, 'macrium-demo.mrimgx.xz');
	writeFileSync(image, execFileSync('xz', ['--decompress', '--stdout', sample], { maxBuffer: 2 ** 30 }));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the definition in an image of Macrium Reflect', () => {
	it('becomes a valid definition with what the image says', async () => {
		const path = join(folder, 'macrium.xml');
		await afterimageResult(['definition', 'from-image', image, '--to', path]);
		execFileSync('xmllint', ['--noout', '--schema', join(root, 'schema/backup-definition.xsd'), path], {
			stdio: 'pipe',
		});
		const text = readFileSync(path, 'utf8');
		expect(text).toContain('signature="2D37A83C-3F86-4734-849E-FD9A833D874A"');
		expect(text).toContain('<rate_limit>20000</rate_limit>');
		expect(text).toMatch(/<full_retention [^>]*interval="13"/);
		const { code, out } = await afterimage(['validate', path]);
		expect([code, out]).toEqual([0, expect.stringContaining(`${path} is valid`)]);
		const { err } = await afterimage(['definition', 'from-image', image]);
		expect(err).toContain('Warning: B:\\vx\\new hash is a path of Windows: name one of this computer');
		expect(err).toContain('Warning: No mail server is named for nick@macrium.com');
	});
});
