import { join } from 'node:path';
import type { JobControl } from '../../../../src/engine/engine.ts';
import { openHistory, type RunSummary } from '../../../../src/engine/history/history.ts';
import type { JobEvent } from '../../../../src/engine/job-events.ts';
import type { ProcessPort } from '../../../../src/engine/ports.ts';
import { FakeClock } from '../../../support/fakes/fake-clock.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

export const self = { host: 'box', pid: 7, started: 'boot 1' };
export const run = { kind: 'backup' as const, title: 'Back up PC', definition: '/d/pc.xml', type: 'inc' };
export const summary: RunSummary = { summary: '1 GB written', bytesRead: 3, bytesWritten: 2, files: ['/i/a.mrimgx'] };

/** A history in a folder of its own. @param shared whether every user may read it */
export function setUp(isAlive: ProcessPort['isAlive'] = () => false, shared = false) {
	const folder = join(tempFolder(), 'afterimage', 'runs');
	const clock = new FakeClock();
	const processes: ProcessPort = { self: () => self, isAlive };
	const events: JobEvent[] = [];
	const paths: (string | undefined)[] = [];
	const control: JobControl = {
		signal: new AbortController().signal,
		emit: (event) => events.push(event),
		onLog: (path) => paths.push(path),
	};
	const history = openHistory(clock, processes, { folder, owner: undefined, shared, others: [] });
	return { folder, clock, control, events, paths, history };
}

export const info = (message: string): JobEvent => ({ type: 'log', level: 'info', message });
