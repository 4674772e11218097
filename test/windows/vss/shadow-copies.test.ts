import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ErrorRecord } from '../../../src/base/errors.ts';
import { vssCalls, vssErrors, windowsWithVss, type VssScript } from '../support/fake-vss.ts';
import { bundleForWindows, windowsPath } from '../support/wine.ts';

const c = '\\\\?\\Volume{00000000-0000-0000-0000-000000000043}\\';
const e = '\\\\?\\Volume{00000000-0000-0000-0000-000000000045}\\';
const noGuid = '{00000000-0000-0000-0000-000000000000}';
const setGuid = '{11112222-3333-4444-5555-666677778888}';
const idOf = (index: number) => `{C000000${index}-3333-4444-5555-666677778888}`;
const deviceOf = (number: number) => `\\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy${number}`;

interface Outcome {
	readonly devices?: Record<string, string>;
	readonly objections?: (string | null)[];
	readonly error?: ErrorRecord;
	readonly wrongOrder?: string;
	readonly told: string[];
	readonly ticked: boolean;
	readonly calls: string[];
}

let program: string | undefined;

async function request(how: string, volumes: readonly string[], script: VssScript = {}): Promise<Outcome> {
	const windows = windowsWithVss(script);
	program ??= windowsPath(bundleForWindows(join(import.meta.dirname, 'requester.ts')));
	const { code, out, err } = await windows.node([program, how, ...volumes]);
	if (code !== 0) throw new Error(`The requester ended with ${code}: ${out}${err}`);
	return { ...(JSON.parse(out) as Omit<Outcome, 'calls'>), calls: vssCalls(windows) };
}

const initialisation = [
	'CreateVssBackupComponents',
	'InitializeForBackup()',
	'SetContext(0)',
	'SetBackupState(0, 1, 5, 0)',
];
const preparation = [
	...initialisation,
	'GatherWriterMetadata',
	'GatherWriterMetadata: released',
	'FreeWriterMetadata',
	'StartSnapshotSet',
	`AddToSnapshotSet(${c}, ${noGuid})`,
	'PrepareForBackup',
	'PrepareForBackup: released',
	...statusOf(0),
	'DoSnapshotSet',
];

function statusOf(writers: number): string[] {
	const each = Array.from({ length: writers }, (_, i) => `GetWriterStatus(${i})`);
	return ['GatherWriterStatus', 'GatherWriterStatus: released', 'GetWriterStatusCount', ...each, 'FreeWriterStatus'];
}

describe('a requester', () => {
	it('makes one set of all volumes, and ends it as Microsoft has it', async () => {
		const { devices, error, told, ticked, calls } = await request('complete', [c, e], {
			delay: { DoSnapshotSet: 600 },
			writers: [
				{ name: 'System Writer', state: 1, failure: 0 },
				{ name: 'Müllers Datenbank', state: 9, failure: 0x800423f2 },
			],
		});
		expect(error).toBeUndefined();
		expect(devices).toEqual({ [c]: deviceOf(41), [e]: deviceOf(42) });
		// Waiting holds nobody up.
		expect(ticked).toBe(true);
		expect(told).toEqual([
			expect.stringMatching(/^warning: .*"Müllers Datenbank" failed to stop writing \(it took too long\)/),
		]);
		expect(calls).toEqual([
			...initialisation,
			'GatherWriterMetadata',
			'GatherWriterMetadata: released',
			'FreeWriterMetadata',
			'StartSnapshotSet',
			`AddToSnapshotSet(${c}, ${noGuid})`,
			`AddToSnapshotSet(${e}, ${noGuid})`,
			'PrepareForBackup',
			'PrepareForBackup: released',
			...statusOf(2),
			'DoSnapshotSet',
			'DoSnapshotSet: released',
			...statusOf(2),
			`GetSnapshotProperties(${idOf(0)})`,
			`VssFreeSnapshotProperties(${c})`,
			`GetSnapshotProperties(${idOf(1)})`,
			`VssFreeSnapshotProperties(${e})`,
			'BackupComplete',
			'BackupComplete: released',
			...statusOf(2),
			`DeleteSnapshots(${setGuid}, 2, 1)`,
			'Release',
		]);
	});

	it('gives a backup up that failed', async () => {
		const { error, calls } = await request('abort', [c]);
		expect(error).toBeUndefined();
		expect(calls.slice(-3)).toEqual(['AbortBackup', `DeleteSnapshots(${setGuid}, 2, 1)`, 'Release']);
		expect(calls).not.toContain('BackupComplete');
	});

	it('is cancelled while the copies are made: the step is stopped first', async () => {
		const { error, calls } = await request('cancel', [c], { delay: { DoSnapshotSet: 60_000 } });
		expect(error).toMatchObject({ code: 'cancelled' });
		expect(calls).toEqual([
			...preparation,
			'DoSnapshotSet: Cancel',
			'DoSnapshotSet: released',
			'AbortBackup',
			`DeleteSnapshots(${setGuid}, 2, 1)`,
			'Release',
		]);
	});

	it('knows which volumes have shadow copies', async () => {
		const { objections, calls } = await request('ask', [c, e], { unsupported: [e] });
		expect(objections).toEqual([null, 'VSS does not support the volume']);
		expect(calls).toEqual([
			...initialisation,
			`IsVolumeSupported(${noGuid}, ${c})`,
			'Release',
			...initialisation,
			`IsVolumeSupported(${noGuid}, ${e})`,
			'Release',
		]);
	});

	it('takes a volume that VSS refuses to look at for one without shadow copies', async () => {
		const { objections } = await request('ask', [c], { fail: { IsVolumeSupported: [0x8004230c, 1] } });
		expect(objections).toEqual(['VSS does not support the volume']);
	});
});

