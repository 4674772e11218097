import { throwIfAborted } from '../../base/abort.ts';
import type { ByteSource } from '../../base/bytes.ts';
import { AfterimageError } from '../../base/errors.ts';
import { uuidFromBytes } from '../../base/guid.ts';
import { asDamage } from '../as-damage.ts';
import type { FileSystem, FileSystemDriver, FileSystemInfo, OpenOptions, UsedSink } from '../filesystem.ts';
import { countFreeBlocks, readGroup } from './agf.ts';
import { unsupportedReason } from './features.ts';
import { openXfsFiles } from './files/file-tree.ts';
import { walkFreeSpace } from './free-space.ts';
import { fileGeometry } from './geometry.ts';
import { logArea, type LogArea } from './log-area.ts';
import { logState } from './log.ts';
import { readSuperblock, type XfsVolume } from './superblock.ts';

/**
 * XFS, versions 4 and 5. Used is what the free-space trees of the allocation groups do not list as free: the log, the
 * free lists and the trees themselves included. The trees are believed only when the log has nothing to replay into
 * them: after a clean unmount, or frozen with a log that changes the superblock alone.
 */
export const xfsDriver: FileSystemDriver = {
	name: 'XFS',
	async open(source, options) {
		const volume = await readSuperblock(source);
		return volume === undefined ? undefined : openVolume(source, volume, options);
	},
};

async function openVolume(source: ByteSource, volume: XfsVolume, options: OpenOptions): Promise<FileSystem> {
	const { sb } = volume;
	let dirty = unsupportedReason(volume);
	let freeBlocks = sb.fdblocks;
	let log: LogArea | undefined;
	if (dirty === undefined && volume.size > source.size) {
		dirty = `the file system (${volume.size} bytes) is longer than its partition (${source.size} bytes)`;
	}
	if (dirty === undefined) {
		try {
			log = logArea(source, volume);
			const state = await logState(log, volume, options.signal);
			dirty = logReason(state, options.frozen === true);
			// A frozen superblock leaves the reserve for the worst case out of its count; the groups' headers are exact.
			if (dirty === undefined && state === 'covered')
				freeBlocks = await countFreeBlocks(source, volume, options.signal);
		} catch (error) {
			dirty = asDamage(error).message;
		}
	}
	const size = Math.min(volume.size, source.size);
	const free = Math.min(freeBlocks * sb.blocksize, size);
	const info: FileSystemInfo = {
		type: 'XFS',
		label: new TextDecoder().decode(sb.fname).replace(/\0.*$/s, ''),
		uuid: uuidFromBytes(sb.uuid),
		size,
		used: size - free,
		free,
		clusterSize: sb.blocksize,
		totalClusters: sb.dblocks,
		freeClusters: freeBlocks,
		dirty,
		reservedBytes: 0,
	};
	return {
		info,
		async collectUsed(sink, signal) {
			if (dirty !== undefined || log === undefined) sink.add(0, source.size);
			else await collectUsed(source, volume, log, sink, signal);
		},
		openFiles: async () => openXfsFiles(fileGeometry(source, volume)),
	};
}

function logReason(state: 'clean' | 'covered' | 'dirty', frozen: boolean): string | undefined {
	if (state === 'clean' || (state === 'covered' && frozen)) return undefined;
	if (frozen) return 'the XFS log holds changes that the freeze did not bring to their places';
	return 'the XFS log is not clean: the file system is mounted, or was not unmounted (mounting it once replays the log)';
}

async function collectUsed(
	source: ByteSource,
	volume: XfsVolume,
	log: LogArea,
	sink: UsedSink,
	signal: AbortSignal | undefined,
): Promise<void> {
	const { blocksize, agcount, logblocks } = volume.sb;
	const logEnd = log.offset + logblocks * blocksize;
	for (let number = 0; number < agcount; number++) {
		throwIfAborted(signal);
		const group = await readGroup(source, volume, number);
		let used = group.start;
		const onFree = (start: number, count: number) => {
			const from = group.start + start * blocksize;
			const to = from + count * blocksize;
			if (from < logEnd && to > log.offset) {
				throw new AfterimageError(
					'structure-damaged',
					`XFS group ${number} lists the log (byte ${log.offset}) as free`,
				);
			}
			sink.add(used, from);
			used = to;
		};
		await walkFreeSpace(source, volume, group, onFree, signal);
		sink.add(used, group.start + group.blocks * blocksize);
	}
	// Whatever follows the file system in its partition is not known to be free.
	if (source.size > volume.size) sink.add(volume.size, source.size);
}
