import { describe, expect, it } from 'vitest';
import { compareText } from '../../../../src/extension/documents/compare-text.ts';
import { logText } from '../../../../src/extension/documents/log-text.ts';
import { plain, table } from '../../../../src/extension/documents/markdown.ts';
import type { CompareInfo } from '../../../../src/protocol/backups.ts';
import type { JobInfo } from '../../../../src/protocol/jobs.ts';

describe('markdown', () => {
	it('shows text as text, whatever it holds', () => {
		expect(plain('a|b\n<script> [x](y) *z*')).toBe('a\\|b \\<script\\> \\[x\\]\\(y\\) \\*z\\*');
		expect(table(['A', 'B'], [['1', 'x|y']], [0])).toBe('| A | B |\n| --: | :-- |\n| 1 | x\\|y |');
	});
});

describe('compareText', () => {
	const partition = {
		disk: 1,
		partition: 2,
		label: 'DATA',
		changedBlocks: 3,
		newBlocks: 0,
		freedBlocks: 0,
		changedBytes: 3 * 65536,
		storedBytes: 1000,
	};
	const info: CompareInfo = { file: '/b/X-01-01.mrimgx', previous: '/b/X-00-00.mrimgx', partitions: [partition] };

	it('says how much changed, and names the point before', () => {
		const text = compareText(info);
		expect(text).toContain('X\\-00\\-00\\.mrimgx');
		expect(text).toContain('192\\.00 KB differ; 1000 bytes were stored for it\\.');
		expect(text).toContain('| 2 | 2 | DATA | 3 | 0 | 0 |');
	});

	it('says so when nothing did', () => {
		const same = { ...partition, changedBlocks: 0, changedBytes: 0, storedBytes: 0 };
		expect(compareText({ ...info, partitions: [same] })).toContain('Nothing changed between the two\\.');
	});
});

describe('logText', () => {
	const job: JobInfo = {
		id: '1',
		request: { kind: 'verify', file: '/x' },
		title: 'Verify x',
		started: '2026-11-24T12:00:00Z',
		progress: undefined,
		result: undefined,
	};
	const line = { time: '2026-11-24T12:00:01Z', level: 'warning', text: 'Look here' } as const;

	it('ends with the progress while it runs', () => {
		expect(logText(job, [line])).toMatch(/^Verify x\n.*\n\n.* {2}Warning: Look here\n\nRunning: starting\n$/);
	});

	it('ends with the result and what to do', () => {
		const error = { code: 'failed', message: 'm', advice: 'Do this' } as const;
		const ended = '2026-11-24T12:00:02Z';
		const result = {
			outcome: 'failed',
			ended,
			summary: 'It broke',
			error,
			files: [],
			bytesRead: 0,
			bytesWritten: 0,
		} as const;
		expect(logText({ ...job, result }, [])).toMatch(/ {2}It broke\nDo this\n$/);
	});
});
