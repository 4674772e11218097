import { resolve } from 'node:path';
import type { Engine, JobControl } from '../engine.ts';
import type { DefinitionRunRequest } from '../requests/definition.ts';
import type { ExtractRequest } from '../requests/files.ts';
import type { ImageRequest } from '../requests/image.ts';
import type { RestoreRequest } from '../requests/restore.ts';
import type { MergeRequest, PurgeRequest } from '../requests/retention.ts';
import type { VerifyBackupsRequest, VerifyRequest } from '../requests/verify.ts';
import type { History, RunSummary } from './history.ts';
import type { RunDescription } from './run-lines.ts';
import {
	extractSummary,
	extractTitle,
	fileTitle,
	imageSummary,
	mergeSummary,
	purgeSummary,
	removeSummary,
	removeTitle,
	restoreSummary,
	restoreTitle,
	runSummary,
	serveSummary,
	serveTitle,
	verifyBackupsSummary,
	verifySummary,
	verifyTitle,
} from './summaries.ts';

/** The engine whose jobs leave a log and an entry in the history, all but those that only tell what would happen. */
export function recordedEngine(engine: Engine, history: History): Engine {
	const recorded =
		<Q, R>(
			describe: (request: Q) => RunDescription,
			work: (request: Q, control: JobControl) => Promise<R>,
			summarise: (result: R) => RunSummary,
		) =>
		(request: Q, control: JobControl): Promise<R> =>
			history.record(describe(request), control, (inner) => work(request, inner), summarise);
	const merge = recorded(mergeRun, (request, control) => engine.merge(request, control), mergeSummary);
	const purge = recorded(purgeRun, (request, control) => engine.purge(request, control), purgeSummary);
	return {
		...engine,
		runs: async (limit) => history.list(limit),
		running: async () => history.running(),
		due: (definitions, grace) => history.due(definitions, grace),
		backup: recorded(backupRun, (request, control) => engine.backup(request, control), runSummary),
		image: recorded(imageRun, (request, control) => engine.image(request, control), imageSummary),
		verify: recorded(
			({ file }) => ({ kind: 'verify', title: verifyTitle([file]) }),
			(request: VerifyRequest, control) => engine.verify(request, control),
			verifySummary,
		),
		verifyBackups: recorded(
			({ paths }) => ({ kind: 'verify', title: verifyTitle(paths) }),
			(request: VerifyBackupsRequest, control) => engine.verifyBackups(request, control),
			verifyBackupsSummary,
		),
		restore: recorded(
			(request) => ({ kind: 'restore', title: restoreTitle(request) }),
			(request: RestoreRequest, control) => engine.restore(request, control),
			restoreSummary,
		),
		merge: (request, control) => (request.dryRun ? engine.merge(request, control) : merge(request, control)),
		purge: (request, control) => (request.dryRun ? engine.purge(request, control) : purge(request, control)),
		remove: recorded(
			(files) => ({ kind: 'delete', title: removeTitle(files) }),
			(files: readonly string[], control) => engine.remove(files, control),
			removeSummary,
		),
		extract: recorded(
			(request) => ({ kind: 'extract', title: extractTitle(request) }),
			(request: ExtractRequest, control) => engine.extract(request, control),
			extractSummary,
		),
		// Its log says who had the backup, and when.
		serve: (request, control, onServed) =>
			history.record(
				{ kind: 'serve', title: serveTitle(request) },
				control,
				(inner) => engine.serve(request, inner, onServed),
				serveSummary,
			),
	};
}

function backupRun({ definition, type }: DefinitionRunRequest): RunDescription {
	return { kind: 'backup', title: fileTitle(definition), definition: resolve(definition), type };
}

function imageRun({ sources, type }: ImageRequest): RunDescription {
	return { kind: 'backup', title: `Image ${sources.map(({ path }) => path).join(', ')}`, type };
}

function mergeRun({ files }: MergeRequest): RunDescription {
	return { kind: 'merge', title: `Merge ${files.length} backups` };
}

function purgeRun({ folder }: PurgeRequest): RunDescription {
	return { kind: 'delete', title: `Purge ${folder}` };
}
