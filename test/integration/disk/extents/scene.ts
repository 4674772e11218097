import { recogniseFileSystem } from '../../../../src/disk/recognise.ts';
import { recognisePartition } from '../../../../src/disk/recognise-partition.ts';
import { fileSource } from '../../../support/byte-files.ts';
import { run } from '../../../support/run.ts';
import { decompressors, walkTree } from '../../../support/walk-tree.ts';

/** Bytes of a volume; the end is exclusive. */
export type Range = readonly [start: number, end: number];

export type Extents = ReadonlyMap<string, readonly Range[]>;

/** All bytes of the ranges, in ascending order and each once. @param unit bytes that lengths are rounded up to */
export function union(ranges: Iterable<Range>, unit = 1): Range[] {
	const joined: [number, number][] = [];
	for (const [start, exact] of [...ranges].sort((a, b) => a[0] - b[0])) {
		const end = start + Math.ceil((exact - start) / unit) * unit;
		const last = joined.at(-1);
		if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
		else joined.push([start, end]);
	}
	return joined;
}

/** What the product tells of every file and folder of a volume, the root (an empty path) among them. */
export async function toldExtents(image: string): Promise<Extents> {
	const source = await fileSource(image);
	try {
		const { fileSystem = (await recognisePartition(source)).fileSystem } = await recogniseFileSystem(source);
		const tree = await fileSystem!.openFiles!({ decompressors });
		const told = new Map<string, Range[]>();
		const tell = async (path: string, node: typeof tree.root) => {
			const ranges: Range[] = [];
			await node.collectExtents({ add: (start, end) => void ranges.push([start, end]) });
			told.set(path, ranges);
		};
		await tell('', tree.root);
		await walkTree(tree, async (path, node) => {
			if (node.kind === 'file' || node.kind === 'folder') await tell(path, node as typeof tree.root);
		});
		return told;
	} finally {
		await source.close();
	}
}

/** What the kernel tells of files by FIEMAP: extents that were written, by path, in blocks of `blockSize` bytes. */
export async function filefrag(paths: readonly string[], blockSize: number): Promise<Extents> {
	const { stdout } = await run('filefrag', ['-v', `-b${blockSize}`, ...paths]);
	const found = new Map<string, Range[]>();
	let ranges: Range[] = [];
	for (const line of stdout.split('\n')) {
		const path = /^File size of (.*) is \d+ \(/.exec(line)?.[1];
		if (path !== undefined) found.set(path, (ranges = []));
		const match = /^ *\d+: +\d+\.\. *\d+: +(\d+)\.\. *(\d+): +\d+:(.*)$/.exec(line);
		if (match === null || /unwritten|inline/.test(match[3]!)) continue;
		ranges.push([Number(match[1]) * blockSize, (Number(match[2]) + 1) * blockSize]);
	}
	return found;
}
