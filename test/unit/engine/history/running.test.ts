import { expect, it } from 'vitest';
import { openHistory } from '../../../../src/engine/history/history.ts';
import type { ProcessPort } from '../../../../src/engine/ports.ts';
import { info, run, self, setUp, summary } from './set-up.ts';

it('tells other processes of a run while it runs, by the name that it has by now', async () => {
	const { folder, clock, control, history } = setUp();
	const seenBy = (pid: number, alive: boolean | undefined) => {
		const processes: ProcessPort = { self: () => ({ ...self, pid }), isAlive: () => alive };
		return openHistory(clock, processes, { folder, owner: undefined, shared: false, others: [] }).running();
	};
	await history.record(
		run,
		control,
		async (inner) => {
			expect(seenBy(8, true)).toMatchObject([run]);
			inner.onTitle?.('Back up My PC');
			inner.emit(info('Froze /'));
			const started = new Date(clock.now()).toISOString();
			expect(seenBy(8, true)).toMatchObject([{ ...run, title: 'Back up My PC', started, logPath: inner.logPath }]);
			// Its own engine knows more of it; that of a machine far away, or of a process that is gone, cannot be known.
			expect([seenBy(self.pid, true), seenBy(8, false), seenBy(8, undefined)]).toEqual([[], [], []]);
		},
		() => summary,
	);
	expect(seenBy(8, true)).toEqual([]);
});
