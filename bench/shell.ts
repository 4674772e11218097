import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Runs a command for what it does. @throws Error with what it printed when it fails */
export function sh(command: string, env: Readonly<Record<string, string>> = {}): void {
	const { status, stderr, stdout } = spawnSync('bash', ['-c', `set -o pipefail; ${command}`], {
		env: { ...process.env, ...env },
		encoding: 'utf8',
		maxBuffer: 64 << 20,
	});
	if (status !== 0) throw new Error(`${command}\n${stdout}\n${stderr}`);
}

export interface Cost {
	/** Wall time. */
	readonly seconds: number;
	/** User and system time of all processes of the command. */
	readonly cpuSeconds: number;
	/** The largest resident sets of all its processes, added up. */
	readonly rssBytes: number;
}

/** High-water marks only rise: a few looks find them, and cost the command that is measured next to nothing. */
const sampleMilliseconds = 200;

/** Runs a pipeline and says what it cost. The shell's own `times` counts every process that has ended, pipes included. */
export async function measure(command: string, env: Readonly<Record<string, string>> = {}): Promise<Cost> {
	const script = `set -o pipefail\n${command}\nstatus=$?\ntimes >&3\nexit $status`;
	const start = performance.now();
	const shell = spawn('bash', ['-c', script], {
		env: { ...process.env, ...env },
		stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
	});
	const output: Record<number, string> = { 1: '', 2: '', 3: '' };
	shell.stdio.forEach((stream, fd) => stream?.on('data', (data: Buffer) => (output[fd] += data.toString())));
	const peaks = new Map<number, number>();
	const timer = setInterval(() => samplePeaks(shell.pid!, peaks), sampleMilliseconds);
	const status = await new Promise<number | null>((resolve, reject) => {
		shell.on('error', reject);
		shell.on('close', resolve);
	});
	const seconds = (performance.now() - start) / 1000;
	clearInterval(timer);
	if (status !== 0) throw new Error(`${command}: exit code ${status}\n${output[1]}\n${output[2]}`);
	return { seconds, cpuSeconds: childSeconds(output[3]!), rssBytes: [...peaks.values()].reduce((a, b) => a + b, 0) };
}

/** Second line of `times`: `0m1.234s 0m0.567s`, user and system time of the shell's children. */
function childSeconds(times: string): number {
	const parts = [
		...times
			.trim()
			.split('\n')[1]!
			.matchAll(/(\d+)m([\d.]+)s/g),
	];
	return parts.reduce((sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds), 0);
}

/** Notes the high-water mark of every descendant, the shell itself left out. */
function samplePeaks(parent: number, peaks: Map<number, number>): void {
	for (const child of childrenOf(parent)) {
		try {
			const peak = /VmHWM:\s*(\d+) kB/.exec(readFileSync(`/proc/${child}/status`, 'utf8'));
			if (peak !== null) peaks.set(child, Number(peak[1]) * 1024);
		} catch {
			// It has just ended; the last sample stands.
		}
		samplePeaks(child, peaks);
	}
}

function childrenOf(pid: number): number[] {
	try {
		return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
			readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
		);
	} catch {
		return [];
	}
}

export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
