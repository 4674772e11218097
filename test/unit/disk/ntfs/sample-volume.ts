import {
	attributeListValue,
	fileRecord,
	indexBlock,
	indexNode,
	indexRoot,
	nonResident,
	reference,
	resident,
	unprotect,
	protect,
	utf16,
	type NameEntry,
	type RecordShape,
	type Run,
} from './sample-records.ts';

export interface SampleFile {
	/** 16 or more. */
	readonly record: number;
	readonly name: string;
	readonly runs: readonly Run[];
	readonly flags?: number;
	readonly links?: number;
	/** What its first cluster begins with. */
	readonly start?: string;
	/** Of its entry in the root directory. */
	readonly namespace?: number;
	readonly parent?: bigint;
	/** Attributes beside its data. */
	readonly more?: readonly Uint8Array[];
	/** Another shape of the record altogether. */
	readonly shape?: RecordShape;
}

export interface SampleShape {
	readonly clusterSize?: number;
	readonly recordSize?: number;
	readonly label?: string;
	readonly volumeFlags?: number;
	readonly log?: readonly Uint8Array[];
	readonly files?: readonly SampleFile[];
	/** Names in an INDX block below the root node; the others stand in the root node. */
	readonly below?: readonly string[];
	/** Maps $Bitmap from an extent record, through an attribute list of that kind. */
	readonly bitmapList?: 'resident' | 'non-resident';
	/** Puts the second half of the $MFT elsewhere, mapped from record 15 through an attribute list. */
	readonly splitMft?: boolean;
	/** Clusters that the bitmap has in use beside those of files. */
	readonly extraUsed?: readonly number[];
	readonly initializedBitmap?: number;
}

export interface SampleVolume {
	readonly image: Uint8Array;
	readonly clusterSize: number;
	readonly clusters: number;
	/** Clusters that the bitmap has in use. */
	readonly used: ReadonlySet<number>;
	/** Byte where a FILE record lies. */
	recordAt(number: number): number;
	/** Changes a record with its fixups undone, and protects it again; the copy in $MFTMirr stays. */
	edit(number: number, change: (record: DataView) => void): void;
	setUsed(cluster: number, used: boolean): void;
}

/** Where the parts of the sample lie, in clusters. */
export const place = {
	mft: 1000,
	mirror: 1300,
	bitmap: 1400,
	bitmapTail: 1410,
	list: 1420,
	log: 1500,
	root: 1700,
	mftTail: 1800,
	files: 2000,
} as const;
/** Enough for a bitmap of two clusters of 512 bytes; a multiple of 8 it is not. */
export const sampleClusters = 6001;
const logBytes = 65536;
const records = 32;

