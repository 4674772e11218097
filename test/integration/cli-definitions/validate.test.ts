import { chmodSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ValidatedFile } from '../../../src/engine/requests/definition.ts';
import { afterimage, afterimageJson } from '../../support/cli.ts';
import { run } from '../../support/run.ts';
import { definition, folder, script } from './scene.ts';

const root = resolve(import.meta.dirname, '../../..');

describe('afterimage validate', () => {
	it('agrees with xmllint, and says where it does not like a definition as the problem matcher reads it', async () => {
		const { contributes } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
			contributes: { problemMatchers: { pattern: { regexp: string } }[] };
		};
		const matcher = new RegExp(contributes.problemMatchers[0]!.pattern.regexp);
		const schema = join(root, 'schema', 'backup-definition.xsd');
		const good = definition();
		const bad = definition('<compression_level>extreme</compression_level>');
		const broken = definition('<comment>');
		for (const [{ path }, code, place] of [
			[good, 0, undefined],
			[bad, 2, ['6', '21']],
			[broken, 2, ['6', '2']],
		] as const) {
			const lint = await run('xmllint', ['--noout', '--schema', schema, path], { codes: [0, 1, 3] });
			expect(lint.code === 0).toBe(code === 0);
			const { out, code: exit } = await afterimage(['validate', path]);
			expect(exit).toBe(code);
			const lines = out.trimEnd().split('\n');
			if (place === undefined) {
				expect(lines).toEqual([`${path} is valid`]);
			} else {
				const match = matcher.exec(lines[0]!);
				expect(match?.slice(1, 5)).toEqual([path, ...place, 'error']);
				expect(match?.[5]).toMatch(/^(schema|xml)-/);
			}
		}
	});

	it('goes through several files, and tells programs the same', async () => {
		const [good, bad] = [definition(), definition('<rate_limit>x</rate_limit>')];
		const lines = await afterimageJson(['validate', good.path, join(folder, 'none.xml'), bad.path], 2);
		const { files } = lines.find((line) => line.type === 'result') as unknown as { files: ValidatedFile[] };
		expect(files.map(({ path, valid }) => [path, valid])).toEqual([
			[good.path, true],
			[bad.path, false],
		]);
		expect(files[1]!.problems[0]).toMatchObject({ line: 6, severity: 'error' });
		expect(lines.find((line) => line.type === 'error')).toMatchObject({ code: 'source-missing' });
		expect((await afterimage(['validate', join(folder, 'none.xml')])).code).toBe(8);
		expect((await afterimage(['validate'])).code).toBe(2);
	});

	it('judges scripts by who may write them', async () => {
		const made = definition();
		const open = script(made.home, 'open.sh', 'true', 0o777);
		const { path } = definition(`<scripts><before path="${open}"/></scripts>`);
		const { out, code } = await afterimage(['validate', path]);
		expect(code).toBe(2);
		expect(out).toContain('error script-writable');
		chmodSync(open, 0o755);
		expect((await afterimage(['validate', path])).code).toBe(0);
	});
});
