import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { AfterimageError } from '../../../../src/base/errors.ts';
import { ChangedFile } from '../../../../src/engine/browse/image-files.ts';
import type { OpenedPartition } from '../../../../src/engine/browse/open-partition.ts';
import { Sessions, type SessionLimits } from '../../../../src/engine/browse/sessions.ts';
import { FakeMachine } from '../../../support/fakes/fake-context.ts';
import { treeOf } from '../fake-tree.ts';

const place = (partition = 1) => ({ image: '/images/a.mrimgx', disk: 0, partition });

function setUp(limits: SessionLimits = { most: 2, memory: 1000, idle: 50 }) {
	const log: string[] = [];
	let delay: Promise<void> = Promise.resolve();
	const sessions = new Sessions(async ({ partition }, password, { signal }) => {
		log.push(`open ${partition} ${password ?? 'without'}`);
		await Promise.race([
			delay,
			new Promise<never>((_, reject) =>
				signal.addEventListener('abort', () => reject(new AfterimageError('cancelled', 'Cancelled'))),
			),
		]);
		if (password === 'wrong') throw new AfterimageError('wrong-password', 'no');
		const opened: Omit<OpenedPartition, 'files'> = {
			tree: treeOf([]),
			fileSystem: 'ext4',
			warnings: [],
			memory: partition * 100,
			check: () => Promise.resolve(),
			close: async () => void log.push(`close ${partition}`),
		};
		return opened as OpenedPartition;
	}, limits);
	onTestFinished(() => sessions.close());
	const context = (signal = new AbortController().signal) => ({
		createBlockTools: new FakeMachine().context.createBlockTools,
		signal,
	});
	const look = (partition = 1, password?: string) =>
		sessions.use(place(partition), password, context(), async (session) => session.partition);
	return { sessions, log, look, context, wait: (until: Promise<void>) => void (delay = until) };
}

describe('partitions that somebody looks around in', () => {
	it('are opened once for many looks, also for those at the same time', async () => {
		const { look, log } = setUp();
		const [first, second] = await Promise.all([look(), look()]);
		expect(second).toBe(first);
		expect(await look()).toBe(first);
		expect(log).toEqual(['open 1 without']);
	});

	it('are one for each password, and none for a wrong one', async () => {
		const { look, log } = setUp();
		const right = await look(1, 'right');
		await expect(look(1, 'wrong')).rejects.toMatchObject({ code: 'wrong-password' });
		await expect(look(1, 'wrong')).rejects.toMatchObject({ code: 'wrong-password' });
		expect(await look(1, 'right')).toBe(right);
		expect(log).toEqual(['open 1 right', 'open 1 wrong', 'open 1 wrong']);
	});

	it('are closed when others come, and when nobody looks any more', async () => {
		const { look, log } = setUp();
		await look(1);
		await look(2);
		await look(3);
		await vi.waitFor(() => expect(log).toContain('close 1'));
		expect(log).not.toContain('close 3');
		await vi.waitFor(() => expect(log).toEqual(expect.arrayContaining(['close 2', 'close 3'])));
		expect(log).toHaveLength(6);
	});

	it('are closed when their indexes would take too much memory together', async () => {
		const { look, log } = setUp({ most: 4, memory: 1000, idle: 60_000 });
		for (const partition of [3, 2, 4]) await look(partition);
		expect(log).toEqual(['open 3 without', 'open 2 without', 'open 4 without']);
		await look(5);
		await vi.waitFor(() => expect(log.slice(4)).toEqual(['close 3', 'close 2']));
		// One alone may have more.
		await look(11);
		await vi.waitFor(() => expect(log.slice(7)).toEqual(['close 4', 'close 5']));
		expect(await look(11)).toBe(await look(11));
		expect(log).toHaveLength(9);
	});

	it('stay open as long as somebody is at work in them', async () => {
		const { sessions, look, log, context } = setUp();
		let finish!: () => void;
		const work = sessions.use(place(), undefined, context(), () => new Promise<void>((done) => (finish = done)));
		await vi.waitFor(() => expect(finish).toBeDefined());
		await look(2);
		await look(3);
		await new Promise((wake) => setTimeout(wake, 20));
		expect(log).not.toContain('close 1');
		finish();
		await work;
		await vi.waitFor(() => expect(log).toContain('close 1'));
	});

	it('are opened anew when a file of the set was replaced, but not for ever', async () => {
		const { sessions, log, context } = setUp();
		let attempts = 0;
		const found = await sessions.use(place(), undefined, context(), async () => {
			if (++attempts === 1) throw new ChangedFile('/images/a.mrimgx');
			return attempts;
		});
		expect(found).toBe(2);
		expect(log.filter((line) => line.startsWith('open'))).toHaveLength(2);
		const never = sessions.use(place(), undefined, context(), () => Promise.reject(new ChangedFile('/images/a')));
		await expect(never).rejects.toBeInstanceOf(ChangedFile);
	});

	it('are given up when nobody waits for them any more, not when one of two does', async () => {
		const { sessions, log, wait, context } = setUp();
		let go!: () => void;
		wait(new Promise((done) => (go = done)));
		const [one, two] = [new AbortController(), new AbortController()];
		const first = sessions.use(place(), undefined, context(one.signal), async () => 'first');
		const second = sessions.use(place(), undefined, context(two.signal), async () => 'second');
		one.abort();
		await expect(first).rejects.toMatchObject({ code: 'cancelled' });
		go();
		expect(await second).toBe('second');
		expect(log).toEqual(['open 1 without']);
		wait(new Promise(() => undefined));
		const three = new AbortController();
		const third = sessions.use(place(2), undefined, context(three.signal), async () => 'third');
		three.abort();
		await expect(third).rejects.toMatchObject({ code: 'cancelled' });
		wait(Promise.resolve());
		expect(await sessions.use(place(2), undefined, context(), async () => 'fourth')).toBe('fourth');
		expect(log).toEqual(['open 1 without', 'open 2 without', 'open 2 without']);
	});
});
