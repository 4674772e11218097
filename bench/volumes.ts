import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	renameSync,
	rmSync,
	truncateSync,
	closeSync,
	openSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFileTrees, type FileTrees } from './files.ts';
import { sh } from './shell.ts';

/** `xfs-16t`: the same files on a sparse partition of 16 TiB (less 1 MiB, the largest file that ext4 takes), one day only. */
export const fileSystems = ['ext4', 'ntfs', 'fat32', 'xfs-16t'] as const;
export type FileSystemName = (typeof fileSystems)[number];

/** A partition as a raw file, on two days. */
export interface Volume {
	readonly fileSystem: FileSystemName;
	readonly day1: string;
	readonly day2: string;
}

export interface CorpusSize {
	/** Bytes of the partition. */
	readonly volume: number;
	/** Bytes of the files on it. */
	readonly files: number;
	/** Bytes of the files that are different on the second day. */
	readonly changed: number;
}

/** Makes what is not there yet below `cache`: needs root for mounts of ext4 and NTFS; FAT is filled by mtools. */
export function makeVolumes(cache: string, size: CorpusSize, wanted: readonly FileSystemName[]): Volume[] {
	const folder = join(
		cache,
		[size.volume, size.files, size.changed].map((bytes) => Math.round(bytes / 2 ** 20)).join('-'),
	);
	mkdirSync(folder, { recursive: true });
	let trees: FileTrees | undefined;
	const made = wanted.map((fileSystem) => {
		const volume = {
			fileSystem,
			day1: join(folder, `${fileSystem}-day1.img`),
			day2: join(folder, `${fileSystem}-day2.img`),
		};
		if (!existsSync(volume.day2)) {
			trees ??= makeFileTrees(mkdtempSync(join(tmpdir(), 'afterimage-files-')), size.files, size.changed);
			makeDay(volume.day1, (image) => {
				closeSync(openSync(image, 'w'));
				truncateSync(image, fileSystem === 'xfs-16t' ? 2 ** 44 - 2 ** 20 : size.volume);
				format[fileSystem](image);
				fill(fileSystem, image, trees!.day1);
			});
			makeDay(volume.day2, (image) => {
				if (fileSystem === 'xfs-16t') return closeSync(openSync(image, 'w'));
				sh(`cp --sparse=always '${volume.day1}' '${image}'`);
				fill(fileSystem, image, trees!.day2);
			});
		}
		return volume;
	});
	if (trees !== undefined) rmSync(join(trees.day1, '..'), { recursive: true });
	return made;
}

/** A volume that could not be finished never bears its name. */
function makeDay(path: string, make: (image: string) => void): void {
	if (existsSync(path)) return;
	make(`${path}.part`);
	renameSync(`${path}.part`, path);
}

const format: Readonly<Record<FileSystemName, (image: string) => void>> = {
	ext4: (image) => sh(`mkfs.ext4 -q -F '${image}'`),
	ntfs: (image) => sh(`mkntfs -q -Q -F '${image}' 2>&1`),
	'xfs-16t': (image) => sh(`mkfs.xfs -q -f -l size=64m '${image}'`),
	fat32: (image) => sh(`mkfs.fat -F 32 '${image}'`),
};

function fill(fileSystem: FileSystemName, image: string, tree: string): void {
	if (fileSystem === 'fat32') {
		for (const name of readdirSync(tree))
			sh(`mcopy -s -Q -D o -D O -i '${image}' '${join(tree, name)}' ::/ < /dev/null`);
		return;
	}
	const mountPoint = `${image}.mount`;
	mkdirSync(mountPoint);
	sh(
		fileSystem !== 'ntfs'
			? `mount -o loop '${image}' '${mountPoint}'`
			: `ntfs-3g -o big_writes '${image}' '${mountPoint}'`,
	);
	try {
		sh(`cp -r '${tree}/.' '${mountPoint}/' && sync -f '${mountPoint}'`);
	} finally {
		sh(`umount '${mountPoint}'`);
		rmSync(mountPoint, { recursive: true });
	}
}
