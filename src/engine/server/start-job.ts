import { AfterimageError, type ErrorDetails } from '../../base/errors.ts';
import { lockedSets, type JobRequest, type JobStart } from '../../protocol/jobs.ts';
import type { RestoreChoice } from '../../protocol/restore.ts';
import type { Engine, JobControl } from '../engine.ts';
import type { RunSummary } from '../history/history.ts';
import {
	extractSummary,
	extractTitle,
	fileTitle,
	mergeSummary,
	removeSummary,
	removeTitle,
	restoreSummary,
	restoreTitle,
	runSummary,
	verifyBackupsSummary,
	verifySummary,
	verifyTitle,
} from '../history/summaries.ts';
import type { JobEvent } from '../job-events.ts';
import type { RestoreRequest } from '../requests/restore.ts';
import { jobProgress } from './job-progress.ts';
import type { JobReporter, JobRun } from './job-registry.ts';

/** Title of a job, for lists and notifications. */
export function jobTitle(request: JobRequest): string {
	switch (request.kind) {
		case 'backup':
			return fileTitle(request.definition);
		case 'verify':
			return verifyTitle([request.file]);
		case 'verify-backups':
			return verifyTitle(request.paths);
		case 'restore':
			return restoreTitle(request);
		case 'merge':
			return `Merge ${request.files.length} backups`;
		case 'delete':
			return removeTitle(request.files);
		case 'extract':
			return extractTitle(request);
	}
}

/**
 * What a job does.
 * @param engine whose jobs leave a log
 * @throws AfterimageError `invalid-argument` for a request that contradicts itself
 */
export function jobRun({ request, password, passwords = [] }: JobStart, engine: Engine): JobRun {
	switch (request.kind) {
		case 'backup': {
			const { definition, type } = request;
			const asked = { definition, type, password, interactive: true };
			return running(async (control) => runSummary(await engine.backup(asked, control)));
		}
		case 'verify': {
			const { file, samplePercent } = request;
			const sample = samplePercent === undefined ? undefined : samplePercent / 100;
			return running(async (control) => verifySummary(await engine.verify({ file, sample, password }, control)));
		}
		case 'verify-backups': {
			if (request.paths.length === 0) throw new AfterimageError('invalid-argument', 'There is no backup to verify');
			const asked = { paths: request.paths, passwords, sample: undefined, unverifiedDays: undefined };
			return running(async (control) => {
				const result = await engine.verifyBackups(asked, control);
				const summary = verifyBackupsSummary(result);
				const locked = result.backups.filter(({ state }) => state === 'locked').map(({ imageId }) => imageId);
				const details: ErrorDetails = locked.length === 0 ? {} : { [lockedSets]: [...new Set(locked)].join(' ') };
				if (result.code === undefined) return summary;
				if (result.code === 'image-damaged') return { ...summary, details };
				throw new AfterimageError(result.code, summary.summary, { details });
			});
		}
		case 'restore': {
			const { confirmed, confirmedDisk, target } = request;
			if (confirmed !== undefined && confirmed !== target) {
				throw new AfterimageError('invalid-argument', `What was typed is not the target's name, ${target}`);
			}
			const asked = {
				...restoreRequest(request, password),
				onlyNew: confirmed === undefined,
				confirmed: confirmedDisk,
			};
			return running(async (control) => restoreSummary(await engine.restore(asked, control)));
		}
		case 'merge': {
			const asked = { files: request.files, dryRun: false };
			return running(async (control) => mergeSummary(await engine.merge(asked, control)));
		}
		case 'delete':
			return running(async (control) => removeSummary(await engine.remove(request.files, control)));
		case 'extract': {
			const { image, disk, partition, paths, folder, overwrite, owners } = request;
			const asked = { image, disk, partition, paths, folder, overwrite, owners, password };
			return running(async (control) => extractSummary(await engine.extract(asked, control)));
		}
	}
}

/** A restore as the engine takes it: clients leave free space alone. */
export function restoreRequest(choice: RestoreChoice, password: string | undefined): RestoreRequest {
	const { file, target, disk, partitions, delta, verify, newDiskId, skipBadBlocks, into, grow } = choice;
	const shrink = choice.shrink?.map((partition) => ({ partition, size: undefined }));
	const how = { delta, verify, newDiskId, skipBadBlocks, freeSpace: 'keep' as const };
	return { file, target, disk, partitions, password, into, grow, shrink, ...how };
}

/** A summary, and what the error of a job that failed tells clients. */
type JobSummary = RunSummary & { readonly details?: ErrorDetails };

/** Passes what a job tells on to the registry, and its summary as its end. */
function running(work: (control: JobControl) => Promise<JobSummary>): JobRun {
	return async (reporter, signal) => {
		let warned = false;
		const emit = (event: JobEvent) => {
			if (event.type === 'log' && event.level === 'warning') warned = true;
			report(reporter, event);
		};
		const {
			details = {},
			outcome,
			findings = [],
			...end
		} = await work({ signal, emit, onLog: (path) => reporter.logAt(path) });
		for (const text of findings) reporter.log('warning', text);
		if (outcome === 'failed') throw new AfterimageError('image-damaged', end.summary, { details });
		return { ...end, outcome: warned ? 'warning' : 'success' };
	};
}

function report(reporter: JobReporter, event: JobEvent): void {
	if (event.type === 'progress') return reporter.progress(jobProgress(event));
	reporter.log(event.level, event.advice === undefined ? event.message : `${event.message} (${event.advice})`);
}
