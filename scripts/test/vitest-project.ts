import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reportVariable, type TierReport } from './tier-report.ts';
import type { Run, Tier, TierResult } from './tier.ts';

const reporter = join(import.meta.dirname, 'tier-report.ts');

/**
 * Runs one vitest project. Files in which what prepares the tests failed are run once more, as vitest does with tests, and
 * are named.
 */
export function vitest(project: string): Tier['run'] {
	return async (run) => {
		const first = await report(run, project, []);
		const again = first.files.filter((one) => one.unprepared);
		if (again.length === 0) return resultOf(first);
		const second = await report(
			run,
			project,
			again.map((one) => one.file),
		);
		const files = first.files.map((one) => second.files.find((other) => other.file === one.file) ?? one);
		const result = resultOf({ files, failures: [...first.failures, ...second.failures] });
		return { ...result, retried: [...(result.retried ?? []), ...again.map((one) => one.file)] };
	};
}

async function report(run: Run, project: string, files: readonly string[]): Promise<TierReport> {
	const folder = mkdtempSync(join(tmpdir(), 'afterimage-test-'));
	const path = join(folder, 'report.json');
	process.env[reportVariable] = path;
	try {
		const args = ['run', '--project', project, '--reporter=default', `--reporter=${reporter}`, ...files];
		const status = await run('vitest', args);
		if (!existsSync(path)) return { files: [], failures: ['vitest ended without a report'] };
		const found = JSON.parse(readFileSync(path, 'utf8')) as TierReport;
		if (status === 0 || resultOf(found).failed > 0) return found;
		return { ...found, failures: ['vitest failed outside of its tests; see the output above'] };
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

function resultOf({ files, failures }: TierReport): TierResult {
	const all = [...files.flatMap((one) => one.failures), ...failures];
	return {
		passed: files.reduce((sum, one) => sum + one.passed, 0),
		failed: all.length,
		failures: all,
		retried: files.flatMap((one) => one.retried),
	};
}
