import { resolve } from 'node:path';
import { AfterimageError, isAfterimageError, toErrorRecord } from '../../base/errors.ts';
import { localZone } from '../../base/local-zone.ts';
import type { BackupDefinition } from '../../definition/model.ts';
import type { JobControl } from '../engine.ts';
import { backupTitle, runSummary } from '../history/summaries.ts';
import type { JobEvent } from '../job-events.ts';
import { logInfo, logWarning, type JobContext } from '../job-context.ts';
import type { DefinitionRunRequest, DefinitionRunResult } from '../requests/definition.ts';
import { loadDefinition, type LoadedDefinition } from './load-definition.ts';
import { notify, type RunOutcome } from './mail/notify.ts';
import { DefinitionRun } from './definition-run.ts';
import { problemLine, problemPlace } from './problem-line.ts';
import type { RunPorts } from './run-ports.ts';
import { checkScripts } from './scripts/scripts.ts';

/**
 * Runs a definition as it says: scripts before, disks found, destination chosen, retention before, backup, retention
 * after, backups verified again, scripts after, mail, power. A scheduled run that has nothing to make leaves all of it out.
 * @throws AfterimageError `invalid-definition` with lines and columns, or for a definition or script that others may
 * write, and what its parts throw
 */
export async function runDefinition(
	request: DefinitionRunRequest,
	outer: JobContext,
	ports: RunPorts,
	{ logPath, onTitle, onMade }: Pick<JobControl, 'logPath' | 'onTitle' | 'onMade'>,
): Promise<DefinitionRunResult> {
	let warned = false;
	const emit = (event: JobEvent) => {
		if (event.type === 'log' && event.level === 'warning') warned = true;
		outer.emit(event);
	};
	const context: JobContext = { ...outer, emit };
	const { clock } = context.ports;
	const objection = lookAtRights(resolve(request.definition), ports);
	const loaded = loadDefinition(request.definition, { now: clock.now(), systemZone: localZone() });
	const { definition } = loaded;
	for (const problem of loaded.warnings) {
		logInfo(context, problemLine(loaded.path, problem), problemPlace(loaded.path, problem));
	}
	checkTrust(loaded, objection, ports, context);
	if (definition.name !== '') onTitle?.(backupTitle(definition.name));
	const letSleep = definition.powerSaving ? () => undefined : ports.power.keepAwake(`Backup ${definition.name}`);
	const run = new DefinitionRun(request, loaded, ports, context, onMade);
	const { turn } = run;
	let result: DefinitionRunResult | undefined;
	let failure: unknown;
	try {
		const made = await turn.begin(definition.destination);
		if (made !== undefined) return run.nothingMade(made);
		result = await run.backUp();
	} catch (error) {
		failure = error;
	} finally {
		turn.release();
		letSleep();
	}
	const outcome = (): RunOutcome =>
		result === undefined || failure !== undefined
			? { kind: 'failed', error: failure }
			: { kind: warned ? 'warning' : 'success', ...runSummary(result) };
	// What follows a backup is not to be cut short by the same cancellation.
	const after: JobContext = { ...context, signal: new AbortController().signal };
	const scriptFailure = await run.runScriptsAfter(outcome(), logPath, after);
	failure ??= scriptFailure;
	const asks = isAfterimageError(failure, 'password-needed') || isAfterimageError(failure, 'wrong-password');
	if (!(request.interactive && asks) && result?.madeMeanwhile !== true) {
		await notify(definition, outcome(), run.facts, logPath, ports.mail, after);
	}
	if (result === undefined || failure !== undefined) throw failure;
	if (!result.madeMeanwhile) await shutDown(definition, ports, context);
	return result;
}

/**
 * Who else may write the definition, looked at before it is read: whoever may until then could put one that nobody else
 * may write in the place of his own in between. What is wrong with the question itself is told when it is answered.
 */
function lookAtRights(path: string, { permissions }: RunPorts): () => string | undefined {
	try {
		const objection = permissions.writableByOthers(path);
		return () => objection;
	} catch (error) {
		return () => {
			throw error;
		};
	}
}

/**
 * Refuses what somebody else may have written: every definition for a run with administrator rights, which may read and
 * write anything, and for others one that runs programs.
 */
function checkTrust(
	{ path, definition }: LoadedDefinition,
	rights: () => string | undefined,
	ports: RunPorts,
	context: JobContext,
): void {
	const scripts = [...definition.scripts.before, ...definition.scripts.after];
	if (!context.ports.privilege.elevated && scripts.length === 0) return;
	const objection = rights();
	if (objection !== undefined) {
		throw new AfterimageError('invalid-definition', `The definition ${path} may be changed by others: ${objection}`, {
			advice: 'Take away their right to write it and the folders above it (Restrict Permissions; chmod go-w, chown).',
			details: { path },
		});
	}
	checkScripts(scripts, ports.permissions);
}

async function shutDown({ postBackupShutdown }: BackupDefinition, ports: RunPorts, context: JobContext): Promise<void> {
	const { enable, level, force } = postBackupShutdown;
	if (!enable || level === 'none') return;
	const words = { shutdown: 'shuts down', hibernate: 'hibernates', suspend: 'goes to sleep', reboot: 'restarts' };
	logInfo(context, `The computer ${words[level]}, as the definition wants`);
	try {
		await ports.power.shutDown(level, force);
	} catch (error) {
		logWarning(context, toErrorRecord(error).message);
	}
}
