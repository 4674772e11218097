import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { AfterimageError, isAfterimageError, toErrorRecord } from '../../base/errors.ts';
import { imageFileName } from '../../base/image-file-name.ts';
import { localZone } from '../../base/local-zone.ts';
import { toImageDefinition } from '../../definition/image-definition.ts';
import type { BackupDefinition, ScriptAfter } from '../../definition/model.ts';
import { imageBaseName, type ParameterContext } from '../../definition/parameters.ts';
import { retentionRules } from '../../definition/retention/rules.ts';
import type { BackupType } from '../../definition/retention/types.ts';
import type { BackupHooks, NamingFacts } from '../backup/hooks.ts';
import type { JobControl } from '../engine.ts';
import { backupTitle, runSummary } from '../history/summaries.ts';
import type { JobEvent } from '../job-events.ts';
import { logInfo, logWarning, type JobContext } from '../job-context.ts';
import { runBackup } from '../jobs/backup.ts';
import type { DefinitionRunRequest, DefinitionRunResult } from '../requests/definition.ts';
import type { ImageRequest, ImageResult } from '../requests/image.ts';
import type { PurgeStep } from '../requests/retention.ts';
import { engineVersion } from '../version.ts';
import { checkFileSystems } from './check-file-systems.ts';
import { chooseDestination } from './choose-destination.ts';
import { withPriority } from './cpu-priority.ts';
import { FolderTurn } from './folder-turn.ts';
import { loadDefinition, type LoadedDefinition } from './load-definition.ts';
import { notify, type RunOutcome } from './mail/notify.ts';
import { passwordFor } from './password.ts';
import { problemLine, problemPlace } from './problem-line.ts';
import { hasRules, purgeSets, type PurgeTime } from './purge-sets.ts';
import { rateLimit } from './rate-limit.ts';
import { reverify } from './reverify.ts';
import { identitiesOf, resolveSources, sourceRequests, type ResolvedDisk } from './resolve-sources.ts';
import type { RunPorts } from './run-ports.ts';
import { checkScripts, runScript, type ScriptFacts } from './scripts/scripts.ts';

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
	{ logPath, onTitle }: Pick<JobControl, 'logPath' | 'onTitle'>,
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
	const run = new DefinitionRun(request, loaded, ports, context);
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

/** One run: what its parts share. */
class DefinitionRun {
	/** What parameters stand for, as far as it is known yet. */
	facts: ParameterContext;
	readonly turn: FolderTurn;
	readonly #request: DefinitionRunRequest;
	readonly #loaded: LoadedDefinition;
	readonly #ports: RunPorts;
	readonly #context: JobContext;
	readonly #type: BackupType | 'auto';
	#folder = '';

