import { throwIfAborted } from '../../base/abort.ts';
import { toErrorRecord } from '../../base/errors.ts';
import type { FileNode, FolderNode, LinkNode, SharedFile, TreeNode } from '../../disk/files.ts';
import { asImageDamage } from '../browse/image-damage.ts';
import { isUnreadable } from '../browse/read-files.ts';
import { BufferPool } from '../buffer-pool.ts';
import { logInfo, logWarning, type JobContext } from '../job-context.ts';
import type { Progress } from '../progress.ts';
import type { ExtractResult, LeftOutFile } from '../requests/files.ts';
import { BusyFolder } from './busy-folder.ts';
import type { Facts, FactSetter } from './fact-setter.ts';
import { InOrder } from './in-order.ts';
import { Limit } from '../limit.ts';
import { NotTaken } from './not-taken.ts';
import { isUsual, notKeptLine, part } from './not-kept.ts';
import { SharedFiles } from './shared-files.ts';
import { canLink } from './survey.ts';
import { enterFolder, type TargetFolder } from './target-folder.ts';
import type { NameRules } from './target-names.ts';
import { walkEntries, type Entry, type Visitor } from './walk-entries.ts';
import { copyFile, linkFile, makeLink, pieceBytes, type Written } from './write-file.ts';

type Leaf = Exclude<TreeNode, FolderNode>;

/** Lines of one kind that the log is given one by one; the result has them all. */
const mostLogged = 1000;

/** Files that are written at once: most are small, and each is some calls of the system that wait for each other. */
const atOnce = 8;

/** Writes entries into a folder, files beside each other, and keeps count; one run each. */
export class Extraction implements Visitor<BusyFolder> {
	readonly #overwrite: boolean;
	readonly #setter: FactSetter;
	readonly #progress: Progress;
	readonly #context: JobContext;
	/** Stops the other files when one fails. */
	readonly #stop = new AbortController();
	readonly #signal: AbortSignal;
	#failure: { readonly error: unknown } | undefined;
	readonly #order = new InOrder();
	readonly #limit = new Limit(atOnce);
	readonly #buffers = new BufferPool(pieceBytes, 2 * atOnce);
	#files = 0;
	#folders = 0;
	#links = 0;
	#bytes = 0;
	#hardLinks = 0;
	/** First names of files that have several; undefined when one could not be written. */
	readonly #shared = new SharedFiles<Promise<Written | undefined>>();
	readonly #renamed: { path: string; name: string }[] = [];
	readonly #skipped: LeftOutFile[] = [];
	readonly #damaged: { path: string; reason: string }[] = [];

	constructor(overwrite: boolean, setter: FactSetter, progress: Progress, context: JobContext) {
		this.#overwrite = overwrite;
		this.#setter = setter;
		this.#progress = progress;
		this.#context = context;
		this.#signal = AbortSignal.any([context.signal, this.#stop.signal]);
	}

