import { resolve } from 'node:path';
import type { EngineClient } from '../engine/engine-client.ts';
import type { FileRights } from './file-rights.ts';

/** Rights on Windows. Only calls of the system tell and change them: an engine makes these for the extension. */
export function windowsRights(engine: () => Promise<Pick<EngineClient, 'request'>>): FileRights {
	return {
		openPaths: async (file) => (await engine()).request('rights/open', { path: resolve(file) }),
		async restrict(paths) {
			await (await engine()).request('rights/restrict', { paths: paths.map(({ path }) => path) });
		},
	};
}
