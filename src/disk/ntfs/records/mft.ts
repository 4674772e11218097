import { readBytes, type ByteSource } from '../../../base/bytes.ts';
import { damaged } from '../../../base/errors.ts';
import { attributeTypes, parseAttributes, type Attribute } from './attribute.ts';
import { parseAttributeList, readAttributeList, type AttributeLocation } from './attribute-list.ts';
import type { Geometry } from '../boot-sector.ts';
import { parseRecord, recordFlags, type FileRecord } from './record.ts';
import type { FileReference } from './reference.ts';
import { appendRuns, RunList } from './run-list.ts';
import { checkSizes, extentsOf, isPlain, StreamSource, type MappedStream } from './stream.ts';

/** Records that every volume has, by their number. */
export const systemRecords = {
	mft: 0,
	mftMirror: 1,
	logFile: 2,
	volume: 3,
	root: 5,
	bitmap: 6,
	/** The last of the files that the file system itself needs ($Extend). */
	last: 11,
} as const;

/** A file: its base record and every attribute, those of extent records included. */
export interface NtfsFile {
	readonly record: FileRecord;
	readonly attributes: readonly Attribute[];
}

/** The master file table: reads files by their record number. */
export class Mft {
	readonly #volume: ByteSource;
	readonly #geometry: Geometry;
	readonly #stream: StreamSource;

	private constructor(volume: ByteSource, geometry: Geometry, stream: MappedStream) {
		this.#volume = volume;
		this.#geometry = geometry;
		this.#stream = new StreamSource(volume, geometry.clusterSize, stream);
	}

	/**
	 * Finds all of the $MFT from its first record on. Where it takes several records to map it, each lies in the part
	 * that the records before it map.
	 * @throws AfterimageError `structure-damaged`
	 */
	static async open(volume: ByteSource, geometry: Geometry): Promise<Mft> {
		const { recordSize, clusterSize } = geometry;
		const at = geometry.mftLcn * clusterSize;
		const record = parseRecord(await readBytes(volume, at, recordSize), systemRecords.mft, at);
		if ((record.flags & recordFlags.inUse) === 0 || record.base !== undefined)
			throw damaged('structure-damaged', '$MFT, its own record', at, 'a base record in use', record.flags);
		const own = parseAttributes(record);
		const first = extentsOf(own, attributeTypes.data, '').find((extent) => !extent.resident);
		if (first === undefined) throw damaged('structure-damaged', '$MFT', at, 'a non-resident stream', 'none');
		const runs = new RunList();
		appendRuns(runs, first, geometry.totalClusters);
		const { flags, dataSize, initializedSize } = first;
		const stream = { runs, flags, dataSize, initializedSize, at: first.at };
		const mft = new Mft(volume, geometry, stream);
		const [list] = extentsOf(own, attributeTypes.attributeList, '');
		for (const location of list === undefined ? [] : await laterExtents(list, volume, geometry)) {
			const segment = await mft.#segment(location.segment, record);
			const extent = pick(parseAttributes(segment), location, segment.at);
			if (!extent.resident) appendRuns(runs, extent, geometry.totalClusters);
		}
		checkSizes(runs, first, geometry);
		if (!isPlain(stream)) throw damaged('structure-damaged', '$MFT', at, 'neither compressed nor sparse', stream.flags);
		if (stream.runs.lcns[0] !== geometry.mftLcn)
			throw damaged('structure-damaged', '$MFT, first cluster', at, geometry.mftLcn, stream.runs.lcns[0] ?? 'none');
		const needed = (systemRecords.last + 1) * recordSize;
		if (stream.initializedSize < needed)
			throw damaged('structure-damaged', '$MFT, size', at, `at least ${needed}`, stream.initializedSize);
		return mft;
	}

	/**
	 * A file that is in use.
	 * @throws AfterimageError `structure-damaged` when the record is free, of another file, or damaged, or an extent is
	 */
	async file(reference: FileReference): Promise<NtfsFile> {
		const record = await this.record(reference);
		if (record.base !== undefined)
			throw damaged(
				'structure-damaged',
				'FILE record',
				record.at,
				'a base record',
				`an extent of ${record.base.number}`,
			);
		const own = parseAttributes(record);
		const [list] = extentsOf(own, attributeTypes.attributeList, '');
		if (list === undefined) return { record, attributes: own };
		const bytes = await readAttributeList(list, this.#volume, this.#geometry);
		const segments = new Map<number, { readonly at: number; readonly attributes: Attribute[] }>();
		segments.set(record.number, { at: record.at, attributes: own });
		const attributes: Attribute[] = [list];
		for (const location of parseAttributeList(bytes, list.at)) {
			let segment = segments.get(location.segment.number);
			if (segment === undefined) {
				const extent = await this.#segment(location.segment, record);
				segment = { at: extent.at, attributes: parseAttributes(extent) };
				segments.set(location.segment.number, segment);
			}
			attributes.push(pick(segment.attributes, location, segment.at));
		}
		return { record, attributes };
	}

	async #segment(reference: FileReference, base: FileRecord): Promise<FileRecord> {
		if (reference.number === base.number) return base;
		const record = await this.record(reference);
		if (record.base?.number !== base.number || record.base.sequence !== base.sequence)
			throw damaged(
				'structure-damaged',
				'FILE record, its base',
				record.at,
				`${base.number} (sequence ${base.sequence})`,
				record.base === undefined ? 'none' : `${record.base.number} (sequence ${record.base.sequence})`,
			);
		return record;
	}

	/**
	 * One record that is in use.
	 * @throws AfterimageError `structure-damaged`
	 */
	async record({ number, sequence }: FileReference): Promise<FileRecord> {
		const { recordSize } = this.#geometry;
		const offset = number * recordSize;
		if (offset + recordSize > this.#stream.size)
			throw damaged('structure-damaged', 'FILE record', 0, `inside the $MFT's ${this.#stream.size} bytes`, number);
		const at = this.#stream.locate(offset);
		const record = parseRecord(await readBytes(this.#stream, offset, recordSize), number, at);
		if ((record.flags & recordFlags.inUse) === 0)
			throw damaged('structure-damaged', `FILE record ${number}`, at, 'in use', 'free');
		if (sequence !== 0 && record.sequence !== sequence)
			throw damaged('structure-damaged', `FILE record ${number}, sequence`, at, sequence, record.sequence);
		return record;
	}
}

/** The extents of the $MFT's own data behind the first, in the order of their VCNs. */
async function laterExtents(list: Attribute, volume: ByteSource, geometry: Geometry): Promise<AttributeLocation[]> {
	const bytes = await readAttributeList(list, volume, geometry);
	return parseAttributeList(bytes, list.at)
		.filter(({ type, name, lowestVcn }) => type === attributeTypes.data && name === '' && lowestVcn > 0)
		.sort((a, b) => a.lowestVcn - b.lowestVcn);
}

function pick(attributes: readonly Attribute[], location: AttributeLocation, at: number): Attribute {
	const { type, name, instance, lowestVcn } = location;
	const found = attributes.find(
		(candidate) =>
			candidate.type === type &&
			candidate.name === name &&
			candidate.instance === instance &&
			(candidate.resident ? 0 : candidate.lowestVcn) === lowestVcn,
	);
	if (found === undefined)
		throw damaged(
			'structure-damaged',
			`FILE record ${location.segment.number}`,
			at,
			`attribute 0x${type.toString(16)} number ${instance} from VCN ${lowestVcn}`,
			'none',
		);
	return found;
}
