import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { isAfterimageError } from '../../base/errors.ts';
import type { Destination } from '../../definition/model.ts';
import type { BackupType } from '../../definition/retention/types.ts';
import type { FolderLock } from '../folder-lock.ts';
import { logInfo, type JobContext } from '../job-context.ts';
import type { ImageResult } from '../requests/image.ts';
import { madeMeanwhile, ranks } from './made-meanwhile.ts';
import type { RunPorts } from './run-ports.ts';
import { waitForFolder } from './wait-for-folder.ts';

/** Two looks of those that yield to nobody lie less apart. */
const yieldStep = 2000;

export interface TurnRequest {
	/** Path of the definition. */
	readonly definition: string;
	readonly task: string;
	readonly type: BackupType | 'auto';
	/** Milliseconds to wait at the most; undefined for a run that does not wait: it takes the folder for each of its jobs. */
	readonly wait: number | undefined;
}

/** The turn of a scheduled run in the folder of its images: from its first retention rules to its last nobody else has it. */
export class FolderTurn {
	readonly #request: TurnRequest;
	readonly #sleep: RunPorts['sleep'];
	readonly #context: JobContext;
	/** When it began, by the `passed` of the clock, which may be set right while it waits. */
	readonly #began: number;
	#held: { readonly folder: string; readonly lock: FolderLock } | undefined;

	constructor(request: TurnRequest, sleep: RunPorts['sleep'], context: JobContext) {
		this.#request = request;
		this.#sleep = sleep;
		this.#context = context;
		this.#began = context.ports.clock.passed();
	}

	/**
	 * Waits for the first location that is there before the scripts, which may stop what should not stand still for long.
	 * They may work in the folder themselves: it is let go again.
	 * @returns as {@link take}
	 */
	async begin({ folder, alternativeLocations }: Destination): Promise<ImageResult | undefined> {
		const folders = [folder, ...alternativeLocations.folders].filter((one) => one !== undefined);
		const first = folders.map((one) => resolve(one)).find((one) => existsSync(one));
		try {
			return first === undefined ? undefined : await this.take(first);
		} catch (error) {
			if (isAfterimageError(error, 'busy') || isAfterimageError(error, 'cancelled')) throw error;
			// What is wrong with a location is said when it is chosen.
			return undefined;
		} finally {
			this.release();
		}
	}

	/**
	 * Waits for a folder and keeps it.
	 * @returns what the definition has made meanwhile, if that will do: then there is nothing to be made
	 * @throws AfterimageError as {@link waitForFolder} does
	 */
	async take(folder: string): Promise<ImageResult | undefined> {
		const { definition, task, type, wait } = this.#request;
		if (wait === undefined || this.#held?.folder === folder) return undefined;
		this.release();
		const least = type === 'auto' ? 'inc' : type;
		const yields = (ranks.full - ranks[least]) * yieldStep;
		const lock = await waitForFolder({ folder, task, most: wait, yields }, this.#sleep, this.#context);
		this.#held = { folder, lock };
		const { clock } = this.#context.ports;
		const since = clock.now() - (clock.passed() - this.#began);
		const made = await madeMeanwhile(folder, definition, least, since, this.#context);
		if (made !== undefined) {
			logInfo(this.#context, `Nothing is to be made: ${made.files.at(-1)} was made since this backup was due`);
		}
		return made;
	}

	/** For the jobs that work in the folder. */
	get context(): JobContext {
		return this.#held === undefined ? this.#context : { ...this.#context, heldFolder: this.#held.folder };
	}

	release(): void {
		this.#held?.lock.release();
		this.#held = undefined;
	}
}
