import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { buildPrograms } from '../../support/programs.ts';
import { project as root } from './initramfs.ts';

const folder = join(root, '.vm-test');

/** Builds the programs once for all tests, where a virtual machine sees them. */
export function setup(project: TestProject): () => void {
	if (!existsSync(join(folder, '.complete'))) {
		throw new Error(`There is no kernel for virtual machines in ${folder}; scripts/vm/install.sh brings it`);
	}
	removeLeftovers();
	const programs = join(folder, `programs-${process.pid}`);
	buildPrograms(programs);
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
