import { uptime } from 'node:os';
import { isAfterimageError, toErrorRecord } from '../../base/errors.ts';
import { systemPhrase } from '../../base/system-phrase.ts';
import type { BackupType } from '../../protocol/backups.ts';
import type { RunningRun, RunRecord } from '../../protocol/jobs.ts';
import type { Engine, JobControl } from '../engine.ts';
import type { JobEvent } from '../job-events.ts';
import type { Clock, ProcessPort } from '../ports.ts';
import { accountOf, invokingUid, ownHome } from './account.ts';
import { knownSince, listRunning, listRuns } from './list-runs.ts';
import type { RunDescription, RunEnd } from './run-lines.ts';
import { keptRuns, RunLog } from './run-log.ts';
import { openRunsFolder } from './runs-folder.ts';
import { runsPlace, systemPlace, type RunsPlace } from './runs-place.ts';

/** What of a finished run the history cannot know by itself; without an outcome, warnings in its log decide. */
export type RunSummary = Omit<RunEnd, 'outcome'> & {
	readonly outcome?: RunEnd['outcome'];
	/** Findings in words, for the log: they name files of disks, which is nothing for logs that everybody may read. */
	readonly findings?: readonly string[];
};

export interface History {
	/**
	 * Does `work` with a log of its own: its events go to the log and on to `control`. Where no log can be kept, or no more
	 * of it, that is said as a warning and the work is done all the same. Throws what `work` throws.
	 * @param work is given the path of the log for people with its control, if there is one
	 */
	record<T>(
		run: RunDescription,
		control: JobControl,
		work: (control: JobControl) => Promise<T>,
		summarise: (result: T) => RunSummary,
	): Promise<T>;
	/** Newest first. */
	list(limit: number): RunRecord[];
	/** Runs of other processes that have not ended, newest first. */
	running(): RunningRun[];
	readonly due: Engine['due'];
}

/** The history of this process's user. @param place by default as {@link runsPlace} has it for this process */
export function openHistory(clock: Clock, processes: ProcessPort, place: RunsPlace = ownPlace()): History {
	const folders = [place.folder, ...place.others];
	return {
		async record(run, control, work, summarise) {
			const log = openLog(place, run, clock, processes, control.emit);
			let warned = false;
			let lost = false;
			const tellLost = () => {
				if (lost || log?.lost === undefined) return;
				lost = warned = true;
				control.onLog?.(undefined);
				const message = `The log of this run has not been written to its end: ${log.path}: ${log.lost}`;
				control.emit({
					type: 'log',
					level: 'warning',
					message,
					advice: 'Make room there: later runs would leave no log either.',
				});
			};
			const emit = (event: JobEvent) => {
				if (event.type === 'log' && event.level === 'warning') warned = true;
				log?.event(event);
				control.emit(event);
				tellLost();
			};
			try {
				if (log !== undefined) control.onLog?.(log.path);
				const onTitle = (title: string) => {
					log?.rename(title);
					control.onTitle?.(title);
				};
				const onMade = (type: BackupType) => {
					log?.made(type);
					control.onMade?.(type);
				};
				const result = await work({ ...control, emit, onTitle, onMade, logPath: log?.path });
				const { findings = [], ...summary } = summarise(result);
				for (const message of findings) log?.event({ type: 'log', level: 'warning', message, openly: '' });
				log?.end({ ...summary, outcome: summary.outcome ?? (warned ? 'warning' : 'success') });
				tellLost();
				return result;
			} catch (error) {
				const outcome = isAfterimageError(error, 'cancelled') ? 'cancelled' : 'failed';
				const { message } = toErrorRecord(error);
				log?.end({ outcome, summary: message, bytesRead: 0, bytesWritten: 0, files: [] }, error);
				tellLost();
				throw error;
			}
		},
		list: (limit) => listRuns(folders, limit, clock.now(), processes),
		running: () => listRunning(folders, clock.now(), processes, processes.self()),
		async due(definitions, grace) {
			const { dueReports } = await import('./due-report.ts');
			return dueReports(definitions, grace, {
				now: clock.now(),
				upSince: clock.now() - uptime() * 1000,
				records: listRuns(folders, Infinity, clock.now(), processes),
				running: listRunning(folders, clock.now(), processes, undefined),
				knownSince: knownSince(folders, keptRuns),
			});
		},
	};
}

function ownPlace(): RunsPlace {
	const uid = process.getuid?.();
	const invoking = invokingUid(process.env, uid);
	const invoker = invoking === undefined ? undefined : accountOf(invoking);
	return runsPlace({ platform: process.platform, env: process.env, uid, home: ownHome(), invoker });
}

/** Root whose user's folder cannot be used safely keeps the log where its own runs are. */
function openLog(
	place: RunsPlace,
	run: RunDescription,
	clock: Clock,
	processes: ProcessPort,
	emit: JobControl['emit'],
): RunLog | undefined {
	const places = place.owner === undefined ? [place] : [place, systemPlace];
	let reason = '';
	for (const one of places) {
		try {
			const folder = openRunsFolder(one);
			try {
				return new RunLog(folder, run, clock, processes.self());
			} finally {
				folder.close();
			}
		} catch (error) {
			reason = `${one.folder}: ${systemPhrase(error)}`;
		}
	}
	emit({ type: 'log', level: 'warning', message: `No log of this run can be kept: ${reason}` });
	return undefined;
}
