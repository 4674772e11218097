import { formatBytes } from '../../shared/quantities.ts';
import type { BackupDefinition } from '../../../src/definition/model.ts';
import { simulate, type SimulatedDay, type SimulatedRun } from '../../../src/definition/plan/simulate.ts';
import type { BackupFile, BackupSet, RetentionStep } from '../../../src/definition/retention/types.ts';
import type { DestinationFacts } from '../../../src/protocol/definition-form.ts';
import { t } from '../../shared/l10n.ts';
import { typeLetters, typeNames } from '../../shared/type-names.ts';
import { filesWord } from '../../shared/file-words.ts';

/** Part of a full that changes in a day when nothing better is known. */
const changedShare = 0.02;
/** How much of the used bytes an image takes when nothing better is known: what medium compression usually leaves. */
const compressedShare = 0.6;

export interface Assumptions {
	readonly fullBytes: number;
	readonly changedBytesPerDay: number;
	readonly capacity: number | undefined;
	/** Sizes come from images in the folder, not from a rule of thumb. */
	readonly measured: boolean;
}

/** Sizes that the simulation goes by: those of the images that are there, else shares of what is selected. */
export function assume(selectedBytes: number, facts: DestinationFacts | undefined): Assumptions {
	const sizes = facts?.averageSizes;
	const fullBytes = sizes?.full ?? Math.max(1, Math.round(selectedBytes * compressedShare));
	const changedBytesPerDay = sizes?.inc ?? Math.max(1, Math.round(fullBytes * changedShare));
	const capacity = facts?.free === undefined ? undefined : facts.free;
	return { fullBytes, changedBytesPerDay, capacity, measured: sizes?.full !== undefined };
}

/** Runs the simulation and keeps the last result, since a form is drawn far more often than its plan changes. */
export class SimulationCache {
	#key = '';
	#days: readonly SimulatedDay[] = [];

	days(
		definition: BackupDefinition,
		from: number,
		length: number,
		systemZone: string,
		assumptions: Assumptions,
	): readonly SimulatedDay[] {
		const { scheduling, diskSpaceManagement } = definition;
		// A new simulation for every minute would only shift the picture under the reader.
		const key = JSON.stringify([
			scheduling,
			diskSpaceManagement,
			Math.floor(from / 3_600_000),
			length,
			systemZone,
			assumptions,
		]);
		if (key !== this.#key) {
			const { fullBytes, changedBytesPerDay, capacity } = assumptions;
			this.#days = simulate({
				definition: { scheduling, diskSpaceManagement },
				from,
				days: length,
				systemZone,
				fullBytes,
				changedBytesPerDay,
				capacity,
			});
			this.#key = key;
		}
		return this.#days;
	}
}

export interface FileChip {
	readonly letter: string;
	readonly type: BackupFile['type'];
	readonly number: string;
	/** Files that were merged into it. */
	readonly merged: number;
	readonly title: string;
}

export interface SetLine {
	readonly id: string;
	readonly begun: number;
	readonly bytes: number;
	readonly chips: readonly FileChip[];
	/** Files beyond those that are drawn. */
	readonly more: number;
}

/** What is in the folder at the end of a day, newest set first. @param format a point in time in words */
export function setLines(
	sets: readonly BackupSet[],
	format: (time: number) => string,
	maxChips = 28,
): readonly SetLine[] {
	return [...sets]
		.sort((a, b) => b.time - a.time)
		.map((set) => {
			const files = [...set.files].sort((a, b) => a.fileNumber - b.fileNumber);
			const shown = files.slice(Math.max(0, files.length - maxChips));
			return {
				id: set.id,
				begun: set.time,
				bytes: files.reduce((sum, file) => sum + file.bytes, 0),
				chips: shown.map((file) => chipOf(file, format)),
				more: files.length - shown.length,
			};
		});
}

function chipOf(file: BackupFile, format: (time: number) => string): FileChip {
	const number = String(file.fileNumber).padStart(2, '0');
	const merged = file.mergedFiles.length;
	const words = [
		`${typeNames[file.type]} ${number}`,
		format(file.time),
		formatBytes(file.bytes),
		...(merged > 0 ? [merged === 1 ? t('holds 1 merged file') : t('holds {0} merged files', merged)] : []),
	];
	return { letter: typeLetters[file.type], type: file.type, number, merged, title: words.join(' · ') };
}

export interface Removal {
	readonly time: number;
	readonly what: string;
	readonly reason: string;
}

const stepWords: Record<RetentionStep['kind'], (files: number) => string> = {
	'delete-leftovers': (files) =>
		files === 1
			? t('1 file left over from a merge is removed')
			: t('{0} files left over from a merge are removed', files),
	'delete-set': (files) => t('A backup set of {0} is deleted', filesWord(files)),
	'delete-differential': (files) =>
		files === 1
			? t('A differential is deleted')
			: t('A differential and {0} linked to it are deleted', filesWord(files - 1)),
	'delete-incrementals': (files) =>
		files === 1 ? t('1 incremental is deleted') : t('{0} incrementals are deleted', files),
	merge: (files) => t('{0} incrementals are merged into one', files),
	'roll-forward': (files) => t('The full takes in {0}: a synthetic full', filesWord(files - 1)),
};

/** What goes on a day, and why. */
export function removalsOf(runs: readonly SimulatedRun[]): readonly Removal[] {
	return runs.flatMap((run) =>
		run.steps.map((step) => ({
			time: run.time,
			what: stepWords[step.kind](step.files.length),
			reason: step.wording(t, formatBytes),
		})),
	);
}
