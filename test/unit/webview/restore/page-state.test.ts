import { describe, expect, it } from 'vitest';
import {
	beginCheck,
	changeOptions,
	chooseDisk,
	choosePartitions,
	choosePoint,
	chooseTarget,
} from '../../../../webview/restore/model/choosing.ts';
import {
	canCheck,
	canStart,
	emptyState,
	isLocked,
	targetsOf,
	type PageState,
} from '../../../../webview/restore/model/page-state.ts';
import { received } from '../../../../webview/restore/model/receiving.ts';
import { pathOf, type Target } from '../../../../webview/restore/model/target.ts';
import { backupSet, files, imageInfo, point, restorePreview } from '../../../webview/backup-samples.ts';
import { spareDisk } from '../../../webview/page-hosts.ts';
import { dataDisk } from '../../../webview/samples.ts';

const spare: Target = { kind: 'disk', disk: spareDisk };

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

	it('gives no new id to single partitions', () => {
		const whole = changeOptions(ready, { newId: true });
		expect(choosePartitions(whole, undefined).options.newId).toBe(true);
		expect(choosePartitions(whole, [4]).options.newId).toBe(false);
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
		expect(list([dataDisk, larger]).target).toEqual({ kind: 'disk', disk: larger });
		expect(list([dataDisk]).target).toBeUndefined();
		const error = { code: 'permission-denied', message: 'No disks' } as const;
		const failed = received(ready, { type: 'disks', disks: [], elevated: false, error });
		expect(failed).toMatchObject({ target: spare, disksError: error, disks: opened.disks });
	});

	it('of a file that is to be made adds it once, until it is a disk', () => {
		const browsed = { type: 'browsed', path: '/images/new.img', exists: false } as const;
		const twice = received(received(opened, browsed), browsed);
		expect(targetsOf(twice).map(pathOf)).toEqual(['/dev/sdb', '/dev/sdc', '/images/new.img']);
		expect(twice.target).toEqual({ kind: 'new-file', path: '/images/new.img' });
		const disks = [{ ...spareDisk, path: '/images/new.img', kind: 'file' as const }];
		const made = received(twice, { type: 'disks', disks, elevated: false, error: undefined });
		expect(targetsOf(made)).toHaveLength(1);
		expect(made.target?.kind).toBe('disk');
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
