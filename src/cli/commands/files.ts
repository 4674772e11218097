import { exitCodeOf, toErrorRecord } from '../../base/errors.ts';
import { counted, formatBytes } from '../../base/quantity.ts';
import { isUnreadable } from '../../engine/browse/read-files.ts';
import type { Engine, JobControl } from '../../engine/engine.ts';
import type { BackedUpFile, BackedUpFolder } from '../../protocol/files.ts';
import { commonHelp, type Command, type CommandContext } from '../command.ts';
import { flagOf, invalid, numberOf, pathOf } from '../options/option-values.ts';
import { onlyPartition, partitionLines, partitionsMeant } from '../options/partition-choice.ts';
import { givenPassword, withPassword } from '../options/password.ts';
import { alignColumns } from '../output/table.ts';

export const filesCommand: Command = {
	name: 'files',
	summary: 'List the files in a backup',
	help: `Usage: afterimage files FILE [PATH] [options]

Lists what PATH, a folder or file in the backup, holds: kind, size, time of the last change (UTC), name. Without PATH
the root folder, or the partitions where the backup has several with files. NTFS, FAT, exFAT, ext2 to ext4, XFS and
Btrfs are read, from the structures that the image holds; nothing is mounted and no rights are needed.

  --disk N               Disk of the image, when it holds several
  --partition N          Partition, when several have files
  --recursive            Folders with all they hold
  --password-file F      Password of an encrypted image, in the first line of F
${commonHelp}

Links are shown with what they point to and never followed. Names are told apart by case where their file system does
so. A damaged entry is listed with what is wrong; exit code 6 when there is one.
`,
	options: {
		disk: { type: 'string' },
		partition: { type: 'string' },
		recursive: { type: 'boolean' },
		'password-file': { type: 'string' },
	},
	async run(values, operands, context) {
		const [image, path = ''] = operands;
		if (image === undefined) throw invalid('FILE is missing');
		if (operands.length > 2) throw invalid(`Expected FILE and one PATH, found ${operands.join(' ')}`);
		const asked = {
			disk: numberOf(values, 'disk', { least: 0, such: '0' }),
			partition: numberOf(values, 'partition', { least: 0, such: '1' }),
		};
		const given = givenPassword(pathOf(values, 'password-file'), context.output);
		return withPassword(given, context.signal, (password) =>
			list(image, path, asked, flagOf(values, 'recursive'), password, context),
		);
	},
};

async function list(
	image: string,
	path: string,
	asked: { readonly disk: number | undefined; readonly partition: number | undefined },
	recursive: boolean,
	password: string | undefined,
	{ engine, output, signal }: CommandContext,
): Promise<number> {
	const control: JobControl = { signal, emit: (event) => output.event(event) };
	const meant = await partitionsMeant(image, asked, engine, password, control);
	const readable = meant.filter(({ objection }) => objection === undefined);
	if (path === '' && meant.length > 1 && readable.length !== 1) {
		output.result({ image, partitions: meant }, partitionLines(meant));
		return 0;
	}
	const { disk, partition } = onlyPartition(meant);
	const walk = new Listing(engine, { image, disk, partition }, password, recursive, control);
	const entries = await walk.list(path);
	for (const message of walk.warnings) output.event({ type: 'log', level: 'warning', message });
	output.result({ image, disk, partition, path, entries }, linesOf(entries));
	return entries.some(({ kind }) => kind === 'damaged') ? exitCodeOf('image-damaged') : 0;
}

/** A file of a listing, with its path from the folder that is listed. */
type ListedFile = BackedUpFile & { readonly path: string };

class Listing {
	warnings: readonly string[] = [];
	readonly #engine: Engine;
	readonly #where: { readonly image: string; readonly disk: number; readonly partition: number };
	readonly #password: string | undefined;
	readonly #recursive: boolean;
	readonly #control: JobControl;

	constructor(
		engine: Engine,
		where: { readonly image: string; readonly disk: number; readonly partition: number },
		password: string | undefined,
		recursive: boolean,
		control: JobControl,
	) {
		this.#engine = engine;
		this.#where = where;
		this.#password = password;
		this.#recursive = recursive;
		this.#control = control;
	}

	/** What lies in a folder, or the file itself. */
	async list(path: string): Promise<ListedFile[]> {
		const { entries, warnings } = await this.#engine.statFile(this.#request(path), this.#control);
		this.warnings = warnings;
		const [entry] = entries;
		if (entry !== undefined && entry.kind !== 'folder') return [{ ...entry, path: entry.name }];
		return this.#folder(path, '', await this.#engine.listFiles(this.#request(path), this.#control));
	}

	/** @param above names from the folder that is listed, with a `/` behind them */
	async #folder(path: string, above: string, { entries }: BackedUpFolder): Promise<ListedFile[]> {
		const listed: ListedFile[] = [];
		for (const entry of entries) {
			listed.push({ ...entry, path: `${above}${entry.name}` });
			if (!this.#recursive || entry.kind !== 'folder') continue;
			const inside = `${path}/${entry.name}`;
			try {
				const folder = await this.#engine.listFiles(this.#request(inside), this.#control);
				for (const one of await this.#folder(inside, `${above}${entry.name}/`, folder)) listed.push(one);
			} catch (error) {
				if (!isUnreadable(error)) throw error;
				listed[listed.length - 1] = { ...listed.at(-1)!, kind: 'damaged', note: toErrorRecord(error).message };
			}
		}
		return listed;
	}

	#request(path: string) {
		return { place: { ...this.#where, path }, password: this.#password };
	}
}

function linesOf(entries: readonly ListedFile[]): string[] {
	const rows = entries.map(({ kind, size, modified, path, note }) => [
		kind === 'file' ? '' : kind,
		kind === 'file' ? formatBytes(size) : '',
		modified === undefined ? '' : dateText(modified),
		note === undefined ? path : `${path} ${kind === 'link' ? '->' : '-'} ${note}`,
	]);
	const bytes = entries.reduce((sum, { size }) => sum + size, 0);
	const files = entries.filter(({ kind }) => kind === 'file').length;
	const folders = entries.filter(({ kind }) => kind === 'folder').length;
	const sum = `${counted(files, 'file')} (${formatBytes(bytes)}), ${counted(folders, 'folder')}`;
	return [...alignColumns([['Kind', 'Size', 'Changed (UTC)', 'Name'], ...rows], [1]), sum];
}

/** As ISO 8601 has it, to the second; a time that no calendar has is shown as none. */
function dateText(modified: number): string {
	const date = new Date(modified);
	return Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(0, 19).replace('T', ' ');
}
