/**
 * `npm test`: runs every tier that this machine can run, names each tier that it skips and why, says again at the end
 * what failed and what passed only when it was tried again, and ends with one line `N passed, N failed`. With CI=true
 * a skipped tier is a failure.
 * `npm test -- unit integration` runs only those.
 */
import { spawn } from 'node:child_process';
import { tiers } from './test/tiers.ts';

const strict = process.env['CI'] === 'true';
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !tiers.some((tier) => tier.name === name));
if (unknown.length > 0) {
	process.stderr.write(`Unknown tier ${unknown.join(', ')}; there are: ${tiers.map((tier) => tier.name).join(', ')}\n`);
	process.exit(2);
}

/** See `Run` of tier.ts; 1 stands for a program that was not there or ended by a signal. */
function execute(command: string, args: string[], show?: 'at once'): Promise<number> {
	const child = spawn(command, args, { stdio: show === undefined ? 'inherit' : ['ignore', 'pipe', 'pipe'] });
	const said: Buffer[] = [];
	for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data: Buffer) => said.push(data));
	return new Promise((done) => {
		child.on('error', (error) => {
			process.stderr.write(`${command}: ${error.message}\n`);
			done(1);
		});
		child.on('close', (code) => {
			process.stdout.write(Buffer.concat(said));
			done(code ?? 1);
		});
	});
}

const total = { passed: 0, failed: 0 };
const remarks: string[] = [];
const summary: string[] = [];
for (const tier of tiers) {
	if (wanted.length > 0 && !wanted.includes(tier.name)) continue;
	const reason = tier.cannotRun();
	if (reason !== undefined) {
		if (strict) total.failed++;
		summary.push(`${strict ? 'FAILED ' : 'skipped'} ${tier.name}: ${reason}`);
		continue;
	}
	process.stdout.write(`\n=== ${tier.name}: ${tier.what}\n`);
	const began = Date.now();
	const result = await tier.run(execute);
	total.passed += result.passed;
	total.failed += result.failed;
	remarks.push(...(result.retried ?? []).map((test) => `retried ${tier.name}: ${test}`));
	remarks.push(...result.failures.map((failure) => `FAILED  ${tier.name}: ${failure}`));
	const seconds = Math.round((Date.now() - began) / 1000);
	summary.push(
		`${result.failed === 0 ? 'passed ' : 'FAILED '} ${tier.name}: ${result.passed} passed, ${result.failed} failed, ${seconds} s`,
	);
}

process.stdout.write(
	`\n${[...remarks, '', ...summary].join('\n')}\n\n${total.passed} passed, ${total.failed} failed\n`,
);
process.exitCode = total.failed === 0 ? 0 : 1;