	constructor(request: DefinitionRunRequest, loaded: LoadedDefinition, ports: RunPorts, context: JobContext) {
		this.#request = request;
		this.#loaded = loaded;
		this.#ports = ports;
		this.#context = context;
		this.#type = request.type === 'auto' ? loaded.definition.backupType : request.type;
		this.facts = {
			imageId: '',
			time: context.ports.clock.now(),
			zone: localZone(),
			computerName: context.ports.privilege.hostName,
			userName: ports.userName,
			backupType: this.#type === 'auto' ? 'inc' : this.#type,
			disks: [],
			volumes: [],
			version: engineVersion,
		};
		const task = backupTitle(loaded.definition.name);
		const { wait } = request;
		this.turn = new FolderTurn({ definition: loaded.path, task, type: this.#type, wait }, ports.sleep, context);
	}

	/** @param image that makes a backup of now needless */
	nothingMade(image: ImageResult): DefinitionRunResult {
		const { definition, path } = this.#loaded;
		const folder = dirname(image.files[0]!);
		return { definition: path, name: definition.name, folder, image, madeMeanwhile: true, purged: [], reverified: [] };
	}

	async backUp(): Promise<DefinitionRunResult> {
		const { definition } = this.#loaded;
		const context = this.#context;
		const { permissions, env } = this.#ports;
		const password = passwordFor(definition.encryption, this.#request.password, env, permissions);
		for (const script of definition.scripts.before) {
			await runScript(script, this.#scriptFacts(), env, this.#ports.programs, context);
		}
		const sources = await resolveSources(definition.sources, context);
		const folder = await chooseDestination(definition.destination, sources, context);
		this.#folder = folder;
		const made = await this.turn.take(folder);
		if (made !== undefined) return this.nothingMade(made);
		const inTurn = this.turn.context;
		this.facts = { ...this.facts, volumes: sources.flatMap(volumesOf) };
		if (definition.checkFilesystem) await checkFileSystems(sources, this.#ports, context);
		const rules = retentionRules(definition.diskSpaceManagement);
		const purged: PurgeStep[] = [];
		const purge = async (time: PurgeTime) => {
			if (!hasRules(rules)) return;
			try {
				purged.push(...(await purgeSets(folder, rules, identitiesOf(sources), time, inTurn)));
			} catch (error) {
				// A backup is worth more than the room that old ones take.
				if (isAfterimageError(error, 'cancelled')) throw error;
				logWarning(context, `The retention rules could not be applied: ${toErrorRecord(error).message}`);
			}
		};
		if (rules.runBefore) await purge({ coming: this.#type });
		const image = await withPriority(definition.cpuPriority, inTurn, (inner) =>
			runBackup(this.#imageRequest(sources, folder, password, rules.minFreeBytes), inner, this.#hooks()),
		);
		if (!rules.runBefore) await purge({ made: image });
		this.turn.release();
		const reverified = await withPriority(definition.cpuPriority, context, (inner) =>
			reverify(
				{ folder, image, days: definition.reverifyAfterDays, partitions: identitiesOf(sources), password },
				inner,
			),
		).catch((error: unknown) => {
			if (!isAfterimageError(error, 'cancelled')) throw error;
			throw new AfterimageError('cancelled', error.message, {
				advice: `The backup was made: ${image.files.join(', ')}`,
			});
		});
		const { path } = this.#loaded;
		return { definition: path, name: definition.name, folder, image, madeMeanwhile: false, purged, reverified };
	}

	/** Runs every script that this outcome is for; gives the first failure that is one of the run. */
	async runScriptsAfter(outcome: RunOutcome, logPath: string | undefined, context: JobContext): Promise<unknown> {
		const wanted = (script: ScriptAfter) =>
			script.runOn === 'always' || (script.runOn === 'failure') === (outcome.kind === 'failed');
		const failures: unknown[] = [];
		for (const script of this.#loaded.definition.scripts.after.filter(wanted)) {
			const facts = {
				...this.#scriptFacts(),
				AFTERIMAGE_OUTCOME: outcome.kind,
				AFTERIMAGE_FILES: outcome.kind === 'failed' ? '' : outcome.files.join('\n'),
				AFTERIMAGE_LOG: logPath ?? '',
			};
			try {
				await runScript(script, facts, this.#ports.env, this.#ports.programs, context);
			} catch (error) {
				logWarning(context, toErrorRecord(error).message);
				failures.push(error);
			}
		}
		return failures[0];
	}

	#imageRequest(
		sources: readonly ResolvedDisk[],
		folder: string,
		password: string | undefined,
		minFree: number | undefined,
	): ImageRequest {
		const { definition } = this.#loaded;
		const { aesType } = definition.encryption;
		return {
			sources: sourceRequests(sources),
			folder,
			type: this.#type,
			name: '',
			compression: definition.compressionLevel,
			password,
			aes: aesType === 'none' ? 'aes-256' : aesType,
			splitSize: definition.fileSizeLimit,
			allSectors: !definition.intelligentSectorCopy,
			verify: definition.autoVerify,
			comment: definition.comment,
			skipBadSectors: false,
			minFree,
		};
	}

	#hooks(): BackupHooks {
		const { definition, path } = this.#loaded;
		const { clock } = this.#context.ports;
		const { sleep } = this.#ports;
		return {
			baseName: (naming) => this.#baseName(naming),
			carried: (filename, disks) =>
				toImageDefinition(definition, { filename, definitionFile: path, disks: [...disks] }),
			beforeWrite:
				definition.rateLimit > 0
					? rateLimit(definition.rateLimit * 1024, clock, sleep, this.#context.signal)
					: () => Promise.resolve(),
		};
	}

	/** A name of one's own may be that of another set: the first free one with a number behind it is taken then. */
	#baseName({ imageId, type, disks, incrementNumber, fileNumber }: NamingFacts): string {
		this.facts = { ...this.facts, imageId, backupType: type, disks };
		const name = imageBaseName(this.#loaded.definition, this.facts);
		const taken = (base: string) => existsSync(join(this.#folder, imageFileName(base, incrementNumber, fileNumber)));
		for (let n = 2; n < 10_000 && taken(name); n++) if (!taken(`${name}_${n}`)) return `${name}_${n}`;
		return name;
	}

	#scriptFacts(): ScriptFacts {
		return {
			AFTERIMAGE_DEFINITION: this.#loaded.path,
			AFTERIMAGE_NAME: this.#loaded.definition.name,
			AFTERIMAGE_TYPE: this.#type,
			AFTERIMAGE_FOLDER: this.#folder,
		};
	}
}

function volumesOf({ partitions }: ResolvedDisk): string[] {
	return partitions.flatMap((partition) => partition.mountedAt.slice(0, 1));
}
