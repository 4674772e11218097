import { throwIfAborted } from '../base/abort.ts';
import type { ByteSource } from '../base/bytes.ts';
import { isAfterimageError } from '../base/errors.ts';
import { btrfsDriver } from './btrfs/driver.ts';
import { containerByPartitionType } from './container/by-partition-type.ts';
import { findContainer } from './container/find.ts';
import { foreignSignatures } from './container/foreign.ts';
import { layerSignatures } from './container/layers.ts';
import type { Container } from './container/signature.ts';
import { exfatDriver } from './exfat/driver.ts';
import { extDriver } from './ext/driver.ts';
import { fatDriver } from './fat/driver.ts';
import type { FileSystem, FileSystemDriver, OpenOptions } from './filesystem.ts';
import { ntfsDriver } from './ntfs/driver.ts';
import { swapDriver } from './swap/driver.ts';
import { xfsDriver } from './xfs/driver.ts';

const drivers: readonly FileSystemDriver[] = [
	ntfsDriver,
	exfatDriver,
	fatDriver,
	extDriver,
	xfsDriver,
	btrfsDriver,
	swapDriver,
];

export interface RecogniseOptions extends OpenOptions {
	/** As in `Partition.typeId`. Some types say by themselves that there is no file system. */
	readonly partitionTypeId?: string;
}

export interface Recognised {
	/** As `FileSystemInfo.type`, the name of a container (`LUKS2`, `Microsoft reserved`), or `unknown`. */
	readonly type: string;
	readonly label: string;
	readonly uuid: string;
	/** What tells the contents from all others: the UUID, with that of the device where they lie on several; or empty. */
	readonly identity: string;
	/** What the file system tells of itself; there also when its maps must not be used. */
	readonly fileSystem?: FileSystem;
	/** Why every sector must be stored. Undefined when `fileSystem.collectUsed` may be asked. */
	readonly wholeReason?: string;
	/** The reason is worth a warning: something is amiss (dirty, damaged, contradicting), not merely of a kind that has no maps. */
	readonly amiss: boolean;
}

/**
 * Tells what a partition holds. Every driver is asked: where two of them find themselves at home, none is believed.
 * Damage never throws, it becomes the reason for storing the partition whole.
 * @throws AfterimageError `read-error`, `cancelled`
 */
export async function recogniseFileSystem(volume: ByteSource, options: RecogniseOptions = {}): Promise<Recognised> {
	const byType = options.partitionTypeId && containerByPartitionType(options.partitionTypeId);
	if (byType) return contained({ type: byType, label: '', uuid: '' });
	const layer = await findContainer(volume, layerSignatures(volume.size), options.signal);
	if (layer !== undefined) return contained(layer);

	const open: OpenOptions = {
		...(options.frozen === undefined ? {} : { frozen: options.frozen }),
		...(options.signal === undefined ? {} : { signal: options.signal }),
	};
	const found: FileSystem[] = [];
	const damages: { name: string; message: string }[] = [];
	for (const driver of drivers) {
		throwIfAborted(options.signal);
		try {
			const fileSystem = await driver.open(volume, open);
			if (fileSystem !== undefined) found.push(fileSystem);
		} catch (error) {
			if (!isAfterimageError(error, 'structure-damaged')) throw error;
			damages.push({ name: driver.name, message: error.message });
		}
	}
	if (found.length === 0 && damages.length === 0) {
		const foreign = await findContainer(volume, foreignSignatures, options.signal);
		return foreign === undefined ? unknown() : contained(foreign);
	}
	return judge(found, damages);
}

function judge(found: readonly FileSystem[], damages: readonly { name: string; message: string }[]): Recognised {
	const [fileSystem] = found;
	const [damage] = damages;
	if (found.length + damages.length > 1) {
		const names = [...found.map(({ info }) => info.type), ...damages.map(({ name }) => name)];
		const wholeReason = `it bears the marks of several file systems (${names.join(', ')})`;
		return { ...named(fileSystem), type: fileSystem?.info.type ?? 'unknown', wholeReason, amiss: true };
	}
	if (fileSystem === undefined) {
		return { type: damage!.name, ...nameless, wholeReason: damage!.message, amiss: true };
	}
	const { dirty, type } = fileSystem.info;
	if (dirty === undefined) return { ...named(fileSystem), type, amiss: false };
	return { ...named(fileSystem), type, wholeReason: dirty, amiss: true };
}

function named(fileSystem: FileSystem | undefined) {
	if (fileSystem === undefined) return nameless;
	const { label, uuid } = fileSystem.info;
	return { label, uuid, identity: identityOf(fileSystem.info), fileSystem };
}

function contained(container: Container): Recognised {
	const { type, label, uuid } = container;
	const wholeReason = `${type}: every sector is stored`;
	return { type, label, uuid, identity: identityOf(container), wholeReason, amiss: false };
}

/** Of what is not known, or too damaged to tell its name. */
const nameless = { label: '', uuid: '', identity: '' };

function identityOf({ uuid, deviceUuid }: Pick<Container, 'uuid' | 'deviceUuid'>): string {
	if (uuid === '' || deviceUuid === undefined) return uuid;
	return /[^0-]/.test(deviceUuid) ? `${uuid} ${deviceUuid}` : '';
}

function unknown(): Recognised {
	return { type: 'unknown', ...nameless, wholeReason: 'no known file system was found', amiss: true };
}
