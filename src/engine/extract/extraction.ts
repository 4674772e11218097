import { toErrorRecord } from '../../base/errors.ts';
import type { FileNode, FolderNode, LinkNode, TreeNode } from '../../disk/files.ts';
import { asImageDamage } from '../browse/image-damage.ts';
import { isUnreadable } from '../browse/read-files.ts';
import { logInfo, logWarning, type JobContext } from '../job-context.ts';
import type { Progress } from '../progress.ts';
import type { ExtractResult } from '../requests.ts';
import { NotTaken } from './not-taken.ts';
import { canLink } from './survey.ts';
import { enterFolder, type TargetFolder } from './target-folder.ts';
import type { Entry, Visitor } from './walk-entries.ts';
import { copyFile, makeLink } from './write-file.ts';

type Leaf = Exclude<TreeNode, FolderNode>;

/** Lines of one kind that the log is given one by one; the result has them all. */
const mostLogged = 1000;

/** Writes the entries that it visits, and keeps count. */
export class Extraction implements Visitor<TargetFolder> {
	readonly #overwrite: boolean;
	readonly #progress: Progress;
	readonly #context: JobContext;
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

	async folder(entry: Entry<FolderNode>, into: TargetFolder, walk: (inner: TargetFolder) => Promise<void>) {
		const entered = await enterFolder(into, entry.name, entry.node.mode).catch((error: unknown) => {
			if (!(error instanceof NotTaken)) throw error;
			this.#skip(entry.path, error.message);
			return undefined;
		});
		if (entered === undefined) return;
		const { folder, made } = entered;
		try {
			this.#noteName(entry);
			this.#folders++;
			await walk(folder);
			if (made) await folder.finish(entry.node);
		} finally {
			await folder.close();
		}
	}

	async entry({ node, ...entry }: Entry<Leaf>, into: TargetFolder): Promise<void> {
		const { path } = entry;
		try {
			if (node.kind === 'file') await this.#file({ ...entry, node }, into);
			else if (node.kind === 'link') await this.#link({ ...entry, node }, into);
			else if (node.kind === 'damaged') this.#damaged.push({ path, reason: node.reason });
			else this.#skip(path, `it is a ${node.what}`);
		} catch (error) {
			if (error instanceof NotTaken) this.#skip(path, error.message);
			else if (isUnreadable(error)) {
				this.#damaged.push({ path, reason: toErrorRecord(asImageDamage(error)).message });
			} else throw error;
		}
	}

	async #file(entry: Entry<FileNode>, into: TargetFolder): Promise<void> {
		const { node, name } = entry;
		const source = await node.open(this.#context.signal);
		await copyFile(source, into, name, node, {
			overwrite: this.#overwrite,
			signal: this.#context.signal,
			onBytes: (read, written) => this.#progress.add(read, read, written),
		});
		this.#noteName(entry);
		this.#files++;
		this.#bytes += source.size;
	}

	async #link(entry: Entry<LinkNode>, into: TargetFolder): Promise<void> {
		const target = await entry.node.target(this.#context.signal);
		if (!canLink) return this.#skip(entry.path, `links are not made on Windows; it points to ${target}`);
		await makeLink(target, into, entry.name, entry.node, this.#overwrite);
		this.#noteName(entry);
		this.#links++;
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
