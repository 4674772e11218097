import { defineConfig } from 'vitest/config';

/** One project a tier; `npm test` (scripts/test.ts) decides which of them can run on this machine. */
const tier = (name: string, include: string[], more: object = {}) => ({
	test: { name, include, testTimeout: 60_000, hookTimeout: 60_000, pool: 'forks' as const, ...more },
});

/**
 * Real file systems, loop devices, processes that are killed at some moment, and browsers: slow by nature, one file at a
 * time to spare the devices. The kernel and the browser decide the moments, so a test may try twice more; the report says when it did.
 */
const slow = { testTimeout: 300_000, hookTimeout: 300_000, fileParallelism: false, retry: 2 };

/** For what starts the command line or the engine. */
const programs = 'test/support/programs-setup.ts';

export default defineConfig({
	test: {
		projects: [
			tier('unit', ['test/unit/**/*.test.ts']),
			tier('webview', ['test/webview/**/*.test.ts'], slow),
			tier('integration', ['test/integration/**/*.test.ts'], { ...slow, globalSetup: programs }),
			tier('interop', ['test/interop/**/*.test.ts'], { ...slow, globalSetup: programs }),
			tier('windows', ['test/windows/**/*.test.ts'], {
				...slow,
				globalSetup: [programs, 'test/windows/support/setup.ts'],
			}),
			tier('vm', ['test/vm/**/*.test.ts'], { ...slow, globalSetup: 'test/vm/support/setup.ts' }),
			tier('e2e', ['test/e2e/**/*.test.ts'], { ...slow, globalSetup: 'test/e2e/support/setup.ts' }),
		],
	},
});
