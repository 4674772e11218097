import { isPathTo, numbersOfName } from './file-name.ts';
import type { Manifest, ManifestEncryption, ManifestHeader } from '../manifest.ts';
import { partitionIdentity, type DiskIdentities, type PartitionIdentity } from './partition-identity.ts';
import type { ImageTail } from '../reader.ts';

/** A file of a backup set, as its tail describes it. */
export interface SetMember {
	readonly name: string;
	readonly path: string;
	/** Bytes. */
	readonly size: number;
	/** Byte where data blocks end at the latest. */
	readonly dataEnd: number;
	readonly header: ManifestHeader;
	readonly compressionLevel: Manifest['_compression']['compression_level'];
	readonly encryption: ManifestEncryption;
	/** Of each disk its partitions, in the order of `$JSON`. */
	readonly disks: DiskIdentities;
	/** Of each disk what its partitions are to people, as far as they are anything: `C: Windows`, `EFI`, `ext`. */
	readonly contents: readonly (readonly string[])[];
	/** Files that the set had when this one was written: path by file number. */
	readonly history: ReadonlyMap<number, string>;
	readonly comment: string;
	/** Path of the definition that made it; empty when there was none. */
	readonly definitionFile: string;
}

/** What the partitions of a disk in an image are known by, in the order of `$JSON`. */
export function storedIdentities({ _header, partitions }: Manifest['disks'][number]): PartitionIdentity[] {
	return partitions.map(({ _geometry, _file_system }) =>
		partitionIdentity(_header.disk_signature, _geometry.start, _file_system.volume_guid),
	);
}

export function memberOf(name: string, path: string, tail: ImageTail): SetMember {
	const { manifest } = tail;
	const history = manifest.disks[0]?.partitions[0]?._header.file_history ?? [];
	return {
		name,
		path,
		size: tail.size,
		dataEnd: tail.dataEnd,
		header: manifest._header,
		compressionLevel: manifest._compression.compression_level,
		encryption: manifest._encryption,
		disks: manifest.disks.map(storedIdentities),
		contents: manifest.disks.map(({ partitions }) => partitions.map(contentOf).filter((name) => name !== '')),
		history: new Map(history.map((entry) => [entry.file_number, entry.file_name])),
		comment: manifest._auxiliary_data.backup_definition.comment,
		definitionFile: manifest._auxiliary_data.backup_definition.backup_definition_file,
	};
}

/** Drive letter and label; without a label the file system, where the format has a name for it. */
function contentOf({ _file_system }: Manifest['disks'][number]['partitions'][number]): string {
	const { drive_letter: letter, volume_label: label, type } = _file_system;
	const name = String.fromCharCode(letter);
	const drive = /^[A-Z]$/i.test(name) ? `${name}:` : '';
	return [drive, label.trim() || (type === 'unknown' ? '' : type)].filter((part) => part !== '').join(' ');
}

/** Whether the file has the name under which the set knows it, and is no copy that somebody made under another. */
export function bearsOwnName({ name, header, history }: SetMember): boolean {
	const known = history.get(header.file_number);
	return known === undefined ? numbersOfName(name)?.fileNumber === header.file_number : isPathTo(known, name);
}

/** Every file number that the file stands for: its own, then those that it has absorbed. */
export function numbersOf(member: SetMember): number[] {
	return [member.header.file_number, ...member.header.merged_files];
}
