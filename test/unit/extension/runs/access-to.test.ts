import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { tempFolder } from '../../../support/temp-folder.ts';

const module = resolve(import.meta.dirname, '../../../../src/extension/runs/access-to.ts');
const script = `
import { accessTo } from ${JSON.stringify(module)};
console.log(JSON.stringify(process.argv.slice(1).map(accessTo)));
`;

test('a log that others keep to themselves is told from one that is gone', () => {
	const folder = tempFolder();
	chmodSync(folder, 0o755);
	const file = (name: string, mode: number) => {
		const path = join(folder, name);
		mkdirSync(dirname(path), { recursive: true });
		writeFileSync(path, '');
		chmodSync(path, mode);
		return path;
	};
	const paths = [file('open.log', 0o644), file('whole.log', 0o000), file('closed/a.log', 0o644)];
	chmodSync(join(folder, 'closed'), 0o000);
	// Root may read everything: it asks as another user.
	const user = process.getuid?.() === 0 ? { uid: 47_111, gid: 47_111 } : {};
	const node = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script];
	const out = execFileSync(process.execPath, [...node, ...paths, join(folder, 'none.log')], { ...user, cwd: '/' });
	chmodSync(join(folder, 'closed'), 0o700);
	expect(JSON.parse(out.toString())).toEqual(['yes', 'denied', 'denied', 'gone']);
});
