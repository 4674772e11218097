/**
 * Builds everything that runs: `node esbuild.mjs [--production] [--watch] [--tests] [--outdir=FOLDER]`.
 * The command line and the engine are ES modules, the extension is CommonJS as VS Code loads it, the webviews are browser modules.
 */
import { existsSync, readdirSync } from 'node:fs';
import * as esbuild from 'esbuild';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');
const outdir = process.argv.find((arg) => arg.startsWith('--outdir='))?.slice('--outdir='.length) ?? 'dist';

const shared = {
	bundle: true,
	sourcemap: production ? false : 'linked',
	minify: production,
	logLevel: 'warning',
	outdir,
	legalComments: 'none',
};

/** Bundled packages written as CommonJS call `require`; an ES module has none of its own. */
const requireBanner =
	"import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);";

const node = {
	...shared,
	platform: 'node',
	target: 'node20',
	format: 'esm',
	external: ['koffi'],
	banner: { js: requireBanner },
};

const builds = [
	{
		...node,
		entryPoints: {
			afterimage: 'src/cli/main.ts',
			engine: 'src/engine/main-server.ts',
			'main-worker': 'src/engine/main-worker.ts',
		},
		outExtension: { '.js': '.mjs' },
	},
];
if (existsSync('src/extension/extension.ts')) {
	builds.push({
		...shared,
		platform: 'node',
		target: 'node20',
		format: 'cjs',
		external: ['vscode'],
		entryPoints: { extension: 'src/extension/extension.ts' },
		outExtension: { '.js': '.cjs' },
	});
}
const apps = existsSync('webview')
	? readdirSync('webview').filter((name) => existsSync(`webview/${name}/main.ts`))
	: [];
if (apps.length > 0) {
	builds.push({
		...shared,
		platform: 'browser',
		target: 'es2022',
		format: 'esm',
		outdir: `${outdir}/webview`,
		entryPoints: Object.fromEntries(apps.map((name) => [name, `webview/${name}/main.ts`])),
	});
}
if (process.argv.includes('--tests') && existsSync('test/vscode/index.ts')) {
	builds.push({
		...shared,
		platform: 'node',
		target: 'node20',
		format: 'cjs',
		external: ['vscode', 'mocha'],
		outdir: `${outdir}/test`,
		entryPoints: { index: 'test/vscode/index.ts' },
		outExtension: { '.js': '.cjs' },
	});
}

const present = builds
	.map((build) => ({
		...build,
		entryPoints: Object.fromEntries(Object.entries(build.entryPoints).filter(([, path]) => existsSync(path))),
	}))
	.filter((build) => Object.keys(build.entryPoints).length > 0);

if (watch) {
	for (const build of present) await (await esbuild.context(build)).watch();
} else {
	await Promise.all(present.map((build) => esbuild.build(build)));
}
