import { resolve } from 'node:path';
import type { Engine } from '../engine.ts';
import type { History } from './history.ts';
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
	verifyBackupsSummary,
	verifySummary,
	verifyTitle,
} from './summaries.ts';

/** The engine whose jobs leave a log and an entry in the history, all but those that only tell what would happen. */
export function recordedEngine(engine: Engine, history: History): Engine {
	return {
		...engine,
		runs: async (limit) => history.list(limit),
		backup: (request, control) =>
			history.record(
				{
					kind: 'backup',
					title: fileTitle(request.definition),
					definition: resolve(request.definition),
					type: request.type,
				},
				control,
				(inner) => engine.backup(request, inner),
				runSummary,
			),
		image: (request, control) =>
			history.record(
				{
					kind: 'backup',
					title: `Image ${request.sources.map((source) => source.path).join(', ')}`,
					type: request.type,
				},
				control,
				(inner) => engine.image(request, inner),
				imageSummary,
			),
		verify: (request, control) =>
			history.record(
				{ kind: 'verify', title: verifyTitle([request.file]) },
				control,
				(inner) => engine.verify(request, inner),
				verifySummary,
			),
		verifyBackups: (request, control) =>
			history.record(
				{ kind: 'verify', title: verifyTitle(request.paths) },
				control,
				(inner) => engine.verifyBackups(request, inner),
				verifyBackupsSummary,
			),
		restore: (request, control) =>
			history.record(
				{ kind: 'restore', title: restoreTitle(request) },
				control,
				(inner) => engine.restore(request, inner),
				restoreSummary,
			),
		merge: (request, control) =>
			request.dryRun
				? engine.merge(request, control)
				: history.record(
						{ kind: 'merge', title: `Merge ${request.files.length} backups` },
						control,
						(inner) => engine.merge(request, inner),
						mergeSummary,
					),
		purge: (request, control) =>
			request.dryRun
				? engine.purge(request, control)
				: history.record(
						{ kind: 'delete', title: `Purge ${request.folder}` },
						control,
						(inner) => engine.purge(request, inner),
						purgeSummary,
					),
		remove: (files, control) =>
			history.record(
				{ kind: 'delete', title: removeTitle(files) },
				control,
				(inner) => engine.remove(files, inner),
				removeSummary,
			),
		extract: (request, control) =>
			history.record(
				{ kind: 'extract', title: extractTitle(request) },
				control,
				(inner) => engine.extract(request, inner),
				extractSummary,
			),
	};
}
