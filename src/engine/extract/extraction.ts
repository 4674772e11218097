import { throwIfAborted } from '../../base/abort.ts';
import { toErrorRecord } from '../../base/errors.ts';
import type { FileNode, FolderNode, LinkNode, TreeNode } from '../../disk/files.ts';
import { asImageDamage } from '../browse/image-damage.ts';
import { isUnreadable } from '../browse/read-files.ts';
import { BufferPool } from '../buffer-pool.ts';
import { logInfo, logWarning, type JobContext } from '../job-context.ts';
import type { Progress } from '../progress.ts';
import type { ExtractResult } from '../requests.ts';
import { BusyFolder } from './busy-folder.ts';
import { InOrder } from './in-order.ts';
import { Limit } from './limit.ts';
import { NotTaken } from './not-taken.ts';
import { canLink } from './survey.ts';
import { enterFolder, type TargetFolder } from './target-folder.ts';
import type { NameRules } from './target-names.ts';
import { walkEntries, type Entry, type Visitor } from './walk-entries.ts';
import { copyFile, makeLink, pieceBytes } from './write-file.ts';

type Leaf = Exclude<TreeNode, FolderNode>;

/** Lines of one kind that the log is given one by one; the result has them all. */
const mostLogged = 1000;

/** Files that are written at once: most are small, and each is some calls of the system that wait for each other. */
const atOnce = 8;

/** Writes entries into a folder, files beside each other, and keeps count; one run each. */
export class Extraction implements Visitor<BusyFolder> {
	readonly #overwrite: boolean;
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
	readonly #renamed: { path: string; name: string }[] = [];
	readonly #skipped: { path: string; reason: string }[] = [];
	readonly #damaged: { path: string; reason: string }[] = [];

	constructor(overwrite: boolean, progress: Progress, context: JobContext) {
		this.#overwrite = overwrite;
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
	}

	result(): Omit<ExtractResult, 'folder' | 'seconds'> {
		return {
			files: this.#files,
			folders: this.#folders,
			links: this.#links,
			bytes: this.#bytes,
			renamed: this.#renamed,
			skipped: this.#skipped,
			damaged: this.#damaged,
		};
	}

	async folder(entry: Entry<FolderNode>, into: BusyFolder, walk: (inner: BusyFolder) => Promise<void>) {
		const report = this.#order.begin();
		const entered = await enterFolder(into.target, entry.name, entry.node.mode).catch((error: unknown) => {
			if (!(error instanceof NotTaken)) throw error;
			report(() => this.#skip(entry.path, error.message));
			return undefined;
		});
		if (entered === undefined) return;
		const { folder, made } = entered;
		report(() => this.#noteName(entry));
		this.#folders++;
		into.hold();
		const inner = new BusyFolder(folder, async () => {
			try {
				if (made && this.#failure === undefined) await folder.finish(entry.node);
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
			if (error instanceof NotTaken) return () => this.#skip(path, error.message);
			if (!isUnreadable(error)) throw error;
			return () => void this.#damaged.push({ path, reason: toErrorRecord(asImageDamage(error)).message });
		}
	}

	async #file(entry: Entry<FileNode>, into: BusyFolder): Promise<() => void> {
		const { node, name } = entry;
		throwIfAborted(this.#signal);
		const source = await node.open(this.#signal);
		await copyFile(source, into.target, name, node, {
			overwrite: this.#overwrite,
			signal: this.#signal,
			buffers: this.#buffers,
			onBytes: (read, written) => this.#progress.add(read, read, written),
		});
		this.#files++;
		this.#bytes += source.size;
		return () => this.#noteName(entry);
	}

	async #link(entry: Entry<LinkNode>, into: BusyFolder): Promise<() => void> {
		const target = await entry.node.target(this.#signal);
		if (!canLink) {
			return () => this.#skip(entry.path, `links are not made on Windows; it points to ${target}`);
		}
		await makeLink(target, into.target, entry.name, entry.node, this.#overwrite);
		this.#links++;
		return () => this.#noteName(entry);
	}

	/** The first failure counts: those of the others follow from it. */
	#fail(error: unknown): void {
		this.#failure ??= { error };
		this.#stop.abort();
	}

	#skip(path: string, reason: string): void {
		this.#skipped.push({ path, reason });
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
