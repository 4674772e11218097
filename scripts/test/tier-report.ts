import { writeFileSync } from 'node:fs';
import type { Reporter, SerializedError, TestCase, TestModule, TestSuite } from 'vitest/node';

/** What became of the tests of one file. */
export interface FileReport {
	/** As vitest takes it for a filter. */
	readonly file: string;
	readonly passed: number;
	/** Each failure in a few lines: what failed, where, and why. */
	readonly failures: readonly string[];
	/** Tests that passed only when they were tried again. */
	readonly retried: readonly string[];
	/** Whether what prepares tests failed, which vitest tries once only. */
	readonly unprepared: boolean;
}

/** What became of the tests of one tier, as `reportVariable` has it written. */
export interface TierReport {
	readonly files: readonly FileReport[];
	/** Failures outside of any test. */
	readonly failures: readonly string[];
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
		const failures = unhandled.map((error) => failure('outside of any test', [error]));
		writeFileSync(path, JSON.stringify({ files: modules.map(fileReport), failures } satisfies TierReport));
	}
}

function fileReport(module: TestModule): FileReport {
	const tests = [...module.children.allTests()];
	const unprepared = [module, ...module.children.allSuites()].filter((group) => group.errors().length > 0);
	return {
		file: module.relativeModuleId,
		passed: tests.filter((test) => test.result().state === 'passed').length,
		failures: [
			...tests
				.filter((test) => test.result().state === 'failed')
				.map((test) => failure(placeOf(test), test.result().errors ?? [])),
			...unprepared.map((group) => failure(`${placeOf(group)}, before or after its tests`, group.errors())),
		],
		retried: tests.filter((test) => test.diagnostic()?.flaky === true).map(placeOf),
		unprepared: unprepared.length > 0,
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
