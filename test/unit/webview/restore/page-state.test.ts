import { describe, expect, it } from 'vitest';
import {
	beginCheck,
	changeOptions,
	chooseDisk,
	chooseGrowth,
	choosePartitions,
	choosePlace,
	choosePoint,
	chooseTarget,
} from '../../../../webview/restore/model/choosing.ts';
import { keptOf, stateFrom } from '../../../../webview/restore/model/kept-state.ts';
import {
	canCheck,
	canStart,
	emptyState,
	isLocked,
	targetOf,
	targetsOf,
	type PageState,
} from '../../../../webview/restore/model/page-state.ts';
import { received } from '../../../../webview/restore/model/receiving.ts';
import { pathOf } from '../../../../webview/restore/model/target.ts';
import { backupSet, files, imageInfo, point, restorePreview } from '../../../webview/backup-samples.ts';
import { spareDisk } from '../../../webview/page-hosts.ts';
import { dataDisk } from '../../../webview/samples.ts';

const spare = spareDisk.path;

/** The page once the extension has told it everything. */
const opened: PageState = [
	{ type: 'set', set: backupSet, file: point.path, trusted: true, timeZone: 'Europe/Berlin' } as const,
	{ type: 'image', file: point.path, info: imageInfo, error: undefined } as const,
	{ type: 'disks', disks: [dataDisk, spareDisk], elevated: false, error: undefined } as const,
].reduce(received, emptyState);

/** A restore that has been checked and named. */
const ready: PageState = {
	...chooseTarget(opened, spare),
	confirmed: spareDisk.path,
	check: { state: 'passed', preview: restorePreview },
};

describe('a restore on the page', () => {
	it('can start once it has a target that is named in full', () => {
		expect(canStart(ready)).toBe(true);
		expect(canCheck(opened)).toBe(false);
		expect(canStart({ ...ready, confirmed: '/dev/sd' })).toBe(false);
		expect(canStart({ ...ready, trusted: false })).toBe(false);
		expect(canStart({ ...ready, check: { state: 'none' } })).toBe(true);
		expect(canStart({ ...ready, check: { state: 'refused', error: { code: 'target-in-use', message: '' } } })).toBe(
			false,
		);
		expect(canStart({ ...ready, run: { state: 'running', progress: undefined } })).toBe(false);
		expect(canStart(choosePartitions(ready, []))).toBe(false);
	});

	it.each([
		['another point', (state: PageState) => choosePoint(state, files[4]!.path)],
		['another disk of the image', (state: PageState) => chooseDisk(state, 0)],
		['other partitions', (state: PageState) => choosePartitions(state, [4])],
		['another target', (state: PageState) => chooseTarget(state, spare)],
		['a file', (state: PageState) => received(state, { type: 'browsed', path: '/images/new.img', exists: false })],
		['a run that has ended', (state: PageState) => received(state, { type: 'ended', result: undefined })],
	])('%s is neither checked nor confirmed', (_, change) => {
		const next = change(ready);
		expect(next.confirmed).toBe('');
		expect(next.check).toEqual({ state: 'none' });
		expect(next.checks).toBeGreaterThan(ready.checks);
	});

	it('has to be checked again with other options, but not confirmed', () => {
		const next = changeOptions(ready, { verify: false });
		expect(next).toMatchObject({ confirmed: spareDisk.path, check: { state: 'none' }, options: { verify: false } });
	});

	it('needs no confirmation into a file that is made, but does once that is there', () => {
		const path = '/images/new.img';
		const fresh = received(opened, { type: 'browsed', path, exists: false });
		expect(canStart(fresh)).toBe(true);
		const disks = [dataDisk, { ...spareDisk, path, kind: 'file' as const }];
		expect(canStart(received(fresh, { type: 'disks', disks, elevated: false, error: undefined }))).toBe(false);
	});

	it('is over with its target when it has succeeded, and can be tried again when it has not', () => {
		const end = { ended: '2026-11-24T12:00:00Z', summary: '', files: [], bytesRead: 0, bytesWritten: 0 };
		const after = (outcome: 'success' | 'warning' | 'failed' | 'cancelled') =>
			received(ready, { type: 'ended', result: { outcome, ...end } });
		for (const outcome of ['success', 'warning'] as const)
			expect(after(outcome)).toMatchObject({ run: { state: 'ended' }, target: undefined });
		for (const outcome of ['failed', 'cancelled'] as const)
			expect(after(outcome)).toMatchObject({ run: { state: 'ended' }, target: spareDisk.path });
		expect(chooseTarget(after('success'), spare).run).toEqual({ state: 'idle' });
	});

	it('gives no new id to single partitions', () => {
		const whole = changeOptions(ready, { newId: true });
		expect(choosePartitions(whole, undefined).options.newId).toBe(true);
		expect(choosePartitions(whole, [4]).options.newId).toBe(false);
	});
});

