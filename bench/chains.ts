/**
 * How long it takes to resolve a chain of 365 deltas of a partition of 1 TiB, and to list a folder of 10,000 images. See
 * README.md in this folder. `node bench/chains.ts [--rounds 5] [--cli dist/afterimage.mjs] [--readme]`
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createZlibCodec } from '../src/image/zlib-codec.ts';
import type { BackupFolderInfo } from '../src/protocol/backups.ts';
import { chain, chainFile, makeChain } from './chain-corpus.ts';
import type { ResolveCost } from './resolve-chain.ts';
import { folderOfSets, makeSets } from './sets-corpus.ts';
import { measure, median, sh, type Cost } from './shell.ts';

const { values: options } = parseArgs({
	options: {
		rounds: { type: 'string', default: '5' },
		cli: { type: 'string', default: join(import.meta.dirname, '..', 'dist', 'afterimage.mjs') },
		readme: { type: 'boolean', default: false },
	},
});
const { cli } = options;
if (!existsSync(cli)) throw new Error(`${cli} is missing: run \`node esbuild.mjs --production\` first`);

const cache = join(import.meta.dirname, '.cache');
const chainFolder = join(cache, 'chain-1t');
const setsFolder = join(cache, 'sets-10000');
const node = `'${process.execPath}'`;
const codec = createZlibCodec();
if (await makeChain(chainFolder, codec)) {
	sh(`${node} '${cli}' inspect '${chainFile(chainFolder, chain.deltas)}'`);
	sh(`${node} '${cli}' verify '${chainFile(chainFolder, chain.deltas)}' --sample 0.001%`);
}
await makeSets(setsFolder, codec);
checkSets();

// Files are read from the page cache.
sh(`cat '${chainFolder}'/* '${setsFolder}'/* > /dev/null`);
const load = loadavg()[0]!;
const resolves: ResolveCost[] = [];
const lists: Cost[] = [];
for (let round = 0; round < Number(options.rounds); round++) {
	const printed = execFileSync(process.execPath, [join(import.meta.dirname, 'resolve-chain.ts'), chainFolder]);
	resolves.push(JSON.parse(printed.toString()) as ResolveCost);
	lists.push(await measure(`${node} '${cli}' sets '${setsFolder}' --json > /dev/null`));
	console.error(`resolve ${resolves.at(-1)!.seconds.toFixed(2)} s, sets ${lists.at(-1)!.seconds.toFixed(2)} s`);
}

const report = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}; \
medians of ${options.rounds} runs, the fastest in brackets; load of the machine before them ${load.toFixed(1)}

| | s | CPU s | peak RSS MB | goal |
|---|---|---|---|---|
${[
	row(
		`resolve the newest of ${chain.deltas} deltas, 1 TiB`,
		resolves.map(({ seconds, cpuSeconds, peakBytes }) => ({ seconds, cpuSeconds, rssBytes: peakBytes })),
		'2 s, 1 GB',
	),
	row(
		'the same from the start of the process on',
		resolves.map((cost) => ({
			seconds: cost.wholeSeconds,
			cpuSeconds: cost.wholeCpuSeconds,
			rssBytes: cost.peakBytes,
		})),
		'–',
	),
	row(`\`sets\` on ${folderOfSets.files.toLocaleString('en')} files, whole command`, lists, '3 s'),
].join('\n')}
`;
console.log(report);
if (options.readme) writeChains(report);

function row(what: string, costs: readonly Cost[], goal: string): string {
	const cell = (values: readonly number[], digits: number) =>
		`${median(values).toFixed(digits)} (${Math.min(...values).toFixed(digits)})`;
	const cells = [
		cell(
			costs.map((cost) => cost.seconds),
			2,
		),
		cell(
			costs.map((cost) => cost.cpuSeconds),
			2,
		),
		cell(
			costs.map((cost) => cost.rssBytes / 1e6),
			0,
		),
	];
	return `| ${what} | ${cells.join(' | ')} | ${goal} |`;
}

/** The folder must be what it is meant to be, and its images sound, before the time that it takes says anything. */
function checkSets(): void {
	const printed = execFileSync(process.execPath, [cli, 'sets', setsFolder, '--json'], { maxBuffer: 256 << 20 });
	const info = JSON.parse(printed.toString()) as BackupFolderInfo;
	const files = info.sets.flatMap((set) => set.files);
	const damage = [
		...info.unreadable.map((file) => file.reason),
		...info.sets.flatMap((set) => set.damage),
		...files.flatMap((file) => file.damage ?? []),
	];
	if (files.length !== folderOfSets.files || damage.length > 0)
		throw new Error(`${setsFolder}: ${files.length} files, ${damage.length} damaged: ${damage.slice(0, 3).join('; ')}`);
	sh(`${node} '${cli}' verify '${join(setsFolder, info.sets[0]!.files.at(-1)!.name)}'`);
}

/** Replaces what stands below the heading of chains in README.md, up to the next heading. */
function writeChains(text: string): void {
	const readme = join(import.meta.dirname, 'README.md');
	const heading = '## Chains\n';
	const results = '## Results\n';
	const before = readFileSync(readme, 'utf8');
	const rest = before.lastIndexOf(results);
	const at = before.lastIndexOf(heading, rest);
	if (rest === -1) throw new Error(`${readme} has no heading for results`);
	const next = at === -1 ? rest : before.indexOf('\n## ', at) + 1;
	writeFileSync(readme, `${before.slice(0, at === -1 ? rest : at)}${heading}\n${text}\n${before.slice(next)}`);
}
