import * as vscode from 'vscode';
import { largestFilePiece, type BackedUpFile, type FilePlace } from '../../protocol/files.ts';
import { formatBytes } from '../l10n.ts';
import { nameOf, parseAddress, type ImageAddress } from './address.ts';
import type { BackedUpFiles } from './backed-up-files.ts';
import { partitionsInOrder } from './file-order.ts';
import { problemOf } from './file-problem.ts';

/** Largest file that is opened, in bytes: VS Code takes a file of a provider as a whole, into the memory of two processes. */
const largestOpened = 512 * 1024 * 1024;

/** What a file system of VS Code answers where files can only be read. */
export type ReadableFileSystem = Pick<vscode.FileSystemProvider, 'stat' | 'readDirectory' | 'readFile'>;

const types: Readonly<Record<BackedUpFile['kind'], vscode.FileType>> = {
	file: vscode.FileType.File,
	folder: vscode.FileType.Directory,
	link: vscode.FileType.SymbolicLink,
	special: vscode.FileType.Unknown,
	damaged: vscode.FileType.Unknown,
};

/** The files of backups as a file system of VS Code: partitions are the folders of an image, named `<disk>-<partition>`. */
export function imageFileSystem(files: BackedUpFiles): ReadableFileSystem {
	return {
		stat: (uri) =>
			explained(uri, async () => {
				const address = addressOf(uri);
				if (address.kind === 'backup') await files.partitions(address.image);
				return address.kind === 'backup' ? folderStat : statOf(await files.stat(address.place));
			}),
		readDirectory: (uri) =>
			explained(uri, async () => {
				const address = addressOf(uri);
				if (address.kind === 'backup') {
					return partitionsInOrder(await files.partitions(address.image))
						.filter(({ objection }) => objection === undefined)
						.map(({ disk, partition }) => [`${disk}-${partition}`, vscode.FileType.Directory]);
				}
				const { entries } = await files.list(address.place);
				return entries.map(({ name, kind }) => [name, types[kind]]);
			}),
		readFile: (uri) =>
			explained(uri, async () => {
				const address = addressOf(uri);
				if (address.kind === 'backup') throw vscode.FileSystemError.FileIsADirectory(uri);
				const file = await files.stat(address.place);
				if (file.kind === 'folder') throw vscode.FileSystemError.FileIsADirectory(uri);
				if (file.kind !== 'file') throw vscode.FileSystemError.Unavailable(whyUnreadable(file));
				return readWhole(files, address.place);
			}),
	};
}

const folderStat: vscode.FileStat = {
	type: vscode.FileType.Directory,
	ctime: 0,
	mtime: 0,
	size: 0,
	permissions: vscode.FilePermission.Readonly,
};

function statOf({ kind, size, modified = 0 }: BackedUpFile): vscode.FileStat {
	return { ...folderStat, type: types[kind], ctime: modified, mtime: modified, size };
}

function addressOf(uri: vscode.Uri): ImageAddress {
	const address = parseAddress(uri);
	if (address === undefined) throw vscode.FileSystemError.FileNotFound(uri);
	return address;
}

function whyUnreadable(file: BackedUpFile): string {
	const note = file.note ?? '';
	if (file.kind === 'link') return vscode.l10n.t('{0} is a link to {1}', file.name, note);
	if (file.kind === 'damaged') return vscode.l10n.t('{0} is damaged: {1}', file.name, note);
	return vscode.l10n.t('{0} has no contents of its own: {1}', file.name, note);
}

async function readWhole(files: BackedUpFiles, place: FilePlace): Promise<Uint8Array> {
	const first = await files.read(place, 0, largestFilePiece);
	if (first.size > largestOpened) {
		throw vscode.FileSystemError.Unavailable(
			vscode.l10n.t(
				'{0} has {1}, more than the {2} that are opened here. Extract it instead: Extract… in the view Files in Backup.',
				nameOf(place.path),
				formatBytes(first.size),
				formatBytes(largestOpened),
			),
		);
	}
	const whole = Buffer.alloc(first.size);
	let at = 0;
	for (let piece = first; ; piece = await files.read(place, at, largestFilePiece)) {
		const bytes = Buffer.from(piece.bytes, 'base64');
		bytes.copy(whole, at);
		at += bytes.length;
		if (at >= first.size) return whole;
		if (bytes.length === 0) {
			const ended = vscode.l10n.t('{0} ended after {1} of {2} bytes', nameOf(place.path), at, first.size);
			throw vscode.FileSystemError.Unavailable(ended);
		}
	}
}

/** Failures become those of a file system, in the words of the engine. */
async function explained<T>(uri: vscode.Uri, action: () => Promise<T>): Promise<T> {
	try {
		return await action();
	} catch (error) {
		if (error instanceof vscode.FileSystemError) throw error;
		const { kind, text } = problemOf(error);
		throw vscode.FileSystemError[kind](`${nameOf(uri.path)}: ${text}`);
	}
}