describe('the place of one partition', () => {
	const blank = { ...spareDisk, id: '', table: 'none' as const, partitions: [] };
	const into = { kind: 'partition', number: 5 } as const;
	const unmounted = {
		...dataDisk,
		partitions: dataDisk.partitions.map((partition) => ({ ...partition, mountedAt: [] })),
	};
	const list = (state: PageState, ...disks: readonly (typeof spareDisk)[]) =>
		received(state, { type: 'disks', disks, elevated: false, error: undefined });
	const placed: PageState = {
		...choosePlace(chooseTarget(choosePartitions(list(opened, unmounted, blank), [5]), dataDisk.path), into),
		confirmed: dataDisk.path,
	};

	it('is confirmed anew when it is chosen, and forgotten with target and partitions', () => {
		expect(canStart(placed)).toBe(true);
		expect(choosePlace(placed, { kind: 'partition', number: 1 }).confirmed).toBe('');
		expect(chooseTarget(placed, blank.path).into).toBeUndefined();
		expect(choosePartitions(placed, [4]).into).toBeUndefined();
		expect(chooseDisk(placed, 0).into).toBeUndefined();
	});

	it('has to be chosen before anything can be checked', () => {
		expect(canCheck(placed)).toBe(true);
		expect(canCheck(choosePlace(placed, undefined))).toBe(false);
	});

	it('is forgotten when the target is no longer what was shown', () => {
		expect(list(placed, unmounted)).toMatchObject({ into, confirmed: dataDisk.path });
		expect(list(placed, { ...unmounted, id: '00000000' })).toMatchObject({ into: undefined, confirmed: '' });
		const [first, second] = unmounted.partitions;
		const swapped = { ...unmounted, partitions: [first!, { ...second!, start: second!.start + 1024 ** 2 }] };
		expect(list(placed, swapped)).toMatchObject({ into: undefined, confirmed: '' });
		expect(list(placed, dataDisk, blank).into).toEqual(into);
		const used = { ...unmounted, partitions: [first!, { ...second!, mountedAt: ['/srv'] }] };
		expect(list(placed, used)).toMatchObject({ into: undefined, confirmed: '' });
	});

	it('is that of a partition that the newest point has', () => {
		const [disk] = imageInfo.disks;
		const fewer = { ...imageInfo, disks: [{ ...disk!, partitions: disk!.partitions.slice(0, 4) }] };
		const next = received(placed, { type: 'image', file: point.path, info: fewer, error: undefined });
		expect(next).toMatchObject({ partitions: [], into: undefined });
		expect(canCheck(next)).toBe(false);
	});
});

describe('a partition that grows', () => {
	it('has to be checked again but not confirmed, and is forgotten with the target', () => {
		const grown = chooseGrowth(ready, 5);
		expect(grown).toMatchObject({ grow: 5, confirmed: spareDisk.path, check: { state: 'none' } });
		expect(chooseTarget(grown, dataDisk.path).grow).toBeUndefined();
		expect(choosePartitions(grown, [5]).grow).toBeUndefined();
	});

	it('is forgotten when another point does not have it', () => {
		const [disk] = imageInfo.disks;
		const info = { ...imageInfo, disks: [{ ...disk!, partitions: disk!.partitions.slice(0, 4) }] };
		const next = received(chooseGrowth(ready, 5), { type: 'image', file: point.path, info, error: undefined });
		expect(next).toMatchObject({ grow: undefined, confirmed: '' });
	});
});

