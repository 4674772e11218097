import { SubSource } from '../../../base/bytes.ts';
import { AfterimageError, isAfterimageError } from '../../../base/errors.ts';
import { readLuksHeader, type LuksHeader } from '../../../disk/luks/header.ts';
import { logInfo, logWarning, type JobContext } from '../../job-context.ts';
import type { EncryptedPlace } from '../../ports/disk-port.ts';
import type { ChosenPartitions } from '../quiesce/quiesce.ts';
import type { SourceDisk } from './planned-partition.ts';

/** An opened LUKS container whose partition is imaged as well. */
export interface OpenedContainer extends LuksHeader {
	/** Path of what it is opened as. */
	readonly path: string;
}

/** Disks with those of their partitions that are LUKS containers and are imaged opened, too. */
export async function withOpened(sources: readonly SourceDisk[], context: JobContext): Promise<SourceDisk[]> {
	const opened = new Map<SourceDisk, Map<number, OpenedContainer>>();
	for (const inner of sources) {
		const { encrypted } = inner.disk.device;
		if (encrypted === undefined || inner.partitions.length < inner.layout.partitions.length) continue;
		const outer = sources.find((one) => one.disk.device.path === encrypted.disk);
		const partition = outer?.partitions.find(
			({ start, length }) => start === encrypted.start && length === encrypted.length,
		);
		if (outer === undefined || partition === undefined) continue;
		const name = `Partition ${partition.number} of ${encrypted.disk}`;
		try {
			const volume = new SubSource(outer.source, partition.start, partition.length);
			const header = await headerOf(volume, encrypted, inner.disk.size);
			opened.set(
				outer,
				(opened.get(outer) ?? new Map<number, OpenedContainer>()).set(partition.start, {
					...header,
					path: encrypted.path,
				}),
			);
			logInfo(context, `${name} holds ${encrypted.path} encrypted: of it only the header is stored`);
		} catch (error) {
			if (!isAfterimageError(error, 'structure-damaged') && !isAfterimageError(error, 'not-supported')) throw error;
			logWarning(context, `${name} is imaged as it lies there, although ${encrypted.path} is too: ${error.message}`);
		}
	}
	return sources.map((one) => ({ ...one, opened: opened.get(one) ?? one.opened }));
}

/** A disk with those of its partitions whose contents are read from it. */
export function readFromDisk({ disk, partitions, opened }: SourceDisk): ChosenPartitions {
	return { device: disk.device, partitions: partitions.filter(({ start }) => !opened.has(start)) };
}

/** Says of what lies encrypted on its disk that it does not in the image. */
export function warnOfPlainText(sources: readonly SourceDisk[], context: JobContext): void {
	const names = sources
		.filter(({ disk }) => disk.device.isDecrypted === true)
		.map(({ disk: { device } }) => (device.model === '' ? device.path : device.model));
	if (names.length === 0) return;
	logWarning(
		context,
		`What ${names.join(', ')} ${names.length === 1 ? 'holds' : 'hold'} lies encrypted on the disk; the image holds it in plain text`,
		'Give the image a password of its own.',
	);
}

/** @param size of what the container is opened as */
async function headerOf(volume: SubSource, { uuid, path }: EncryptedPlace, size: number): Promise<LuksHeader> {
	const header = await readLuksHeader(volume);
	if (header.uuid.replaceAll('-', '') !== uuid) {
		throw new AfterimageError('not-supported', `its header has the UUID ${header.uuid}, what is opened ${uuid}`);
	}
	// Data sectors of 4 KiB leave a shorter end alone; what is that short belongs to nobody.
	const expected = header.dataEnd - header.dataStart;
	if (size > expected || expected - size >= 4096) {
		throw new AfterimageError('not-supported', `${path} has ${size} bytes: expected ${expected} by its header`);
	}
	return header;
}
