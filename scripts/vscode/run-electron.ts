/**
 * `npm run test:electron`: the tests of `test/vscode` in the desktop VS Code, which @vscode/test-electron downloads from its
 * vendor. It needs the internet and a display; `npm test -- vscode` needs neither.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runTests } from '@vscode/test-electron';

const root = resolve(import.meta.dirname, '../..');
const workspace = mkdtempSync(join(tmpdir(), 'afterimage-workspace-'));
cpSync(join(root, 'test/vscode/workspace'), workspace, { recursive: true });
try {
	process.exitCode = await runTests({
		extensionDevelopmentPath: root,
		extensionTestsPath: join(root, 'dist/test/index.cjs'),
		launchArgs: [workspace, '--disable-workspace-trust', '--disable-extensions'],
	});
} catch (error) {
	process.stderr.write(
		`VS Code could not be downloaded or started: ${error instanceof Error ? error.message : String(error)}\n`,
	);
	process.exitCode = 1;
} finally {
	rmSync(workspace, { recursive: true, force: true });
}