describe('what a page keeps', () => {
	it('is all that was chosen', () => {
		const state = chooseGrowth(chooseDisk({ ...ready, newFiles: ['/images/new.img'] }, 0), 5);
		const kept: unknown = JSON.parse(JSON.stringify(keptOf(state)));
		expect(stateFrom(kept)).toEqual({
			...emptyState,
			file: point.path,
			disk: 0,
			target: spareDisk.path,
			newFiles: ['/images/new.img'],
			grow: 5,
		});
		const placed = choosePlace(choosePartitions(state, [5]), { kind: 'volume' });
		expect(stateFrom(keptOf(placed))).toMatchObject({ partitions: [5], into: { kind: 'volume' } });
	});

	it('is passed over where image and target do not allow it any more', () => {
		const kept = keptOf(choosePlace(choosePartitions(ready, [5]), { kind: 'partition', number: 9 }));
		const disks = { type: 'disks', disks: [spareDisk], elevated: false, error: undefined } as const;
		const image = { type: 'image', file: point.path, info: imageInfo, error: undefined } as const;
		expect(received(received(stateFrom(kept), image), disks).into).toBeUndefined();
		expect(received(received(stateFrom(kept), disks), image).into).toBeUndefined();
	});

	it('is nothing before it is drawn, and nothing that is not understood', () => {
		expect(keptOf(emptyState)).toBeUndefined();
		expect(stateFrom(undefined)).toBe(emptyState);
		expect(stateFrom({ ...keptOf(ready), grow: 'all' })).toBe(emptyState);
	});
});

describe('what the extension tells', () => {
	it('about a point that is no longer chosen is passed over', () => {
		const next = choosePoint(opened, files[4]!.path);
		expect(received(next, { type: 'image', file: point.path, info: imageInfo, error: undefined })).toBe(next);
	});

	it('of a check counts while nothing else has been chosen since', () => {
		const asked = beginCheck(ready);
		const passed = { type: 'checked', id: asked.checks, preview: restorePreview, error: undefined } as const;
		expect(received(asked, passed).check.state).toBe('passed');
		expect(received(changeOptions(asked, { delta: false }), passed).check.state).toBe('none');
		const error = { code: 'target-in-use', message: 'It is mounted' } as const;
		expect(received(asked, { ...passed, preview: undefined, error }).check).toEqual({ state: 'refused', error });
		expect(received(asked, { ...passed, preview: undefined }).check.state).toBe('none');
	});

	it('renews the target that is chosen, or takes it away', () => {
		const list = (disks: readonly (typeof spareDisk)[]) =>
			received(ready, { type: 'disks', disks, elevated: true, error: undefined });
		const larger = { ...spareDisk, size: spareDisk.size * 2 };
		expect(targetOf(list([dataDisk, larger]))).toEqual({ kind: 'disk', disk: larger });
		expect(list([dataDisk]).target).toBeUndefined();
		const error = { code: 'permission-denied', message: 'No disks' } as const;
		const failed = received(ready, { type: 'disks', disks: [], elevated: false, error });
		expect(failed).toMatchObject({ target: spare, disksError: error, disks: opened.disks });
	});

	it('of a file that is to be made adds it once, until it is a disk', () => {
		const browsed = { type: 'browsed', path: '/images/new.img', exists: false } as const;
		const twice = received(received(opened, browsed), browsed);
		expect(targetsOf(twice).map(pathOf)).toEqual(['/dev/sdb', '/dev/sdc', '/images/new.img']);
		expect(targetOf(twice)).toEqual({ kind: 'new-file', path: '/images/new.img' });
		const disks = [{ ...spareDisk, path: '/images/new.img', kind: 'file' as const }];
		const made = received(twice, { type: 'disks', disks, elevated: false, error: undefined });
		expect(targetsOf(made)).toHaveLength(1);
		expect(targetOf(made)?.kind).toBe('disk');
	});

	it('of a run locks the page until it has ended', () => {
		const running = received(ready, { type: 'progress', progress: undefined });
		expect(isLocked(running)).toBe(true);
		const result = { outcome: 'success', ended: '', summary: '', files: [], bytesRead: 0, bytesWritten: 0 } as const;
		const ended = received(running, { type: 'ended', result });
		expect(ended.run).toEqual({ state: 'ended', result });
		expect(isLocked(ended)).toBe(false);
		expect(chooseTarget(ended, spare).run).toEqual({ state: 'idle' });
	});
});
