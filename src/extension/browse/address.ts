import type { FilePlace } from '../../protocol/files.ts';

/** Scheme of the addresses under which VS Code opens files of backups. */
export const imageScheme = 'afterimage-image';

/** The parts of an address that are ours to fill, as `vscode.Uri` has them, not encoded. */
export interface AddressParts {
	/** Server of a Windows share; empty for everything else. */
	readonly authority: string;
	readonly path: string;
}

/** What an address leads to: the backup with its partitions as folders, or a place in one of them. */
export type ImageAddress =
	{ readonly kind: 'backup'; readonly image: string } | { readonly kind: 'place'; readonly place: FilePlace };

/** The image file ends at the first `.mrimgx!`; a name in the backup may hold another. */
const partsPattern = /^(.*?\.mrimgx)!(?:\/(.*))?$/is;
const partitionPattern = /^(\d{1,5})-(\d{1,5})$/;

/** Address of the backup itself. @param windows whether paths of files are those of Windows */
export function backupAddress(image: string, windows = process.platform === 'win32'): AddressParts {
	const { authority, path } = windows ? fromWindows(image) : { authority: '', path: image };
	return { authority, path: `${path}!/` };
}

/** `…/x.mrimgx!/0-2/etc/fstab`, for whatever lies in a backup. */
export function placeAddress(place: FilePlace, windows?: boolean): AddressParts {
	const { authority, path } = backupAddress(place.image, windows);
	const names = [`${place.disk}-${place.partition}`, ...namesIn(place.path)];
	return { authority, path: path + names.join('/') };
}

/** What an address says; undefined when it is none that this module makes. */
export function parseAddress(
	{ authority, path }: AddressParts,
	windows = process.platform === 'win32',
): ImageAddress | undefined {
	const [, file, rest = ''] = partsPattern.exec(path) ?? [];
	if (file === undefined) return undefined;
	const image = windows ? toWindows(authority, file) : file;
	const [first, ...names] = namesIn(rest);
	if (first === undefined) return { kind: 'backup', image };
	const [, disk, partition] = partitionPattern.exec(first) ?? [];
	if (disk === undefined) return undefined;
	return { kind: 'place', place: { image, disk: Number(disk), partition: Number(partition), path: names.join('/') } };
}

/** The names of a path in a backup, from the root. */
export function namesIn(path: string): string[] {
	return path.split('/').filter((name) => name !== '');
}

/** Last name of a path in a backup; empty for the root. */
export function nameOf(path: string): string {
	return namesIn(path).at(-1) ?? '';
}

/** `C:\x` becomes `/C:/x`, `\\server\share\x` a path of that server. */
function fromWindows(file: string): AddressParts {
	const slashes = file.replaceAll('\\', '/');
	const [, server, path] = /^\/\/([^/]+)(\/.*)$/s.exec(slashes) ?? [];
	return server === undefined ? { authority: '', path: `/${slashes}` } : { authority: server, path: path! };
}

function toWindows(authority: string, path: string): string {
	const file = authority === '' ? path.replace(/^\/(?=[A-Za-z]:)/, '') : `//${authority}${path}`;
	return file.replaceAll('/', '\\');
}
