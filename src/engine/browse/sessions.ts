import { createHmac, randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { raceWithAbort } from '../../base/abort.ts';
import type { ByteSource } from '../../base/bytes.ts';
import { FolderCache } from './folder-cache.ts';
import { ChangedFile } from './image-files.ts';
import { openPartition, type OpenedPartition, type OpeningContext, type PartitionPlace } from './open-partition.ts';

/** A partition of a backup while somebody looks around in it. */
export interface Session {
	readonly partition: OpenedPartition;
	readonly folders: FolderCache;
	/** Files that were read last, by path, the oldest first. */
	readonly sources: Map<string, ByteSource>;
}

interface Entry {
	readonly opening: Promise<Session>;
	/** Gives the opening up when nobody waits for it any more. */
	readonly controller: AbortController;
	opened: boolean;
	/** Bytes that its index takes; 0 while it is opened. */
	memory: number;
	users: number;
	/** It is in no list any more: the last user closes it. */
	dropped: boolean;
	timer: NodeJS.Timeout | undefined;
}

export interface SessionLimits {
	/** Sessions that are kept open. */
	readonly most: number;
	/** Bytes of their indexes together; one alone may have more. */
	readonly memory: number;
	/** Milliseconds after which one that nobody uses is closed. */
	readonly idle: number;
}

const standardLimits: SessionLimits = { most: 4, memory: 256 * 2 ** 20, idle: 60_000 };

type Opener = typeof openPartition;

/**
 * Keeps the partitions open that were looked at last, so that the index of a chain is not resolved again for every folder.
 * No password is kept, only what tells whether the same is given again.
 */
export class Sessions {
	readonly #open: Opener;
	readonly #limits: SessionLimits;
	/** Those that were used the longest ago come first. */
	readonly #entries = new Map<string, Entry>();
	readonly #secret = randomBytes(32);

	constructor(open: Opener = openPartition, limits = standardLimits) {
		this.#open = open;
		this.#limits = limits;
	}

	/**
	 * Calls `work` with the session of a partition, opened when there is none. Where a merge, say, has replaced files of the
	 * set meanwhile, the set is looked at anew and `work` is called again.
	 * @throws AfterimageError what {@link openPartition} and `work` throw
	 */
	async use<T>(
		place: PartitionPlace,
		password: string | undefined,
		context: OpeningContext,
		work: (session: Session) => Promise<T>,
	): Promise<T> {
		const key = this.#keyOf(place, password);
		for (let attempt = 1; ; attempt++) {
			const entry = this.#take(key, place, password, context);
			try {
				const session = await raceWithAbort(entry.opening, context.signal);
				await session.partition.check();
				return await work(session);
			} catch (error) {
				if (!(error instanceof ChangedFile)) throw error;
				this.#drop(key, entry);
				if (attempt > 2) throw error;
			} finally {
				this.#release(key, entry);
			}
		}
	}

	/** Closes what nobody uses, and the rest once nobody does. */
	close(): void {
		for (const [key, entry] of [...this.#entries]) this.#drop(key, entry);
	}

	#keyOf({ image, disk, partition }: PartitionPlace, password: string | undefined): string {
		const digest =
			password === undefined ? '' : createHmac('sha256', this.#secret).update(password, 'utf8').digest('hex');
		return JSON.stringify([resolve(image), disk, partition, digest]);
	}

	#take(key: string, place: PartitionPlace, password: string | undefined, context: OpeningContext): Entry {
		const entry = this.#entries.get(key) ?? this.#begin(key, place, password, context);
		clearTimeout(entry.timer);
		entry.users++;
		this.#entries.delete(key);
		this.#entries.set(key, entry);
		for (const [oldest, other] of [...this.#entries].slice(0, -this.#limits.most)) this.#drop(oldest, other);
		return entry;
	}

	#begin(
		key: string,
		place: PartitionPlace,
		password: string | undefined,
		{ createBlockTools }: OpeningContext,
	): Entry {
		const controller = new AbortController();
		const opening = this.#open(place, password, { createBlockTools, signal: controller.signal }).then(
			(partition): Session => {
				entry.opened = true;
				entry.memory = partition.memory;
				this.#makeRoom();
				return { partition, folders: new FolderCache(), sources: new Map() };
			},
		);
		const entry: Entry = { opening, controller, opened: false, memory: 0, users: 0, dropped: false, timer: undefined };
		opening.catch(() => this.#drop(key, entry));
		return entry;
	}

	/** Lets go of what was used the longest ago, for the sake of the memory. */
	#makeRoom(): void {
		let memory = [...this.#entries.values()].reduce((sum, entry) => sum + entry.memory, 0);
		for (const [key, entry] of [...this.#entries].slice(0, -1)) {
			if (memory <= this.#limits.memory) return;
			memory -= entry.memory;
			this.#drop(key, entry);
		}
	}

	#release(key: string, entry: Entry): void {
		entry.users--;
		if (entry.users > 0) return;
		if (entry.dropped) return this.#end(entry);
		if (!entry.opened) return this.#drop(key, entry);
		entry.timer = setTimeout(() => this.#drop(key, entry), this.#limits.idle).unref();
	}

	#drop(key: string, entry: Entry): void {
		if (this.#entries.get(key) === entry) this.#entries.delete(key);
		if (entry.dropped) return;
		entry.dropped = true;
		clearTimeout(entry.timer);
		if (entry.users === 0) this.#end(entry);
	}

	#end({ opening, controller }: Entry): void {
		controller.abort();
		opening.then(({ partition }) => partition.close()).catch(() => undefined);
	}
}
