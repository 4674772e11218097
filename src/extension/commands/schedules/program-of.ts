import { join } from 'node:path';
import { isElectron } from '../../engine/environment.ts';
import type { Program } from '../../schedule/program.ts';
import type { Services } from '../../services.ts';

/** This VS Code's own runtime and the command line of this extension. */
export function programOf({ context }: Pick<Services, 'context'>): Program {
	return {
		runtime: process.execPath,
		electron: isElectron(),
		script: join(context.extensionPath, 'dist', 'afterimage.mjs'),
	};
}
