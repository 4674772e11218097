import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';
import { installExtension } from '../../support/vscode-server.ts';

declare module 'vitest' {
	interface ProvidedContext {
		/** The packaged extension. */
		vsix: string;
		/** Folder of installed extensions, into which VS Code has put it. */
		extensions: string;
	}
}

/** Packages the extension and installs it, once for all tests: they see what people get. */
export function setup(project: TestProject): () => void {
	const folder = mkdtempSync(join(tmpdir(), 'afterimage-e2e-'));
	const vsix = join(folder, 'afterimage.vsix');
	const script = resolve(import.meta.dirname, '../../../scripts/package.ts');
	const { status, stdout, stderr } = spawnSync(process.execPath, [script, '--out', vsix], { encoding: 'utf8' });
	if (status !== 0) throw new Error(`The extension could not be packaged:\n${stdout}\n${stderr}`);
	const extensions = join(folder, 'extensions');
	installExtension(vsix, extensions);
	project.provide('vsix', vsix);
	project.provide('extensions', extensions);
	return () => rmSync(folder, { recursive: true, force: true });
}