/** A whole small NTFS volume in memory: boot sector, system files, a root directory with the files asked for. */
export function sampleVolume(shape: SampleShape = {}): SampleVolume {
	const { clusterSize = 512, recordSize = 1024 } = shape;
	const image = new Uint8Array(sampleClusters * clusterSize + 512);
	const used = new Set<number>([...(shape.extraUsed ?? [])]);
	const own = (runs: readonly Run[]): readonly Run[] => {
		for (const { lcn, length } of runs) for (let i = 0; lcn !== undefined && i < length; i++) used.add(lcn + i);
		return runs;
	};
	const clustersFor = (bytes: number) => Math.ceil(bytes / clusterSize);

	const mftClusters = clustersFor(records * recordSize);
	const half = Math.ceil(mftClusters / 2);
	const mftRuns: Run[] = shape.splitMft
		? [
				{ lcn: place.mft, length: half },
				{ lcn: place.mftTail, length: mftClusters - half },
			]
		: [{ lcn: place.mft, length: mftClusters }];
	own(mftRuns);
	const recordAt = (number: number) => {
		const cluster = Math.floor((number * recordSize) / clusterSize);
		const lcn = cluster < mftRuns[0]!.length ? place.mft + cluster : place.mftTail + cluster - mftRuns[0]!.length;
		return lcn * clusterSize + ((number * recordSize) % clusterSize);
	};
	const put = (number: number, record: RecordShape) =>
		image.set(fileRecord(number, recordSize, record), recordAt(number));
	const stream = (runs: readonly Run[], more: object = {}) =>
		nonResident(0x80, { runs: own(runs), clusterSize, ...more });

	for (let number = 0; number < records; number++) put(number, { attributes: [], inUse: number < 16 });
	const mftSize = { dataSize: records * recordSize, allClusters: mftClusters };
	if (shape.splitMft) {
		const list = attributeListValue([
			{ type: 0x80, record: reference(0), instance: 1 },
			{ type: 0x80, record: reference(15), lowestVcn: half, instance: 3 },
		]);
		put(0, { attributes: [resident(0x20, list), stream(mftRuns.slice(0, 1), { ...mftSize, instance: 1 })] });
		put(15, { base: reference(0), attributes: [stream(mftRuns.slice(1), { lowestVcn: half, instance: 3 })] });
	} else {
		put(0, { attributes: [stream(mftRuns, mftSize)] });
	}
	put(1, {
		attributes: [stream([{ lcn: place.mirror, length: clustersFor(4 * recordSize) }], { dataSize: 4 * recordSize })],
	});
	put(2, { attributes: [stream([{ lcn: place.log, length: clustersFor(logBytes) }], { dataSize: logBytes })] });
	const information = new Uint8Array(12);
	information[8] = 3;
	information[9] = 1;
	new DataView(information.buffer).setUint16(10, shape.volumeFlags ?? 0, true);
	put(3, { attributes: [resident(0x60, utf16(shape.label ?? 'Sample')), resident(0x70, information)] });
	put(7, { attributes: [stream([{ lcn: 0, length: clustersFor(8192) }], { dataSize: 8192 })] });
	put(8, {
		attributes: [nonResident(0x80, { runs: [{ lcn: undefined, length: sampleClusters }], clusterSize, name: '$Bad' })],
	});

	const files = shape.files ?? [];
	for (const file of files) {
		const attributes = [
			...(file.more ?? []),
			nonResident(0x80, { runs: own(file.runs), clusterSize, flags: file.flags ?? 0 }),
		];
		put(file.record, file.shape ?? { attributes, links: file.links ?? 1 });
		const lcn = file.runs[0]?.lcn;
		if (lcn !== undefined) image.set(Buffer.from(file.start ?? '\0'), lcn * clusterSize);
	}
	const entry = ({ name, record, namespace = 1, parent = reference(5) }: SampleFile): NameEntry => ({
		name,
		file: reference(record),
		namespace,
		parent,
	});
	const below = files.filter(({ name }) => shape.below?.includes(name));
	const top = files.filter((file) => !below.includes(file));
	const root = [
		resident(0x90, indexRoot(indexNode(top.map(entry), shape.below === undefined ? undefined : 0), 4096), '$I30'),
	];
	if (shape.below !== undefined) {
		const runs = own([{ lcn: place.root, length: clustersFor(4096) }]);
		root.push(nonResident(0xa0, { runs, clusterSize, name: '$I30' }));
		root.push(resident(0xb0, Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0), '$I30'));
		image.set(indexBlock(0, 4096, below.map(entry)), place.root * clusterSize);
	}
	put(5, { directory: true, attributes: root });

	const bitmapBytes = Math.ceil(sampleClusters / 64) * 8;
	const bitmapSizes = { dataSize: bitmapBytes, initializedSize: shape.initializedBitmap ?? bitmapBytes };
	const bitmapClusters = clustersFor(bitmapBytes);
	if (shape.bitmapList === undefined) {
		put(6, { attributes: [stream([{ lcn: place.bitmap, length: bitmapClusters }], bitmapSizes)] });
	} else {
		// Its first cluster and the rest lie apart, each mapped from a record of its own.
		const list = attributeListValue([
			{ type: 0x80, record: reference(12), instance: 2 },
			{ type: 0x80, record: reference(13), lowestVcn: 1, instance: 5 },
		]);
		if (shape.bitmapList === 'resident') {
			put(6, { attributes: [resident(0x20, list)] });
		} else {
			image.set(list, place.list * clusterSize);
			const runs = own([{ lcn: place.list, length: 1 }]);
			put(6, { attributes: [nonResident(0x20, { runs, clusterSize, dataSize: list.length })] });
		}
		const head = { ...bitmapSizes, allClusters: bitmapClusters, instance: 2 };
		put(12, { base: reference(6), attributes: [stream([{ lcn: place.bitmap, length: 1 }], head)] });
		const rest = [{ lcn: place.bitmapTail, length: bitmapClusters - 1 }];
		put(13, { base: reference(6), attributes: [stream(rest, { lowestVcn: 1, instance: 5 })] });
	}

	const setUsed = (cluster: number, isUsed: boolean) => {
		const byte = cluster >>> 3;
		const apart = shape.bitmapList !== undefined && byte >= clusterSize;
		const at = apart ? place.bitmapTail * clusterSize + byte - clusterSize : place.bitmap * clusterSize + byte;
		if (isUsed) image[at]! |= 1 << (cluster & 7);
		else image[at]! &= ~(1 << (cluster & 7));
	};
	for (const cluster of used) setUsed(cluster, true);
	// What is behind the last cluster is set, as Windows does it; it must count for nothing.
	for (let cluster = sampleClusters; cluster < bitmapBytes * 8; cluster++) setUsed(cluster, true);

	const log = image.subarray(place.log * clusterSize, place.log * clusterSize + logBytes);
	log.fill(0xff);
	let at = 0;
	for (const page of shape.log ?? []) {
		log.set(page, at);
		at += page.length;
	}
	for (let number = 0; number < 4; number++)
		image.set(
			image.subarray(recordAt(number), recordAt(number) + recordSize),
			place.mirror * clusterSize + number * recordSize,
		);
	image.set(bootSector(clusterSize, recordSize), 0);
	image.set(image.subarray(0, 512), image.length - 512);

	const edit = (number: number, change: (record: DataView) => void) => {
		const record = image.subarray(recordAt(number), recordAt(number) + recordSize);
		unprotect(record);
		change(new DataView(record.buffer, record.byteOffset, record.length));
		protect(record, 'FILE', 0x30);
	};
	return { image, clusterSize, clusters: sampleClusters, used, recordAt, edit, setUsed };
}

function bootSector(clusterSize: number, recordSize: number): Uint8Array {
	const bytes = new Uint8Array(512);
	const out = new DataView(bytes.buffer);
	const sectors = clusterSize / 512;
	bytes.set(Buffer.from('\xeb\x52\x90NTFS    ', 'latin1'), 0);
	out.setUint16(0x0b, 512, true);
	out.setUint8(0x0d, sectors <= 128 ? sectors : 256 - Math.log2(sectors));
	out.setUint8(0x15, 0xf8);
	out.setBigUint64(0x28, BigInt(sampleClusters * sectors), true);
	out.setBigUint64(0x30, BigInt(place.mft), true);
	out.setBigUint64(0x38, BigInt(place.mirror), true);
	out.setInt8(0x40, -Math.log2(recordSize));
	out.setInt8(0x44, -12);
	out.setBigUint64(0x48, 0x0123_4567_89ab_cdefn, true);
	out.setUint16(0x1fe, 0xaa55, true);
	return bytes;
}
