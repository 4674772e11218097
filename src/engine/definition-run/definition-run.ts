import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AfterimageError, isAfterimageError, toErrorRecord } from '../../base/errors.ts';
import { imageFileName } from '../../base/image-file-name.ts';
import { localZone } from '../../base/local-zone.ts';
import { toImageDefinition } from '../../definition/image-definition.ts';
import type { ScriptAfter } from '../../definition/model.ts';
import { imageBaseName, type ParameterContext } from '../../definition/parameters.ts';
import { retentionRules } from '../../definition/retention/rules.ts';
import type { BackupType } from '../../definition/retention/types.ts';
import type { BackupHooks, NamingFacts } from '../backup/hooks.ts';
import type { JobControl } from '../engine.ts';
import { backupTitle } from '../history/summaries.ts';
import { logWarning, type JobContext } from '../job-context.ts';
import { runBackup } from '../jobs/backup.ts';
import type { DefinitionRunRequest, DefinitionRunResult } from '../requests/definition.ts';
import type { ImageRequest, ImageResult } from '../requests/image.ts';
import type { PurgeStep } from '../requests/retention.ts';
import { engineVersion } from '../version.ts';
import { checkFileSystems } from './check-file-systems.ts';
import { chooseDestination } from './choose-destination.ts';
import { withPriority } from './cpu-priority.ts';
import { FolderTurn } from './folder-turn.ts';
import type { LoadedDefinition } from './load-definition.ts';
import type { RunOutcome } from './mail/notify.ts';
import { passwordFor } from './password.ts';
import { hasRules, purgeSets, type PurgeTime } from './purge-sets.ts';
import { rateLimit } from './rate-limit.ts';
import { reverify } from './reverify.ts';
import { identitiesOf, resolveSources, sourceRequests, type ResolvedDisk } from './resolve-sources.ts';
import type { RunPorts } from './run-ports.ts';
import { runScript, type ScriptFacts } from './scripts/scripts.ts';

/** One run: what its parts share. */
export class DefinitionRun {
	/** What parameters stand for, as far as it is known yet. */
	facts: ParameterContext;
	readonly turn: FolderTurn;
	readonly #request: DefinitionRunRequest;
	readonly #loaded: LoadedDefinition;
	readonly #ports: RunPorts;
	readonly #context: JobContext;
	readonly #type: BackupType | 'auto';
	readonly #onMade: JobControl['onMade'];
	#folder = '';

	constructor(
		request: DefinitionRunRequest,
		loaded: LoadedDefinition,
		ports: RunPorts,
		context: JobContext,
		onMade: JobControl['onMade'],
	) {
		this.#request = request;
		this.#loaded = loaded;
		this.#ports = ports;
		this.#context = context;
		this.#onMade = onMade;
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
		this.#onMade?.(image.backupType);
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
		this.#onMade?.(image.backupType);
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
