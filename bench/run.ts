/**
 * Compares Afterimage with the tools that people would use instead. See README.md in this folder.
 * `node bench/run.ts [--rounds 5] [--files 2200M] [--volume 4G] [--fs ext4,ntfs,fat32,xfs-16t] [--task restore] [--only afterimage]
 * [--cli dist/afterimage.mjs] [--json FILE] [--readme]`
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync, readdirSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseSize } from '../src/base/quantity.ts';
import { tasksFor, type Contender, type Task } from './contenders.ts';
import { measure, median, sh, type Cost } from './shell.ts';
import { markdownTable, type Row } from './table.ts';
import { fileSystems, makeVolumes, type FileSystemName } from './volumes.ts';

const { values: options } = parseArgs({
	options: {
		rounds: { type: 'string', default: '5' },
		files: { type: 'string', default: '2200M' },
		volume: { type: 'string', default: '4G' },
		fs: { type: 'string', default: fileSystems.join(',') },
		task: { type: 'string', default: '' },
		only: { type: 'string', default: '' },
		cli: { type: 'string', default: join(import.meta.dirname, '..', 'dist', 'afterimage.mjs') },
		readme: { type: 'boolean', default: false },
		json: { type: 'string', default: join(import.meta.dirname, 'results', 'latest.json') },
	},
});

const { cli } = options;
if (!existsSync(cli)) throw new Error(`${cli} is missing: run \`node esbuild.mjs --production\` first`);

const files = sizeOf(options.files);
const volumes = makeVolumes(
	join(import.meta.dirname, '.cache'),
	{ volume: sizeOf(options.volume), files, changed: Math.round(files * 0.05) },
	options.fs.split(',') as FileSystemName[],
);
// A memory file system of our own: a restore makes no files below /dev.
const work = mkdtempSync(join(tmpdir(), 'afterimage-bench-'));
sh(`mount -t tmpfs -o size=90% bench '${work}'`);
const rows: Row[] = [];
const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`;
try {
	for (const volume of volumes) {
		// Everybody reads from the page cache: disks of virtual machines differ more than programs do.
		if (volume.fileSystem !== 'xfs-16t') sh(`cat '${volume.day1}' '${volume.day2}' > /dev/null`);
		for (const task of tasksFor(volume, { work, cli, node: process.execPath })) {
			if (!task.name.includes(options.task)) continue;
			rows.push(...(await runTask(volume.fileSystem, task)));
			// Kept at once: a later task may fail.
			keepResults();
		}
		sh(`rm -rf '${work}'/*`);
	}
} finally {
	sh(`umount '${work}' && rmdir '${work}'`);
}

const report = `${machine}; medians of ${options.rounds} runs\n\n${markdownTable(rows)}\n`;
console.log(report);
if (options.readme) writeResults(report);

function keepResults(): void {
	mkdirSync(join(options.json, '..'), { recursive: true });
	writeFileSync(options.json, JSON.stringify({ machine, rounds: Number(options.rounds), rows }, undefined, '\t'));
}

/** All contenders take turns, so that whatever else the machine does falls on all of them. */
async function runTask(fileSystem: string, task: Task): Promise<Row[]> {
	if (task.prepare !== undefined) sh(task.prepare);
	const contenders = task.contenders.filter(({ name }) => name.includes(options.only));
	const costs = new Map<Contender, Cost[]>(contenders.map((contender) => [contender, []]));
	const sizes = new Map<Contender, number>();
	for (let round = 0; round < Number(options.rounds); round++) {
		for (const contender of contenders) {
			if (contender.prepare !== undefined) sh(contender.prepare);
			const before = contender.grown === undefined ? 0 : sizeAt(contender.grown);
			const cost = await measure(contender.command, contender.env);
			costs.get(contender)!.push(cost);
			if (contender.output !== undefined) sizes.set(contender, sizeAt(contender.output) - before);
			if (contender.check !== undefined && round === 0) sh(contender.check);
			console.error(`${fileSystem}, ${task.name}, ${contender.name}: ${cost.seconds.toFixed(2)} s`);
		}
	}
	return contenders.map((contender) => ({
		fileSystem,
		task: task.name,
		contender: contender.name,
		seconds: median(costs.get(contender)!.map((cost) => cost.seconds)),
		cpuSeconds: median(costs.get(contender)!.map((cost) => cost.cpuSeconds)),
		rssBytes: median(costs.get(contender)!.map((cost) => cost.rssBytes)),
		outputBytes: sizes.get(contender),
		runs: costs.get(contender)!,
	}));
}

/** Replaces what stands below the last heading of README.md. */
function writeResults(report: string): void {
	const readme = join(import.meta.dirname, 'README.md');
	const heading = '## Results\n';
	const text = readFileSync(readme, 'utf8');
	writeFileSync(readme, `${text.slice(0, text.lastIndexOf(heading) + heading.length)}\n${report}`);
}

function sizeAt(path: string): number {
	const stats = statSync(path);
	if (!stats.isDirectory()) return stats.size;
	return readdirSync(path).reduce((sum, name) => sum + sizeAt(join(path, name)), 0);
}

function sizeOf(text: string): number {
	const size = parseSize(text);
	if (size === undefined) throw new Error(`No size: ${text}`);
	return size;
}
