import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { project as root } from './initramfs.ts';

declare module 'vitest' {
	interface ProvidedContext {
		/** Folder of the programs of this project as they are shipped, where a virtual machine sees them. */
		programs: string;
	}
}

const folder = join(root, '.vm-test');

/** Builds the programs once for all tests: to run them from their sources takes a virtual machine many times longer. */
export function setup(project: TestProject): () => void {
	if (!existsSync(join(folder, '.complete'))) {
		throw new Error(`There is no kernel for virtual machines in ${folder}; scripts/vm/install.sh brings it`);
	}
	removeLeftovers();
	const programs = join(folder, `programs-${process.pid}`);
	const { status, stderr } = spawnSync(process.execPath, ['esbuild.mjs', `--outdir=${programs}`], {
		cwd: root,
		encoding: 'utf8',
	});
	if (status !== 0) throw new Error(`The programs could not be built:\n${stderr}`);
	project.provide('programs', programs);
	return () => rmSync(programs, { recursive: true, force: true });
}

/** What test processes have left that were ended too hard to clear it away themselves. */
function removeLeftovers(): void {
	for (const name of readdirSync(folder)) {
		const pid = /^programs-(\d+)$/.exec(name)?.[1];
		if (pid !== undefined && !existsSync(`/proc/${pid}`)) rmSync(join(folder, name), { recursive: true });
	}
}