it('is told by the library when it leaves out what must come before', async () => {
	const { wrongOrder, calls } = await request('wrong order', []);
	expect(wrongOrder).toBe('DoSnapshotSet failed with 0x80042301');
	expect(calls).toEqual([...initialisation, 'DoSnapshotSet', 'WRONG ORDER: DoSnapshotSet', 'Release']);
});

describe('what goes wrong', () => {
	it('is told in words, with advice, and leaves nothing: no room', async () => {
		const { error, calls } = await request('complete', [c], {
			end: { DoSnapshotSet: [vssErrors.insufficientStorage, 1] },
		});
		expect(error).toMatchObject({
			code: 'no-space',
			message: expect.stringContaining('no room') as string,
			advice: expect.stringContaining('vssadmin') as string,
			details: { call: 'DoSnapshotSet', hresult: '0x8004231f' },
		});
		expect(calls.slice(-4)).toEqual([
			'DoSnapshotSet: released',
			'AbortBackup',
			expect.stringContaining('DeleteSnapshots'),
			'Release',
		]);
	});

	it('is tried again where Microsoft calls it transient, each time from the beginning', async () => {
		const { devices, told, calls } = await request('complete', [c], {
			end: { DoSnapshotSet: [vssErrors.holdWritesTimeout, 2] },
		});
		expect(devices).toEqual({ [c]: deviceOf(41) });
		expect(told).toHaveLength(2);
		expect(told[0]).toMatch(/^warning: .*could not hold back writes.*next attempt/);
		expect(calls.filter((call) => call === 'CreateVssBackupComponents')).toHaveLength(3);
		expect(calls.filter((call) => call === 'Release')).toHaveLength(3);
		expect(calls.filter((call) => call === 'AbortBackup')).toHaveLength(2);
	});

	it('is told when it does not get better', async () => {
		const { error, told } = await request('complete', [c], { end: { DoSnapshotSet: [vssErrors.providerVeto, 99] } });
		expect(error).toMatchObject({ code: 'failed', message: expect.stringContaining('provider') as string });
		expect(told).toHaveLength(2);
	});

	it('waits for another program that makes a shadow copy, but not for ever', async () => {
		const once = await request('complete', [c], { fail: { StartSnapshotSet: [vssErrors.setInProgress, 1] } });
		expect(once.devices).toEqual({ [c]: deviceOf(41) });
		expect(once.told).toEqual([expect.stringMatching(/^info: .*another program/)]);
		// Nothing was under way in the attempt that had to wait.
		expect(once.calls).not.toContain('AbortBackup');
		const always = await request('complete', [c], { fail: { StartSnapshotSet: [vssErrors.setInProgress, 99] } });
		expect(always.error).toMatchObject({ code: 'busy' });
	});

	it('ends with the snapshots released when the end itself fails', async () => {
		const { error, calls } = await request('complete', [c], { fail: { BackupComplete: [vssErrors.badState, 1] } });
		expect(error).toMatchObject({ code: 'failed', details: { call: 'BackupComplete' } });
		expect(calls.slice(-3)).toEqual(['AbortBackup', `DeleteSnapshots(${setGuid}, 2, 1)`, 'Release']);
	});
});
