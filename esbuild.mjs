/**
 * Builds everything that runs: `node esbuild.mjs [--production] [--watch] [--tests] [--outdir=FOLDER]`.
 * The command line and the engine are ES modules, the extension is CommonJS as VS Code loads it, the webviews are browser modules.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import * as esbuild from 'esbuild';
import { buildNative } from './scripts/build-native.mjs';
import { notices } from './scripts/notices.mjs';

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
	metafile: true,
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

/** Removes the chunks that builds before have left: their names change with what they hold. */
const newChunksOnly = {
	name: 'new-chunks-only',
	setup(build) {
		build.onEnd(({ metafile }) => {
			const written = new Set(Object.keys(metafile?.outputs ?? {}).map((path) => basename(path)));
			for (const name of existsSync(outdir) ? readdirSync(outdir) : []) {
				if (/^chunk-\w+\.mjs/.test(name) && !written.has(name)) rmSync(join(outdir, name));
			}
		});
	},
};

const builds = [
	{
		...node,
		// What runs definitions and sends mail is loaded when it is asked for. Chunks lie beside the programs, where the worker is.
		splitting: true,
		chunkNames: 'chunk-[hash]',
		plugins: [newChunksOnly],
		entryPoints: {
			afterimage: 'src/cli/entry.ts',
			engine: 'src/engine/main-server.ts',
			elevate: 'src/engine/main-elevate.ts',
			'main-worker': 'src/engine/main-worker.ts',
		},
		outExtension: { '.js': '.mjs' },
	},
];
/** The import of VS Code's API in a chunk. */
const apiImport = /\bimport\s*\*\s*as\s+([\w$]+)\s+from\s*"vscode";?/g;

/**
 * Turns the chunks of a build into CommonJS, which esbuild does not cut itself, writes them, and removes those of the build
 * before from `folder`. The API is taken as it is: esbuild would copy its hundreds of members once for each file.
 */
const commonJsChunks = (folder) => ({
	name: 'commonjs-chunks',
	setup(build) {
		build.onEnd(async ({ outputFiles }) => {
			const written = new Set();
			for (const { path, text } of outputFiles ?? []) {
				const map = production ? false : 'external';
				const made = await esbuild.transform(text.replace(apiImport, 'var $1 = require("vscode");'), {
					format: 'cjs',
					platform: 'node',
					target: 'node20',
					minify: production,
					sourcemap: map,
					sourcefile: basename(path),
					legalComments: 'none',
				});
				mkdirSync(dirname(path), { recursive: true });
				written.add(path);
				if (production) {
					writeFileSync(path, made.code);
					continue;
				}
				writeFileSync(path, `${made.code}//# sourceMappingURL=${basename(path)}.map\n`);
				writeFileSync(`${path}.map`, made.map);
				written.add(`${path}.map`);
			}
			if (written.size === 0 || !existsSync(folder)) return;
			for (const name of readdirSync(folder)) {
				if (!written.has(resolve(folder, name))) rmSync(join(folder, name));
			}
		});
	},
});
if (existsSync('src/extension/extension.ts')) {
	// VS Code waits for what is loaded at once; everything else is a chunk that is loaded when something first needs it.
	builds.push({
		...shared,
		platform: 'node',
		target: 'node20',
		format: 'esm',
		splitting: true,
		sourcemap: production ? false : 'inline',
		write: false,
		external: ['vscode'],
		entryPoints: { extension: 'src/extension/extension.ts' },
		outExtension: { '.js': '.cjs' },
		chunkNames: 'extension/[name]-[hash]',
		plugins: [commonJsChunks(`${outdir}/extension`)],
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

buildNative(outdir);
if (watch) {
	for (const build of present) await (await esbuild.context(build)).watch();
} else {
	const built = await Promise.all(present.map((build) => esbuild.build(build)));
	if (production) {
		const inputs = built.flatMap(({ metafile }) => Object.keys(metafile.inputs));
		writeFileSync(join(outdir, 'THIRD-PARTY-NOTICES.txt'), notices('.', inputs));
	}
}
