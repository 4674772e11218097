import { isAfterimageError } from '../../base/errors.ts';
import { matchingSets, nextNumbers, type BackupSet } from '../../image/set/backup-set.ts';
import { openChain, type Chain, type ResolvedPartition } from '../../image/set/chain.ts';
import type { BlockCodec } from '../../image/codec.ts';
import type { ImageFolder } from '../../image/set/image-folder.ts';
import type { Manifest } from '../../image/manifest.ts';
import { damagedPhrase, missingPhrases } from '../../image/set/missing-files.ts';
import {
	areIdentified,
	partitionIdentity,
	samePartitions,
	type PartitionIdentity,
} from '../../image/set/partition-identity.ts';
import { partitionLayout } from '../../image/partition-layout.ts';
import { scanFolder } from '../../image/set/scan-folder.ts';
import { storedIdentities } from '../../image/set/set-member.ts';
import { notedDamage } from '../chain/noted-damage.ts';
import { logInfo, logWarning, type JobContext } from '../job-context.ts';
import type { ImageRequest } from '../requests/image.ts';
import { readVerified } from '../verified-record.ts';
import type { PlannedDisk, PlannedPartition } from './sources/planned-partition.ts';

/** The backup that a differential or incremental stands on. */
export interface Base {
	readonly type: 'inc' | 'diff';
	readonly set: BackupSet;
	readonly chain: Chain;
	/** By disk and partition of the set. */
	readonly resolved: readonly (readonly ResolvedPartition[])[];
	/** The disks to image in the order, and with the numbers, that the set has. */
	readonly disks: readonly PlannedDisk[];
}

/**
 * Files have 65,536 numbers, and those that a merge has absorbed are not used again: a set with a backup every ten
 * minutes has had them after a year. The last are left for the parts of a split backup.
 */
const mostFiles = 65_000;

/** The sets of the folder of exactly these partitions, newest first. Of each file only the tail is read. */
export async function setsOf(
	folder: ImageFolder,
	disks: readonly PlannedDisk[],
	codec: BlockCodec,
	context: JobContext,
): Promise<BackupSet[]> {
	const { sets } = await scanFolder(folder, { codec }, context.signal);
	return matchingSets(sets, disks.map(identitiesOf), Math.floor(context.ports.clock.now() / 1000));
}

/**
 * Opens what the backup is to stand on in the newest of the sets. Where that cannot be, the log says why and a full is
 * made: undefined.
 * @param sets those of exactly these partitions, newest first
 * @throws AfterimageError `password-needed`, `wrong-password`: a set keeps its password, and nothing is written without it
 */
export async function findBase(
	request: ImageRequest,
	disks: readonly PlannedDisk[],
	folder: ImageFolder,
	sets: readonly BackupSet[],
	codec: BlockCodec,
	context: JobContext,
): Promise<Base | undefined> {
	if (request.type === 'full') return undefined;
	const full = (why: string) => {
		const tell = request.type === 'auto' ? logInfo : logWarning;
		tell(context, `${why}: a full is made`);
		return undefined;
	};
	const set = sets[0];
	if (set === undefined) {
		const nameless = disks.find((disk) => !areIdentified([identitiesOf(disk)]));
		return full(
			nameless === undefined
				? `${request.folder} has no set with exactly these partitions`
				: `${nameless.source.disk.device.path} has no disk id, and nothing on it a UUID: no set can be told to be of it`,
		);
	}
	const type = request.type === 'diff' ? 'diff' : 'inc';
	const point = type === 'diff' ? set.points[0]! : set.points.at(-1)!;
	const damage = damageOf(set);
	if (damage !== undefined) return full(`Set ${set.imageid} cannot be continued, ${damage}`);
	const noted = notedDamage(point, readVerified(request.folder));
	if (noted !== undefined) return full(`Set ${set.imageid} is not continued, ${noted}`);
	const { fileNumber } = nextNumbers(set);
	if (fileNumber >= mostFiles) {
		return full(
			`Set ${set.imageid} cannot be continued, it has had ${fileNumber} files, and there are no more numbers`,
		);
	}
	if (request.password !== undefined && !point.member.encryption.enable) {
		return full(`Set ${set.imageid} is not encrypted and a password was given`);
	}
	try {
		const chain = await openChain(folder, set, point, { codec, password: request.password });
		const paired = pair(chain.manifest, disks);
		const misfit = paired === undefined ? 'its disks cannot be told apart' : misfitOf(chain.manifest, paired);
		if (paired === undefined || misfit !== undefined) return full(`Set ${set.imageid} cannot be continued, ${misfit}`);
		const resolved: ResolvedPartition[][] = [];
		for (const [d, disk] of chain.manifest.disks.entries()) {
			const ofDisk: ResolvedPartition[] = [];
			for (const p of disk.partitions.keys()) ofDisk.push(await chain.resolve(d, p, context.signal));
			resolved.push(ofDisk);
		}
		return { type, set, chain, resolved, disks: paired };
	} catch (error) {
		if (!isAfterimageError(error, 'image-damaged') && !isAfterimageError(error, 'file-missing')) throw error;
		return full(`Set ${set.imageid} cannot be continued, it is damaged (${error.message})`);
	}
}

/** What the partitions of a disk to image are known by. */
function identitiesOf({ source, partitions }: PlannedDisk): PartitionIdentity[] {
	return partitions.map(({ partition, identity }) => partitionIdentity(source.layout.id, partition.start, identity));
}

function damageOf(set: BackupSet): string | undefined {
	const lost = new Set(missingPhrases(set.points.flatMap((point) => point.missing)));
	for (const file of set.damaged) lost.add(damagedPhrase(file));
	if (lost.size > 0) return [...lost].join('; ');
	if (set.points[0]?.type !== 'full') return 'its full is missing';
	return undefined;
}

/** Brings what is to be imaged into the set's order and numbering; undefined when a disk of the set is not found. */
function pair(manifest: Manifest, disks: readonly PlannedDisk[]): PlannedDisk[] | undefined {
	const left = new Set(disks);
	const paired: PlannedDisk[] = [];
	for (const disk of manifest.disks) {
		const wanted = storedIdentities(disk);
		const found = [...left].find((one) => samePartitions([identitiesOf(one)], [wanted]));
		if (found === undefined) return undefined;
		left.delete(found);
		const partitions = disk.partitions.map((partition): PlannedPartition => {
			const planned = found.partitions.find((one) => one.partition.start === partition._geometry.start)!;
			return { ...planned, number: partition._header.partition_number };
		});
		paired.push({ ...found, number: disk._header.disk_number, partitions });
	}
	return paired;
}

/** What differs between the set and what is to be imaged so that their blocks do not compare; undefined when nothing. */
function misfitOf(manifest: Manifest, disks: readonly PlannedDisk[]): string | undefined {
	for (const [d, disk] of manifest.disks.entries()) {
		const planned = disks[d]!;
		for (const [p, partition] of disk.partitions.entries()) {
			const now = planned.partitions[p]!;
			const layout = partitionLayout(partition);
			const what = `partition ${now.number} of disk ${planned.number}`;
			if (layout.length !== now.partition.length) return `${what} has another size`;
			if (layout.blockSize !== now.blockSize) return `${what} has blocks of ${layout.blockSize} bytes there`;
			if (
				layout.blockStart !== now.partition.start + now.reservedBytes ||
				layout.reservedLength !== now.reservedBytes
			) {
				return `${what} was formatted anew`;
			}
		}
	}
	return undefined;
}
