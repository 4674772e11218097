import { chmodSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';
import { buildPrograms } from './programs.ts';

/** Builds the programs once for all tests of a tier: started from their sources they take ten times as long until they run. */
export function setup(project: TestProject): () => void {
	const folder = mkdtempSync(join(tmpdir(), 'afterimage-programs-'));
	// Tests run them as another user too.
	chmodSync(folder, 0o755);
	symlinkSync(resolve(import.meta.dirname, '../../node_modules'), join(folder, 'node_modules'));
	buildPrograms(folder);
	project.provide('programs', folder);
	return () => rmSync(folder, { recursive: true, force: true });
}
