import Mocha from 'mocha';
import { germanSuites, lastSuite, restrictedSuites, suites } from './suites.ts';

/** The one suite to run, by its title; all when it is not set. */
const only = process.env['AFTERIMAGE_SUITE'];

/** Called by VS Code in its extension host (`extensionTestsPath`). Rejects when a test failed. */
export async function run(): Promise<void> {
	const known = [...suites, lastSuite, ...germanSuites, ...restrictedSuites].map(([title]) => title);
	if (only !== undefined && !known.includes(only)) {
		throw new Error(`AFTERIMAGE_SUITE: there is no suite "${only}"; there are ${known.join(', ')}`);
	}
	// As the slow tiers of vitest.config.ts do: the machine decides the moments, and the output says what was tried again.
	const mocha = new Mocha({ ui: 'tdd', timeout: 60_000, retries: 2, reporter: 'min', color: false });
	const all = only === undefined ? [...suites, lastSuite] : suites;
	const special = { german: germanSuites, restricted: restrictedSuites }[process.env['AFTERIMAGE_WINDOW'] ?? ''];
	const chosen = special ?? all;
	const wanted = chosen.filter(([title]) => only === undefined || title === only);
	if (only !== undefined && wanted.length === 0) return console.log('0 passed, 0 failed'); // it belongs to another window
	for (const [title, define] of wanted) {
		mocha.suite.emit('pre-require', globalThis, title, mocha);
		suite(title, define);
	}
	let passed = 0;
	let failed = 0;
	await new Promise<void>((done) => {
		const runner = mocha.run(() => done());
		runner.on('pass', (test) => {
			passed++;
			console.log(`  ok   ${test.fullTitle()}`);
		});
		runner.on('retry', (test: Mocha.Test, error: Error) => {
			console.log(`  again ${test.fullTitle()}\n${error.stack ?? error.message}`);
		});
		runner.on('fail', (test, error: Error) => {
			failed++;
			console.log(`  FAIL ${test.fullTitle()}\n${error.stack ?? error.message}`);
		});
	});
	console.log(`${passed} passed, ${failed} failed`);
	if (failed > 0 || passed === 0) throw new Error(`${failed} tests failed, ${passed} passed`);
}
