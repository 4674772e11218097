import { checkFileSystems } from '../file-walk/check-file-systems.ts';
import { PathLimit } from '../file-walk/kept-paths.ts';
import { isHit, nameDamage, unnamed } from '../file-walk/name-damage.ts';
import type { PartitionToWalk } from '../file-walk/open-partition.ts';
import type { FileSystemCheck, PartitionDamage } from '../file-walk/results.ts';
import type { JobContext } from '../job-context.ts';
import type { LoadJob } from '../pipeline/types.ts';
import type { Progress } from '../progress.ts';

/** Paths that a run names, each as often as backups have it; beyond them they are counted. */
const mostPaths = 100_000;

/** Milliseconds that a run spends on names: a hundred backups that stand on one bad block are as many walks. */
const mostNaming = 3600 * 1000;

/** What a run still spends on looking into backups. */
export class LookBudget {
	/** Milliseconds that went into names. */
	naming = 0;
	readonly #paths = new PathLimit(mostPaths);

	/** For one backup. */
	paths(): PathLimit {
		return new PathLimit(undefined, this.#paths);
	}
}

/** A partition of a backup of a set. */
export interface SetPartition extends PartitionToWalk {
	/** Tells it from the others of the backup, the same in all backups of the set. */
	readonly place: string;
	/** The same number as in an earlier backup: each block of it says the same as there. */
	readonly contents: number;
}

interface Seen<R> {
	readonly contents: number;
	readonly result: R;
}

/**
 * Walks the file systems of backups of one set, from the oldest to the newest. A partition that has not changed since the
 * backup before is not walked again.
 */
export class SetLooks {
	readonly #files: LoadJob['files'];
	readonly #progress: Progress;
	readonly #context: JobContext;
	readonly #budget: LookBudget;
	readonly #damage = new Map<string, Seen<PartitionDamage>>();
	readonly #checks = new Map<string, Seen<FileSystemCheck>>();

	/** @param files of the set, by number */
	constructor(files: LoadJob['files'], progress: Progress, context: JobContext, budget: LookBudget) {
		this.#files = files;
		this.#progress = progress;
		this.#context = context;
		this.#budget = budget;
	}

	/**
	 * Names the files in damaged blocks of a backup.
	 * @param always also when the time for names has been spent
	 * @throws AfterimageError `cancelled`
	 */
	async damageOf(partitions: readonly SetPartition[], always: boolean): Promise<readonly PartitionDamage[]> {
		const { clock } = this.#context.ports;
		const limit = this.#budget.paths();
		const again = (one: PartitionDamage) => ({
			...one,
			files: limit.keep(one.files),
			unreadable: limit.keep(one.unreadable),
		});
		const hit = partitions.filter(isHit);
		if (!always && this.#budget.naming >= mostNaming) {
			return hit.map((one) => {
				const known = knownOf(one, this.#damage);
				return known === undefined ? unnamed(one, noTimeLeft) : again(known);
			});
		}
		return this.#look(hit, this.#damage, again, async (fresh) => {
			const started = clock.passed();
			const found = await nameDamage(fresh, this.#files, this.#progress, this.#context, limit);
			this.#budget.naming += clock.passed() - started;
			return found;
		});
	}

	/** @throws AfterimageError as {@link checkFileSystems} */
	async checksOf(partitions: readonly SetPartition[]): Promise<readonly FileSystemCheck[]> {
		const limit = this.#budget.paths();
		const again = (one: FileSystemCheck) => ({
			...one,
			problems: limit.keep(one.problems),
			warnings: limit.keep(one.warnings),
		});
		return this.#look(partitions, this.#checks, again, (fresh) =>
			checkFileSystems(fresh, this.#files, this.#progress, this.#context, limit),
		);
	}

	/**
	 * @param seen what was found of earlier backups @param again makes of it what is told of a later one
	 * @param walk what it gives is in the order of its partitions
	 */
	async #look<R extends object>(
		partitions: readonly SetPartition[],
		seen: Map<string, Seen<R>>,
		again: (result: R) => R,
		walk: (fresh: readonly SetPartition[]) => Promise<readonly R[]>,
	): Promise<readonly R[]> {
		const known = partitions.map((one) => {
			const before = knownOf(one, seen);
			return before === undefined ? undefined : again(before);
		});
		const fresh = partitions.filter((_, i) => known[i] === undefined);
		if (fresh.length === 0) return known as R[];
		const resume = this.#progress.interrupt();
		try {
			const found = await walk(fresh);
			for (const [i, one] of fresh.entries()) {
				const result = found[i]!;
				if (isRepeatable(one)) seen.set(one.place, { contents: one.contents, result });
				else seen.delete(one.place);
			}
			return partitions.map((one, i) => known[i] ?? found[fresh.indexOf(one)]!);
		} finally {
			resume();
		}
	}
}

const noTimeLeft = 'an hour has gone into the names of other backups; verify this one by itself';

function knownOf<R>(one: SetPartition, seen: ReadonlyMap<string, Seen<R>>): R | undefined {
	const before = seen.get(one.place);
	return before?.contents === one.contents && isRepeatable(one) ? before.result : undefined;
}

/** Each file of a set brings its own reserved blocks, damaged or not, though they say the same. */
function isRepeatable({ lost: { reserved } }: SetPartition): boolean {
	return reserved.next(0) === reserved.count;
}
