import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { reportVariable, type FileReport, type TierReport } from '../../../scripts/test/tier-report.ts';
import { vitest } from '../../../scripts/test/vitest-project.ts';

const sound: FileReport = { file: 'sound.test.ts', passed: 3, failures: [], retried: ['a test'], unprepared: false };
const unprepared: FileReport = {
	file: 'hook.test.ts',
	passed: 1,
	failures: ['no disk'],
	retried: [],
	unprepared: true,
};

/** A vitest that writes one of these reports each time it is run; undefined writes none. */
function runner(...reports: (TierReport | undefined)[]) {
	const asked: string[][] = [];
	const run = async (_: string, args: string[]) => {
		asked.push(args.filter((arg) => arg.endsWith('.test.ts')));
		const next = reports.shift();
		if (next !== undefined) writeFileSync(process.env[reportVariable]!, JSON.stringify(next));
		return next !== undefined && next.files.every((one) => one.failures.length === 0) ? 0 : 1;
	};
	return { asked, run };
}

it('files that could not be prepared are run once more, and named', async () => {
	const well = { ...unprepared, passed: 2, failures: [], unprepared: false };
	const { asked, run } = runner({ files: [sound, unprepared], failures: [] }, { files: [well], failures: [] });
	expect(await vitest('some')(run)).toEqual({
		passed: 5,
		failed: 0,
		failures: [],
		retried: ['a test', 'hook.test.ts'],
	});
	expect(asked).toEqual([[], ['hook.test.ts']]);
});

it('files that cannot be prepared at the second try either fail', async () => {
	const { asked, run } = runner({ files: [sound, unprepared], failures: [] }, { files: [unprepared], failures: [] });
	expect(await vitest('some')(run)).toMatchObject({ passed: 4, failed: 1, failures: ['no disk'] });
	expect(asked).toHaveLength(2);
});

it('tests that failed, and errors outside of them, are failures at once', async () => {
	const failing = { ...sound, failures: ['a test'] };
	const { asked, run } = runner({ files: [failing], failures: ['loose'] });
	expect(await vitest('some')(run)).toMatchObject({ passed: 3, failed: 2, failures: ['a test', 'loose'] });
	expect(asked).toHaveLength(1);
});

it('a run without a report is a failure', async () => {
	expect(await vitest('some')(runner(undefined).run)).toMatchObject({ passed: 0, failed: 1 });
});
