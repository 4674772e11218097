import { setTimeout as sleep } from 'node:timers/promises';
import { cancelled, throwIfAborted } from '../../../src/base/abort.ts';
import { AfterimageError, toErrorRecord } from '../../../src/base/errors.ts';
import type { ShadowCopies, SnapshotListener } from '../../../src/engine/ports/snapshot-port.ts';
import { HResultError } from '../api/com.ts';
import { BackupComponents, VSS_S_ASYNC_FINISHED, VSS_S_ASYNC_PENDING, type VssAsync, type VssId } from './vssapi.ts';
import { isSetInProgress, isTransient, unsupportedReason, vssError, writerFailure } from './vss-errors.ts';

/** Milliseconds between attempts. */
export interface Pauses {
	/** While another program makes a shadow copy, of which Windows allows one at a time. */
	readonly inProgress: readonly number[];
	/** After an error that Microsoft calls transient: it advises three attempts more, ten minutes apart. */
	readonly transient: readonly number[];
}

const minute = 60_000;
const usualPauses: Pauses = {
	inProgress: Array.from({ length: 30 }, () => 10_000),
	transient: [minute, 10 * minute, 10 * minute],
};

/** How long a step of the service may take in milliseconds; its own limits, 60 seconds for writers, are shorter. */
const patience = 15 * minute;
/** Between two looks at whether a step is to be cancelled, in milliseconds. */
const slice = 250;

/** A set of shadow copies. They also end when this process does. */
export interface VssCopies {
	/** Path of the device of each copy, by volume. */
	readonly devices: ReadonlyMap<string, string>;
	/** See {@link ShadowCopies.remove}. */
	readonly remove: ShadowCopies['remove'];
}

/**
 * Makes a set of shadow copies as "Overview of Processing a Backup Under VSS" has it. An attempt that fails leaves
 * nothing; whether another follows is said by the pauses.
 * @param volumes GUID paths with their last backslash
 * @throws AfterimageError see {@link SnapshotPort.create}
 */
export async function createShadowCopies(
	volumes: readonly string[],
	signal: AbortSignal,
	tell: SnapshotListener,
	pauses: Pauses = usualPauses,
): Promise<VssCopies> {
	const left = { inProgress: [...pauses.inProgress], transient: [...pauses.transient] };
	let told = false;
	for (;;) {
		throwIfAborted(signal);
		try {
			return await attempt(volumes, signal, tell);
		} catch (error) {
			if (!(error instanceof HResultError)) throw error;
			const reason = vssError(error.call, error.value, error);
			const busy = isSetInProgress(error.value);
			const pause = busy ? left.inProgress.shift() : isTransient(error.value) ? left.transient.shift() : undefined;
			if (pause === undefined) throw reason;
			if (!busy) tell('warning', `${reason.message}; the next attempt is in ${Math.round(pause / 1000)} s`);
			else if (!told) tell('info', `${reason.message}; waiting for it`);
			told ||= busy;
			await sleep(pause, undefined, { signal }).catch(() => {
				throw cancelled();
			});
		}
	}
}

/** Why VSS makes no shadow copies of the volume; undefined when it does. @throws AfterimageError */
export function objectionToVolume(volume: string): string | undefined {
	let backup: BackupComponents;
	try {
		backup = BackupComponents.create();
	} catch (error) {
		// Windows PE has no VSS.
		if (!(error instanceof HResultError)) return `this Windows has no VSS (${toErrorRecord(error).message})`;
		const reason = unsupportedReason(error.value);
		if (reason !== undefined) return reason;
		throw vssError(error.call, error.value, error);
	}
	try {
		return backup.isVolumeSupported(volume) ? undefined : 'VSS does not support the volume';
	} catch (error) {
		if (!(error instanceof HResultError)) throw error;
		const reason = unsupportedReason(error.value);
		if (reason !== undefined) return reason;
		throw vssError(error.call, error.value, error);
	} finally {
		backup.release();
	}
}

