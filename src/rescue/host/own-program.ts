import { createRequire } from 'node:module';
import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AfterimageError } from '../../base/errors.ts';
import { fileEntry, type MediumEntry } from '../medium/entries.ts';
import { libraryEntries } from './programs.ts';
import { findProgram, runProgram } from './tools.ts';

/** Where a rescue medium has Afterimage and its runtime. */
export const programFolder = 'opt/afterimage';

/** What of the folder of programs the command line needs: no extension, no pages. */
const needed = /\.mjs$|^native$|^node_modules$|^THIRD-PARTY/;

/**
 * This program as it was built, with the Node that runs it.
 * @param script path of `afterimage.mjs`
 * @throws AfterimageError `not-supported` when it runs from its sources, and as {@link ownRuntime}
 */
export async function ownEntries(script: string, signal: AbortSignal): Promise<readonly MediumEntry[]> {
	const main = realpathSync(script);
	if (!main.endsWith('.mjs')) {
		throw new AfterimageError(
			'not-supported',
			'A rescue medium needs the built program, this one runs from its sources',
			{
				advice: 'Run npm run build, then: node dist/afterimage.mjs rescue --to FILE',
			},
		);
	}
	const dist = dirname(main);
	const parts = readdirSync(dist).filter((name) => needed.test(name));
	const runtime = await ownRuntime(signal);
	return [
		fileEntry(`${programFolder}/node`, runtime, 0o755),
		...(await libraryEntries(runtime, signal)),
		...parts.flatMap((name) => treeEntries(join(dist, name), `${programFolder}/${name}`)),
		...(parts.includes('node_modules') ? [] : koffiEntries(main)),
	];
}

/**
 * A Node for the medium: that which runs this, but VS Code's own, which is not one file; then the machine's.
 * @throws AfterimageError `not-supported` where it has none that is new enough
 */
async function ownRuntime(signal: AbortSignal): Promise<string> {
	if (process.versions['electron'] === undefined) return realpathSync(process.execPath);
	const found = findProgram('node');
	const version = found === undefined ? '' : (await runProgram(found.path, ['--version'], signal)).toString().trim();
	const [, major = '0', minor = '0'] = /^v(\d+)\.(\d+)/.exec(version) ?? [];
	if (found !== undefined && (Number(major) > 23 || (Number(major) === 22 && Number(minor) >= 15))) return found.real;
	const there = version === '' ? 'none' : version;
	throw new AfterimageError('not-supported', `A rescue medium needs Node 22.15 or newer, found ${there}`, {
		advice: 'Install it: the runtime of VS Code cannot start outside of it.',
	});
}

/** koffi lies beside the program in a package, and in a checkout where the program's folder finds it. */
function koffiEntries(main: string): readonly MediumEntry[] {
	const koffi = dirname(createRequire(main).resolve('koffi'));
	const library = join(dirname(koffi), '@koromix', `koffi-linux-${process.arch}`);
	const into = `${programFolder}/node_modules`;
	return [
		...treeEntries(koffi, `${into}/koffi`, /\.(c?js|json|txt)$/),
		...(existsSync(library) ? treeEntries(library, `${into}/@koromix/koffi-linux-${process.arch}`) : []),
	];
}

/** A file, or all files below a folder whose paths in it match. */
function treeEntries(from: string, to: string, match = /./): readonly MediumEntry[] {
	if (statSync(from).isFile()) return [fileEntry(to, from, 0o644)];
	return readdirSync(from, { recursive: true, encoding: 'utf8' })
		.filter((name) => match.test(name) && !name.endsWith('.map') && statSync(join(from, name)).isFile())
		.map((name) => fileEntry(`${to}/${name}`, join(from, name), 0o644));
}
