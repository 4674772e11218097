import type { BackupDefinition } from '../model.ts';
import { applyPlan } from '../retention/apply.ts';
import { planRetention } from '../retention/plan.ts';
import { retentionRules } from '../retention/rules.ts';
import type {
	BackupFile,
	BackupSet,
	BackupType,
	RetentionInput,
	RetentionNote,
	RetentionStep,
} from '../retention/types.ts';
import { dayAt, formatDay, instantOf } from './calendar.ts';
import { runsAfter, type Run } from './next-runs.ts';

export interface SimulationInput {
	readonly definition: Pick<BackupDefinition, 'scheduling' | 'diskSpaceManagement'>;
	/** Where the simulation begins, milliseconds since 1970. */
	readonly from: number;
	/** How many calendar days it covers, the one of `from` included. */
	readonly days: number;
	readonly systemZone: string;
	/** Size of a full image. */
	readonly fullBytes: number;
	/** Bytes of an image that a day's changes take. */
	readonly changedBytesPerDay: number;
	/** Size of the destination; undefined leaves the free-space rule out. */
	readonly capacity?: number | undefined;
	/** What is in the folder already. */
	readonly sets?: readonly BackupSet[] | undefined;
}

export interface SimulatedRun extends Run {
	/** What the run makes in fact: a full where an incremental or differential has nothing to stand on. */
	readonly made: BackupType;
	readonly file: BackupFile;
	readonly setId: string;
	/** What the retention rules do before and after it. */
	readonly steps: readonly RetentionStep[];
	readonly notes: readonly RetentionNote[];
}

export interface SimulatedDay {
	/** `YYYY-MM-DD` in the time zone of the definition. */
	readonly date: string;
	readonly runs: readonly SimulatedRun[];
	/** What is in the folder at the end of the day. */
	readonly sets: readonly BackupSet[];
	readonly bytes: number;
}

/** A simulation does not go on for ever, however often a plan runs. */
const maxRuns = 20_000;

/**
 * How long every backup takes at least, in milliseconds: what was exactly as old as a rule keeps when it began is older
 * when it has ended.
 */
const shortestRun = 1000;

/**
 * Which files exist on each coming day, and why each went. Pure. Sizes are assumptions: an incremental takes the
 * changes since the backup before it, a differential those since its full, and nothing that is merged overlaps.
 */
export function simulate(input: SimulationInput): SimulatedDay[] {
	const { definition, from, systemZone } = input;
	const zone = definition.scheduling.timeZone ?? systemZone;
	const firstDay = dayAt(from, zone);
	const end = instantOf(firstDay + input.days, '00:00', zone);
	const state = new Simulation(input, zone);
	const runs = new Map<number, SimulatedRun[]>();
	const endings = new Map<number, readonly BackupSet[]>();
	let made = 0;
	for (const run of runsAfter(definition, from, systemZone)) {
		if (run.time >= end || made++ >= maxRuns) break;
		const day = dayAt(run.time, zone);
		const list = runs.get(day) ?? [];
		list.push(state.run(run));
		runs.set(day, list);
		endings.set(day, state.sets);
	}
	let sets: readonly BackupSet[] = input.sets ?? [];
	return Array.from({ length: input.days }, (_, index) => {
		const day = firstDay + index;
		sets = endings.get(day) ?? sets;
		return { date: formatDay(day), runs: runs.get(day) ?? [], sets, bytes: bytesOfSets(sets) };
	});
}

class Simulation {
	sets: readonly BackupSet[];
	readonly #input: SimulationInput;
	readonly #zone: string;
	#made = 0;

	constructor(input: SimulationInput, zone: string) {
		this.#input = input;
		this.#zone = zone;
		this.sets = input.sets ?? [];
	}

	run(run: Run): SimulatedRun {
		const rules = retentionRules(this.#input.definition.diskSpaceManagement);
		const steps: RetentionStep[] = [];
		const notes: RetentionNote[] = [];
		const purge = (now: number, coming?: BackupType): void => {
			const plan = planRetention({ sets: this.sets, rules, now, zone: this.#zone, coming, ...this.#space() });
			this.sets = applyPlan(this.sets, plan.steps);
			steps.push(...plan.steps);
			notes.push(...plan.notes);
		};
		if (rules.runBefore) purge(run.time, this.#newest() === undefined ? 'full' : run.backupType);
		const { file, set } = this.#backup(run);
		if (!rules.runBefore) purge(run.time + shortestRun);
		return { ...run, made: file.type, file, setId: set.id, steps, notes };
	}

	#backup(run: Run): { file: BackupFile; set: BackupSet } {
		const base = this.#newest();
		const type = base === undefined ? 'full' : run.backupType;
		const set: BackupSet =
			type === 'full' || base === undefined
				? { id: `SET${String(++this.#made).padStart(4, '0')}`, time: run.time, files: [], matching: true }
				: base;
		const number = 1 + Math.max(-1, ...set.files.flatMap((file) => [file.fileNumber, ...file.mergedFiles]));
		const since = type === 'diff' ? set.files[0]!.time : Math.max(-Infinity, ...set.files.map((file) => file.time));
		const days = (run.time - since) / 86_400_000;
		const { fullBytes, changedBytesPerDay } = this.#input;
		const file: BackupFile = {
			name: `${set.id}-${String(number).padStart(2, '0')}`,
			fileNumber: number,
			incrementNumber: number,
			type,
			time: run.time,
			bytes: type === 'full' ? fullBytes : Math.min(fullBytes, Math.round(changedBytesPerDay * days)),
			split: false,
			mergedFiles: [],
			encrypted: false,
		};
		const grown = { ...set, files: [...set.files, file] };
		this.sets = [...this.sets.filter((one) => one !== base || one.id !== grown.id), grown];
		return { file, set: grown };
	}

	/** The set that the next backup joins: the one with the newest backup. */
	#newest(): BackupSet | undefined {
		const newest = (set: BackupSet) => Math.max(...set.files.map((file) => file.time));
		return this.sets.filter((set) => set.matching && set.damage === undefined).sort((a, b) => newest(b) - newest(a))[0];
	}

	#space(): Pick<RetentionInput, 'freeBytes' | 'mergedBytes'> {
		const { capacity, fullBytes } = this.#input;
		return {
			freeBytes: capacity === undefined ? undefined : capacity - bytesOfSets(this.sets),
			mergedBytes: (files) => Math.min(fullBytes, bytesOfFiles(files)),
		};
	}
}

function bytesOfSets(sets: readonly BackupSet[]): number {
	return sets.reduce((sum, set) => sum + bytesOfFiles(set.files), 0);
}

function bytesOfFiles(files: readonly BackupFile[]): number {
	return files.reduce((sum, file) => sum + file.bytes, 0);
}