/** @throws HResultError, and AfterimageError for what no call has said */
async function attempt(volumes: readonly string[], signal: AbortSignal, tell: SnapshotListener): Promise<VssCopies> {
	const backup = BackupComponents.create();
	let set: VssId | undefined;
	let begun = false;
	const failed = new Set<string>();
	try {
		await finish('GatherWriterMetadata', backup.gatherWriterMetadata(), signal);
		backup.freeWriterMetadata();
		set = backup.startSnapshotSet();
		const copies = volumes.map((volume) => [volume, backup.addToSnapshotSet(volume)] as const);
		await finish('PrepareForBackup', backup.prepareForBackup(), signal);
		await tellWriters(backup, failed, tell);
		const step = backup.doSnapshotSet();
		begun = true;
		await finish('DoSnapshotSet', step, signal);
		await tellWriters(backup, failed, tell);
		const devices = new Map(copies.map(([volume, id]) => [volume, backup.deviceOf(id)]));
		return { devices, remove: removal(backup, set, failed, tell) };
	} catch (error) {
		// Before StartSnapshotSet nothing is under way: AbortBackup would be ignored.
		if (set !== undefined) giveUp(backup, begun ? set : undefined);
		backup.release();
		throw error;
	}
}

function removal(
	backup: BackupComponents,
	set: VssId,
	failed: Set<string>,
	tell: SnapshotListener,
): VssCopies['remove'] {
	let there = true;
	return async (complete) => {
		if (!there) return;
		there = false;
		try {
			if (!complete) return giveUp(backup, set);
			await finish('BackupComplete', backup.backupComplete(), undefined);
			await tellWriters(backup, failed, tell);
			backup.deleteSnapshots(set);
		} catch (error) {
			giveUp(backup, set);
			throw error instanceof HResultError ? vssError(error.call, error.value, error) : error;
		} finally {
			// Releases the copies too, where deleting them has failed.
			backup.release();
		}
	};
}

/** Has the writers forget the backup, and deletes the set if there is one. What fails here is done by the release that follows. */
function giveUp(backup: BackupComponents, set: VssId | undefined): void {
	for (const step of [() => backup.abortBackup(), () => void (set !== undefined && backup.deleteSnapshots(set))]) {
		try {
			step();
		} catch {
			// The error that led here is the one to be told.
		}
	}
}

/** Warns of writers that have failed, each once. Their failure ends no image: its file systems are sound without them. */
async function tellWriters(backup: BackupComponents, failed: Set<string>, tell: SnapshotListener): Promise<void> {
	await finish('GatherWriterStatus', backup.gatherWriterStatus(), undefined);
	for (const { name, state, failure } of backup.writerStatuses()) {
		const sentence = failed.has(name) ? undefined : writerFailure(name, state, failure);
		if (sentence === undefined) continue;
		failed.add(name);
		tell(
			'warning',
			sentence,
			'Look after that application, or restart its service. vssadmin list writers shows its state.',
		);
	}
}

/**
 * Waits for a step to end, and releases it. A step that is to be cancelled is told so and waited for: the service must
 * not be left in the middle of it.
 * @throws HResultError, AfterimageError `cancelled`, `failed`
 */
async function finish(what: string, step: VssAsync, signal: AbortSignal | undefined): Promise<void> {
	const end = Date.now() + patience;
	let stopping: AfterimageError | undefined;
	try {
		for (;;) {
			await step.wait(slice);
			const status = step.status();
			if (status === VSS_S_ASYNC_FINISHED && stopping === undefined) return;
			if (status !== VSS_S_ASYNC_PENDING) throw stopping ?? new HResultError(what, status);
			if (stopping === undefined) {
				stopping = signal?.aborted === true ? cancelled() : Date.now() > end ? tookTooLong(what) : undefined;
				if (stopping !== undefined) step.cancel();
			} else if (Date.now() > end + minute) {
				throw stopping;
			}
		}
	} finally {
		step.release();
	}
}

function tookTooLong(what: string): AfterimageError {
	return new AfterimageError('failed', `Shadow copies: VSS did not end ${what} within ${patience / minute} minutes`, {
		advice: 'Restart the service "Volume Shadow Copy", or Windows.',
		details: { call: what },
	});
}
