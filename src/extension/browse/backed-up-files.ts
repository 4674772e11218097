import { basename } from 'node:path';
import { isAfterimageError } from '../../base/errors.ts';
import { RecentMap } from '../../base/recent-map.ts';
import type { EngineMethod, EngineRequests } from '../../protocol/engine.ts';
import type { BackedUpFile, BackedUpFolder, BackedUpPartition, FilePiece, FilePlace } from '../../protocol/files.ts';
import type { EngineClient } from '../engine/engine-client.ts';
import type { Passwords } from '../runs/passwords.ts';
import { nameOf, namesIn } from './address.ts';

/** Folders whose listing is kept, and for how long, in milliseconds: the explorer asks for each several times. */
const keptFolders = 64;
const keptFor = 60_000;
/** After a question for a password was cancelled, what had asked is refused for this long instead of asking at once again. */
const patience = 5_000;

type Asking = 'image/partitions' | 'files/list' | 'files/stat' | 'files/read';

interface Listing {
	/** Milliseconds since 1970. */
	readonly at: number;
	readonly listed: Promise<BackedUpFolder>;
}

export interface BackedUpFilesParts {
	readonly engine: () => Promise<Pick<EngineClient, 'request'>>;
	readonly passwords: Pick<Passwords, 'get'>;
	/** The set's id, under which the password of an image is kept. */
	readonly imageId: (image: string) => Promise<string>;
	/** Milliseconds since 1970. */
	readonly now?: () => number;
}

/**
 * The files of backups, asked of the engine. The password of an encrypted set is asked for once and remembered until the
 * window closes or {@link forget} is called.
 */
export class BackedUpFiles {
	readonly #parts: BackedUpFilesParts;
	readonly #now: () => number;
	readonly #folders = new RecentMap<string, Listing>(keptFolders);
	readonly #ids = new Map<string, string>();
	readonly #passwords = new Map<string, string>();
	readonly #questions = new Map<string, Promise<boolean>>();
	readonly #declined = new Map<string, number>();

	constructor(parts: BackedUpFilesParts) {
		this.#parts = parts;
		this.#now = parts.now ?? Date.now;
	}

	/** @throws AfterimageError as the engine does, `password-needed` when the user did not give one */
	partitions(image: string): Promise<readonly BackedUpPartition[]> {
		return this.#ask('image/partitions', image, { image });
	}

	/** @throws as {@link partitions} */
	list(place: FilePlace): Promise<BackedUpFolder> {
		const key = keyOf(place, namesIn(place.path));
		const known = this.#known(key);
		if (known !== undefined) return known;
		const listing = { at: this.#now(), listed: this.#ask('files/list', place.image, { place }) };
		this.#folders.set(key, listing);
		// What could not be read now may be there the next time.
		listing.listed.catch(() => this.#folders.remove(key, listing));
		return listing.listed;
	}

	/** The one entry; that of the root has no name. @throws as {@link partitions}, `source-missing` when there is none */
	async stat(place: FilePlace): Promise<BackedUpFile> {
		const name = nameOf(place.path);
		const parent = namesIn(place.path).slice(0, -1);
		// That the folder could not be listed says nothing of its entry, which is asked for then.
		const listed = name === '' ? undefined : await this.#known(keyOf(place, parent))?.catch(() => undefined);
		const found = listed?.entries.find((entry) => entry.name === name);
		if (found !== undefined) return found;
		return (await this.#ask('files/stat', place.image, { place })).entries[0]!;
	}

	/** @param length at most `largestFilePiece`. @throws as {@link stat} */
	read(place: FilePlace, offset: number, length: number): Promise<FilePiece> {
		return this.#ask('files/read', place.image, { place, offset, length });
	}

	/** The password that was given for an image; undefined when none was needed so far. */
	passwordOf(image: string): string | undefined {
		const id = this.#ids.get(image);
		return id === undefined ? undefined : this.#passwords.get(id);
	}

	/** Listings are asked for again, and a password that was not given may be. */
	refresh(): void {
		this.#folders.clear();
		this.#declined.clear();
	}

	/** Forgets passwords too. */
	forget(): void {
		this.refresh();
		this.#passwords.clear();
	}

	/** A listing that is young enough. */
	#known(key: string): Promise<BackedUpFolder> | undefined {
		const listing = this.#folders.get(key);
		return listing !== undefined && this.#now() - listing.at < keptFor ? listing.listed : undefined;
	}

	async #ask<M extends Asking>(
		method: M,
		image: string,
		params: EngineRequests[M]['params'],
	): Promise<EngineRequests[M]['result']> {
		const engine = await this.#parts.engine();
		for (;;) {
			const password = this.passwordOf(image);
			try {
				const all = { ...params, ...(password === undefined ? {} : { password }) };
				return await engine.request<EngineMethod & M>(method, all);
			} catch (error) {
				const wrong = isAfterimageError(error, 'wrong-password');
				if (!wrong && !isAfterimageError(error, 'password-needed')) throw error;
				if (!(await this.#newPassword(image, password, wrong))) throw error;
			}
		}
	}

	/** Whether there is now another password than the one that did not do. Everybody who waits shares one question. */
	async #newPassword(image: string, tried: string | undefined, wrong: boolean): Promise<boolean> {
		const id = this.#ids.get(image) ?? (await this.#parts.imageId(image));
		this.#ids.set(image, id);
		if (this.#passwords.get(id) !== tried) return true;
		if (this.#now() - (this.#declined.get(id) ?? -Infinity) < patience) return false;
		const question = this.#questions.get(id) ?? this.#question(id, image, wrong);
		this.#questions.set(id, question);
		return question;
	}

	async #question(id: string, image: string, wrong: boolean): Promise<boolean> {
		try {
			const password = await this.#parts.passwords.get(id, basename(image), wrong);
			if (password === undefined) this.#declined.set(id, this.#now());
			else this.#passwords.set(id, password);
			return password !== undefined;
		} finally {
			this.#questions.delete(id);
		}
	}
}

function keyOf({ image, disk, partition }: FilePlace, names: readonly string[]): string {
	return JSON.stringify([image, disk, partition, names]);
}