	/**
	 * When this ends, nothing is written any more.
	 * @throws AfterimageError `cancelled`, `no-space`, `write-error`, `permission-denied`
	 */
	async run(entries: readonly Entry[], target: TargetFolder, rules: NameRules): Promise<void> {
		const root = new BusyFolder(target, () => Promise.resolve());
		await walkEntries(entries, root, this, rules, this.#signal).catch((error: unknown) => this.#fail(error));
		root.release();
		await root.ended;
		if (this.#failure !== undefined) throw this.#failure.error;
		for (const one of this.#setter.notKept.result()) {
			if (isUsual(one)) logInfo(this.#context, notKeptLine(one));
			else logWarning(this.#context, notKeptLine(one));
		}
	}

	result(): Omit<ExtractResult, 'folder' | 'seconds'> {
		return {
			files: this.#files,
			folders: this.#folders,
			links: this.#links,
			hardLinks: this.#hardLinks,
			bytes: this.#bytes,
			notKept: this.#setter.notKept.result(),
			renamed: this.#renamed,
			skipped: this.#skipped,
			damaged: this.#damaged,
		};
	}

	async folder(entry: Entry<FolderNode>, into: BusyFolder, walk: (inner: BusyFolder) => Promise<void>) {
		const report = this.#order.begin();
		const { facts, damage } = await this.#factsOf(entry);
		const entered = await enterFolder(into.target, entry.name, facts, this.#setter).catch((error: unknown) => {
			if (!(error instanceof NotTaken)) throw error;
			report(() => this.#skip(entry.path, error.message, true));
			return undefined;
		});
		if (entered === undefined) return;
		const { folder, made } = entered;
		report(() => {
			this.#noteName(entry);
			damage?.();
		});
		this.#folders++;
		into.hold();
		const inner = new BusyFolder(folder, async () => {
			try {
				if (made && this.#failure === undefined) await folder.finish(facts);
			} finally {
				await folder.close();
			}
		});
		void inner.ended.catch((error: unknown) => this.#fail(error)).finally(() => into.release());
		try {
			await walk(inner);
		} catch (error) {
			// Before the folder ends: it is then left as it is.
			this.#fail(error);
			throw error;
		} finally {
			inner.release();
		}
	}

	/** Returns when a file has begun to be written. */
	async entry(entry: Entry<Leaf>, into: BusyFolder): Promise<void> {
		const report = this.#order.begin();
		const { node } = entry;
		if (node.kind !== 'file') {
			// Links come last: whatever has the name of one is there by then.
			if (node.kind === 'link') await into.quiet();
			return report(await this.#write(entry, into));
		}
		const release = await into.claim(entry.name);
		await this.#limit.enter();
		void this.#write(entry, into)
			.then(report, (error: unknown) => this.#fail(error))
			.finally(() => {
				this.#limit.leave();
				release();
			});
	}

	/** @returns what is to be said of it */
	async #write({ node, ...entry }: Entry<Leaf>, into: BusyFolder): Promise<() => void> {
		const { path } = entry;
		try {
			if (node.kind === 'file') return await this.#file({ ...entry, node }, into);
			if (node.kind === 'link') return await this.#link({ ...entry, node }, into);
			if (node.kind === 'damaged') return () => void this.#damaged.push({ path, reason: node.reason });
			return () => this.#skip(path, `it is a ${node.what}`);
		} catch (error) {
			if (error instanceof NotTaken) return () => this.#skip(path, error.message, true);
			if (!isUnreadable(error)) throw error;
			return () => void this.#damaged.push({ path, reason: toErrorRecord(asImageDamage(error)).message });
		}
	}

	async #file(entry: Entry<FileNode>, into: BusyFolder): Promise<() => void> {
		const { node, name } = entry;
		throwIfAborted(this.#signal);
		let damage: (() => void) | undefined;
		const isNew = await this.#once(entry, into, async () => {
			const source = await node.open(this.#signal);
			const known = await this.#factsOf(entry);
			damage = known.damage;
			return copyFile(source, into.target, name, known.facts, {
				overwrite: this.#overwrite,
				setter: this.#setter,
				shared: node.shared !== undefined,
				signal: this.#signal,
				buffers: this.#buffers,
				onBytes: (read, written) => this.#progress.add(read, read, written),
			});
		});
		if (isNew) this.#bytes += node.size;
		else this.#progress.add(node.size, 0, 0);
		this.#files++;
		return () => {
			this.#noteName(entry);
			damage?.();
		};
	}

	async #link(entry: Entry<LinkNode>, into: BusyFolder): Promise<() => void> {
		const { node, name } = entry;
		const target = await node.target(this.#signal);
		if (!canLink) {
			return () => this.#skip(entry.path, `links are not made on Windows; it points to ${target}`);
		}
		const { facts, damage } = await this.#factsOf(entry);
		const options = { overwrite: this.#overwrite, setter: this.#setter, shared: node.shared !== undefined };
		await this.#once(entry, into, () => makeLink(target, into.target, name, facts, options));
		this.#links++;
		return () => {
			this.#noteName(entry);
			damage?.();
		};
	}

	/**
	 * Writes what has one name, or comes with its first; else makes a further name of what was written.
	 * @returns whether it was written
	 */
	async #once(
		entry: Entry<FileNode | LinkNode>,
		into: BusyFolder,
		write: () => Promise<Written | undefined>,
	): Promise<boolean> {
		const { shared } = entry.node;
		if (shared === undefined) {
			await write();
			return true;
		}
		let resolve!: (written: Written | undefined) => void;
		const promise = new Promise<Written | undefined>((settle) => (resolve = settle));
		const first = this.#shared.find(shared);
		if (first === undefined) this.#remember(shared, promise);
		try {
			const written = await first;
			if (written !== undefined) {
				const refusal = await linkFile(
					written,
					into.target,
					entry.name,
					this.#overwrite,
					this.#context.ports.attributes,
				);
				if (refusal === undefined) {
					this.#hardLinks++;
					return false;
				}
				this.#setter.notKept.add(part.hardLink, refusal);
			}
			if (first !== undefined) this.#remember(shared, promise);
			resolve(await write());
			return true;
		} finally {
			resolve(undefined);
		}
	}

	#remember(shared: SharedFile, written: Promise<Written | undefined>): void {
		if (!this.#shared.remember(shared, written)) this.#setter.notKept.add(part.hardLink, 'too many to be remembered');
	}

	/** What the backup says of an entry; `damage` tells what of that cannot be read. */
	async #factsOf({ node, path }: Entry): Promise<{ readonly facts: Facts; readonly damage?: () => void }> {
		const { modified, mode, owner } = node;
		const facts = { modified, mode, owner, attributes: [] };
		if (node.attributes === undefined || this.#context.ports.attributes === undefined) return { facts };
		try {
			return { facts: { ...facts, attributes: await node.attributes(this.#signal) } };
		} catch (error) {
			if (!isUnreadable(error)) throw error;
			const reason = `extracted without its attributes: ${toErrorRecord(asImageDamage(error)).message}`;
			return { facts, damage: () => void this.#damaged.push({ path, reason }) };
		}
	}

	/** The first failure counts: those of the others follow from it. */
	#fail(error: unknown): void {
		this.#failure ??= { error };
		this.#stop.abort();
	}

	#skip(path: string, reason: string, refused = false): void {
		this.#skipped.push({ path, reason, ...(refused ? { refused } : {}) });
		if (this.#skipped.length <= mostLogged) logWarning(this.#context, `${path} was left out: ${reason}`);
	}

	#noteName({ path, name, node }: Entry): void {
		if (node.name === name) return;
		this.#renamed.push({ path, name });
		if (this.#renamed.length <= mostLogged) {
			logInfo(this.#context, `${path} is called ${name} where it was extracted: its own name is not taken there`);
		}
	}
}
