import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { longestLine } from '../../../../src/engine/definition-run/scripts/output-lines.ts';
import { systemPrograms } from '../../../../src/engine/definition-run/scripts/run-program.ts';
import type { ProgramRequest } from '../../../../src/engine/definition-run/run-ports.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

function program(text: string): { path: string; folder: string } {
	const folder = tempFolder();
	const path = join(folder, 'program');
	writeFileSync(path, `#!/bin/sh\n${text}\n`);
	chmodSync(path, 0o700);
	return { path, folder };
}

function run(path: string, more: Partial<ProgramRequest> = {}) {
	const lines: string[] = [];
	const end = systemPrograms.run({
		path,
		args: [],
		env: { PATH: '/usr/bin:/bin' },
		timeLimit: 60,
		signal: new AbortController().signal,
		onLine: (line) => lines.push(line),
		...more,
	});
	return end.then((result) => ({ end: result, lines }));
}

/** Whether a process is there and is no zombie. */
function lives(pid: string): boolean {
	try {
		return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
	} catch {
		return false;
	}
}

async function untilGone(pid: string): Promise<void> {
	while (lives(pid)) await new Promise((turn) => setTimeout(turn, 10));
}

describe.runIf(process.platform === 'linux')('programs', () => {
	it('get their arguments as they are, the environment they are given and nothing else, and their own folder', async () => {
		const { path, folder } = program('printf "<%s>\\n" "$@"; env; pwd; echo problem >&2');
		const args = ['a b', '$(touch x)', '`id`', '; rm -rf /', '"\'', ''];
		const { end, lines } = await run(path, { args, env: { ONLY: 'this' } });
		expect(end).toEqual({ kind: 'exit', code: 0 });
		expect(lines).toEqual(expect.arrayContaining([...args.map((arg) => `<${arg}>`), 'ONLY=this', folder, 'problem']));
		const names = lines.filter((line) => /^\w+=/.test(line)).map((line) => line.split('=')[0]);
		expect(names.sort()).toEqual(['ONLY', 'PWD']);
		expect(existsSync(join(folder, 'x'))).toBe(false);
	});

	it('tell how they ended', async () => {
		expect((await run(program('exit 7').path)).end).toEqual({ kind: 'exit', code: 7 });
		expect((await run(program('kill -9 $$').path)).end).toEqual({ kind: 'signal', signal: 'SIGKILL' });
		expect((await run('/nowhere/program')).end).toMatchObject({ kind: 'not-started' });
		const { path } = program('exit 0');
		chmodSync(path, 0o600);
		expect((await run(path)).end).toMatchObject({ kind: 'not-started' });
	});

	it('are ended at the time limit with all that they have started, even when they do not want to', async () => {
		const { path, folder } = program(
			`trap "" TERM; sh -c 'trap "" TERM; echo $$ > child; while :; do sleep 1; done' & while :; do sleep 1; done`,
		);
		const { end } = await run(path, { timeLimit: 0.3 });
		expect(end).toEqual({ kind: 'time-limit' });
		await untilGone(readFileSync(join(folder, 'child'), 'utf8').trim());
	});

	it('are ended when the run is cancelled', async () => {
		const { path, folder } = program('echo $$ > pid; echo ready; exec sleep 100');
		const controller = new AbortController();
		await expect(run(path, { signal: controller.signal, onLine: () => controller.abort() })).rejects.toMatchObject({
			code: 'cancelled',
		});
		await untilGone(readFileSync(join(folder, 'pid'), 'utf8').trim());
		await expect(run(path, { signal: controller.signal })).rejects.toMatchObject({ code: 'cancelled' });
	});

	it('are heard no longer when they have left a service behind', async () => {
		const { path, folder } = program(
			"echo started; setsid sh -c 'echo $$ > service; while [ -e service ]; do echo more; sleep 0.05; done' &\n" +
				'while [ ! -s service ]; do sleep 0.05; done',
		);
		const open = () => readdirSync('/proc/self/fd').length;
		const before = open();
		const { lines } = await run(path);
		const service = readFileSync(join(folder, 'service'), 'utf8').trim();
		try {
			const heard = lines.length;
			expect(lines[0]).toBe('started');
			await new Promise((turn) => setTimeout(turn, 200));
			expect(lines).toHaveLength(heard);
			expect(open()).toBeLessThanOrEqual(before);
		} finally {
			rmSync(join(folder, 'service'));
			await untilGone(service);
		}
	});

	it('fill no memory with a line that has no end', async () => {
		const { end, lines } = await run(program('head -c 20000000 /dev/zero | tr "\\\\0" a; echo; echo next').path);
		expect(end).toEqual({ kind: 'exit', code: 0 });
		expect(lines.map((line) => line.length)).toEqual([longestLine + 1, 4]);
	});

	it('are not waited for when they leave something behind, which ends too', async () => {
		const { path, folder } = program('sleep 100 & echo $! > child; echo done');
		const { end, lines } = await run(path);
		expect(end).toEqual({ kind: 'exit', code: 0 });
		expect(lines).toEqual(['done']);
		await untilGone(readFileSync(join(folder, 'child'), 'utf8').trim());
	});

	it('may say a lot, of which the first lines are kept', async () => {
		const { lines } = await run(program('seq 1 5000').path);
		expect(lines).toHaveLength(1000);
		expect(lines.at(-1)).toBe('1000');
	});
});
