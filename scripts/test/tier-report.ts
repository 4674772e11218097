import { writeFileSync } from 'node:fs';
import type { Reporter, SerializedError, TestCase, TestModule, TestSuite } from 'vitest/node';

/** What became of the tests of one tier, as `reportVariable` has it written. */
export interface TierReport {
	readonly passed: number;
	/** Tests that failed, and every group of tests whose preparation did. */
	readonly failed: number;
	/** Each failure in a few lines: what failed, where, and why. */
	readonly failures: readonly string[];
	/** Tests that passed only when they were tried again, a line each. */
	readonly retried: readonly string[];
}

/** Environment variable that names the file for the report. */
export const reportVariable = 'AFTERIMAGE_TIER_REPORT';

/** Lines of an error that are told: of a long one its beginning, which says what was done, and its end, which says why. */
const firstLines = 6;
const lastLines = 12;

/** A line of a stack that is the runner's own. */
const ofRunner = /^\s+at .*(node_modules|<anonymous>)/;

/** Reporter of vitest: tells what failed in tests, in what prepares them, and outside of both. */
export default class TierReporter implements Reporter {
	onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
		const path = process.env[reportVariable];
		if (path === undefined) throw new Error(`${reportVariable} names no file`);
		writeFileSync(path, JSON.stringify(tierReport(modules, unhandled)));
	}
}

function tierReport(modules: readonly TestModule[], unhandled: readonly SerializedError[]): TierReport {
	const tests = modules.flatMap((module) => [...module.children.allTests()]);
	const groups = modules.flatMap((module) => [module, ...module.children.allSuites()]);
	const failures = [
		...tests
			.filter((test) => test.result().state === 'failed')
			.map((test) => failure(placeOf(test), test.result().errors ?? [])),
		...groups
			.filter((group) => group.errors().length > 0)
			.map((group) => failure(`${placeOf(group)}, before or after its tests`, group.errors())),
		...unhandled.map((error) => failure('outside of any test', [error])),
	];
	return {
		passed: tests.filter((test) => test.result().state === 'passed').length,
		failed: failures.length,
		failures,
		retried: tests.filter((test) => test.diagnostic()?.flaky === true).map(placeOf),
	};
}

function placeOf(task: TestModule | TestSuite | TestCase): string {
	return task.type === 'module' ? task.relativeModuleId : `${task.module.relativeModuleId}: ${task.fullName}`;
}

function failure(place: string, errors: readonly SerializedError[]): string {
	return [place, ...errors.flatMap(wordsOf).map((line) => `    ${line}`)].join('\n');
}

function wordsOf(error: SerializedError): string[] {
	const said = (error.stack ?? error.message).split('\n');
	const lines = said.filter((line) => line.trim() !== '' && !ofRunner.test(line));
	if (lines.length <= firstLines + lastLines) return lines;
	return [...lines.slice(0, firstLines), '…', ...lines.slice(-lastLines)];
}
