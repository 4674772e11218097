import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** One project a tier; `npm test` (scripts/test.ts) decides which of them can run on this machine. */
const tier = (name: string, include: string[], more: object = {}) => ({
	test: { name, include, testTimeout: 60_000, hookTimeout: 60_000, pool: 'forks' as const, ...more },
});

/**
 * Real file systems, loop devices, processes that are killed at some moment, and browsers: slow by nature. The kernel and
 * the browser decide the moments, so a test may try twice more; the report says when it did.
 */
const slow = { testTimeout: 300_000, hookTimeout: 300_000, retry: 2 };
/** What measures or draws, or fills the machine alone. */
const alone = { ...slow, fileParallelism: false };
/** Two files at a time, since one mostly waits: for a disk, a child process, a moment. More would only wait for each other. */
const inPairs = { ...slow, maxWorkers: Math.min(2, availableParallelism()), sequence: { groupOrder: 1 } };
/** For what starts the command line or the engine. */
const programs = 'test/support/programs-setup.ts';

export default defineConfig({
	test: {
		projects: [
			// The process that these report to has little to do: left to itself, vitest would keep a processor for it.
			tier('unit', ['test/unit/**/*.test.ts'], { maxWorkers: availableParallelism() }),
			tier('webview', ['test/webview/**/*.test.ts'], alone),
			tier('integration', ['test/integration/**/*.test.ts'], { ...inPairs, globalSetup: programs }),
			tier('interop', ['test/interop/**/*.test.ts'], { ...inPairs, globalSetup: programs }),
			tier('windows', ['test/windows/**/*.test.ts'], {
				...inPairs,
				globalSetup: [programs, 'test/windows/support/setup.ts'],
			}),
			tier('vm', ['test/vm/**/*.test.ts'], { ...inPairs, globalSetup: 'test/vm/support/setup.ts' }),
			tier('e2e', ['test/e2e/**/*.test.ts'], { ...alone, globalSetup: 'test/e2e/support/setup.ts' }),
		],
	},
});
