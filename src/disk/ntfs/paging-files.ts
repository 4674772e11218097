import { readBytes, type ByteSource } from '../../base/bytes.ts';
import { damaged } from '../../base/errors.ts';
import { attributeTypes } from './records/attribute.ts';
import type { Geometry } from './boot-sector.ts';
import { directoryEntries } from './folders/directory.ts';
import { systemRecords, type Mft, type NtfsFile } from './records/mft.ts';
import { recordFlags } from './records/record.ts';
import { extentsOf, isPlain, mapStream, StreamSource, type MappedStream } from './records/stream.ts';

/** Files in the root whose contents Windows makes anew: an image keeps the files without what is in them. */
export const pagingFileNames = ['pagefile.sys', 'hiberfil.sys', 'swapfile.sys'] as const;

export interface PagingFile {
	readonly name: (typeof pagingFileNames)[number];
	readonly stream: MappedStream;
	/** A file of one name whose clusters are its bytes: an image may leave them out. */
	readonly plain: boolean;
}

/**
 * The paging and hibernation files in the root directory, by their exact names, as far as their data is non-resident.
 * @throws AfterimageError `structure-damaged` when the root directory or one of the files cannot be read; `cancelled`
 */
export async function findPagingFiles(
	volume: ByteSource,
	geometry: Geometry,
	mft: Mft,
	signal: AbortSignal | undefined,
): Promise<PagingFile[]> {
	const root = await mft.file({ number: systemRecords.root, sequence: 0 });
	const found = new Map<string, PagingFile>();
	for await (const entry of directoryEntries(root, volume, geometry, signal)) {
		const name = pagingFileNames.find((candidate) => candidate === entry.name);
		if (name === undefined) continue;
		const file = await mft.file(entry.file);
		if (found.has(name) || entry.parent.number !== systemRecords.root)
			throw damaged('structure-damaged', `Root directory, ${name}`, file.record.at, 'one entry', 'another');
		const extents = extentsOf(file.attributes, attributeTypes.data, '');
		const mapped = extents.filter((extent) => !extent.resident);
		if (mapped.length === 0) continue;
		const stream = mapStream(mapped, geometry);
		found.set(name, { name, stream, plain: mapped.length === extents.length && isPlain(stream) && isOrdinary(file) });
	}
	return [...found.values()];
}

function isOrdinary({ record, attributes }: NtfsFile): boolean {
	return (
		record.linkCount === 1 &&
		(record.flags & recordFlags.directory) === 0 &&
		extentsOf(attributes, attributeTypes.reparsePoint, '').length === 0
	);
}

/** Bytes at the start of hiberfil.sys that say whether Windows resumes from it. */
export const hibernationHeaderBytes = 4096;

/**
 * Whether a hibernated Windows waits in hiberfil.sys, with its caches of this volume: `hibr`, a resume cut short (`rstr`),
 * or a hibernation meant to be resumed many times (`HORM`). After a resume Windows writes `wake` or zeros there.
 */
export async function isHibernated(
	files: readonly PagingFile[],
	volume: ByteSource,
	clusterSize: number,
): Promise<boolean> {
	const file = files.find(({ name }) => name === 'hiberfil.sys');
	if (file === undefined || file.stream.dataSize < hibernationHeaderBytes) return false;
	const source = new StreamSource(volume, clusterSize, file.stream);
	const magic = String.fromCharCode(...(await readBytes(source, 0, 4))).toLowerCase();
	return magic === 'hibr' || magic === 'rstr' || magic === 'horm';
}
