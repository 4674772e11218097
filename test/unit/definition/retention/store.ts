import type { BackupFile, BackupSet, BackupType, RetentionStep } from '../../../../src/definition/retention/types.ts';
import { mergedFile } from '../../../../src/definition/retention/apply.ts';

/** A disk's content, or what one file holds of it: block number → value; null is a block that became free. */
export type Blocks = ReadonlyMap<number, number | null>;

interface StoredFile {
	readonly file: BackupFile;
	readonly blocks: Blocks;
}

/**
 * A folder of images reduced to what matters to retention: which file holds which block. It reads a chain the way the
 * published reader does, without help from the planner's own idea of a chain.
 */
export class Store {
	readonly sets = new Map<string, { set: Omit<BackupSet, 'files'>; files: Map<string, StoredFile> }>();

	copy(): Store {
		const copy = new Store();
		for (const [id, { set, files }] of this.sets) copy.sets.set(id, { set, files: new Map(files) });
		return copy;
	}

	list(): BackupSet[] {
		return [...this.sets.values()].map(({ set, files }) => ({
			...set,
			files: [...files.values()].map((stored) => stored.file),
		}));
	}

	/** Adds a backup of `content` to a set, begun when the set is new, and returns its file. */
	add(
		set: Omit<BackupSet, 'files'>,
		type: BackupType,
		time: number,
		content: Blocks,
		more: Partial<BackupFile> = {},
	): BackupFile {
		const entry = this.sets.get(set.id) ?? { set, files: new Map<string, StoredFile>() };
		this.sets.set(set.id, entry);
		const files = [...entry.files.values()].map((stored) => stored.file);
		const number = 1 + Math.max(-1, ...files.flatMap((file) => [file.fileNumber, ...file.mergedFiles]));
		const base =
			type === 'full'
				? new Map<number, number | null>()
				: type === 'diff'
					? this.restore(set.id, 0)
					: this.restore(set.id, Math.max(...files.map((file) => file.incrementNumber)));
		const blocks = difference(base, content);
		const file: BackupFile = {
			name: `${set.id}-${number}`,
			fileNumber: number,
			incrementNumber: number,
			type,
			time,
			bytes: 1 + blocks.size,
			split: false,
			mergedFiles: [],
			encrypted: false,
			...more,
		};
		entry.files.set(file.name, { file, blocks });
		return file;
	}

	/** Content of the backup with this increment number: the newest complete index, then every later delta. */
	restore(setId: string, incrementNumber: number): Map<number, number> {
		const files = [...this.sets.get(setId)!.files.values()]
			.filter(({ file }) => file.incrementNumber <= incrementNumber)
			.sort((a, b) => a.file.fileNumber - b.file.fileNumber);
		const full = files.find(({ file }) => file.type === 'full');
		if (full === undefined || files.at(-1)!.file.incrementNumber !== incrementNumber) throw new Error('broken chain');
		const content = overlay(new Map(), full.blocks);
		const complete = files.findLastIndex(({ file }) => file.type !== 'inc');
		if (files[complete]!.file.type === 'diff') overlay(content, files[complete]!.blocks);
		for (const { blocks } of files.slice(complete + 1)) overlay(content, blocks);
		return content;
	}

	/** Every backup that a person sees: time → content. Files that an interrupted merge left behind are none. */
	points(): Map<string, Map<number, number>> {
		const points = new Map<string, Map<number, number>>();
		for (const [id, { files }] of this.sets) {
			const absorbed = new Set([...files.values()].flatMap(({ file }) => [...file.mergedFiles]));
			for (const { file } of files.values()) {
				if (absorbed.has(file.fileNumber)) continue;
				points.set(`${id} ${file.time}`, this.#restoreWithout(id, file.incrementNumber, absorbed));
			}
		}
		return points;
	}

	#restoreWithout(id: string, incrementNumber: number, absorbed: ReadonlySet<number>): Map<number, number> {
		const clean = this.copy();
		for (const { file } of this.sets.get(id)!.files.values()) {
			if (absorbed.has(file.fileNumber)) clean.sets.get(id)!.files.delete(file.name);
		}
		return clean.restore(id, incrementNumber);
	}

	/** Carries a step out; `pause` is called at every moment at which a crash may come. */
	carryOut(step: RetentionStep, pause: () => void = () => {}): void {
		const { files } = this.sets.get(step.setId)!;
		const sources = step.files.map((file) => files.get(file.name)!);
		if (sources.some((source) => source === undefined)) throw new Error('the step names a file that is gone');
		let doomed = sources;
		if (step.kind === 'merge' || step.kind === 'roll-forward') {
			const blocks = new Map<number, number | null>();
			for (const source of sources) for (const [block, value] of source.blocks) blocks.set(block, value);
			if (step.kind === 'roll-forward') {
				for (const [block, value] of blocks) if (value === null) blocks.delete(block);
			}
			const file = mergedFile(step);
			files.set(file.name, { file, blocks });
			pause();
			doomed = sources.slice(1);
		}
		for (const source of doomed) {
			files.delete(source.file.name);
			if (files.size === 0) this.sets.delete(step.setId);
			pause();
		}
	}
}

function overlay(content: Map<number, number>, blocks: Blocks): Map<number, number> {
	for (const [block, value] of blocks) {
		if (value === null) content.delete(block);
		else content.set(block, value);
	}
	return content;
}

function difference(base: Blocks, content: Blocks): Map<number, number | null> {
	const blocks = new Map<number, number | null>();
	for (const [block, value] of content) if (base.get(block) !== value) blocks.set(block, value);
	for (const block of base.keys()) if (!content.has(block)) blocks.set(block, null);
	return blocks;
}
