import { randomBytes } from 'node:crypto';
import { historyOf, newestTime, nextNumbers, type BackupSet } from '../../image/set/backup-set.ts';
import { toHex } from '../../image/md5.ts';
import { deriveKey, imageIdBytes, keyIterations, passwordTest } from '../../image/password.ts';
import { logInfo, logWarning, type JobContext } from '../job-context.ts';
import type { BlockCipherSpec } from '../pipeline/types.ts';
import type { Compression, ImageRequest } from '../requests/image.ts';
import type { BackupIdentity } from './build-manifest.ts';
import type { Base } from './join-set.ts';

export interface IdentityAndKey {
	readonly identity: BackupIdentity;
	/** What encrypts the blocks of a partition, by disk and partition number; undefined without encryption. */
	readonly cipherOf: (diskNumber: number, partitionNumber: number) => BlockCipherSpec | undefined;
}

/** Clocks are corrected by less than this without anybody having to hear of it. */
const remarkableSeconds = 60;

/** No image of this format is older, and no program is used for so long: a clock that says anything else is wrong. In seconds since 1970. */
const [earliest, last] = [Date.UTC(2024, 0) / 1000, Date.UTC(2056, 0) / 1000];

/**
 * A set of its own, or the next place in the set of `base`, which lays down id, password and whether it is compressed.
 * @param sets those of the same partitions: times are whole seconds, and whatever the clock says, the new backup is the newest
 */
export async function identityFor(
	request: ImageRequest,
	base: Base | undefined,
	sets: readonly BackupSet[],
	context: JobContext,
): Promise<IdentityAndKey> {
	const now = Math.floor(context.ports.clock.now() / 1000);
	const newest = sets.reduce((most, set) => Math.max(most, newestTime(set, now)), 0);
	const time = Math.max(now, newest + 1);
	if (now < earliest || now >= last) {
		logWarning(
			context,
			`This machine's clock says ${utc(now)}, which is wrong: the backup is dated ${utc(time)}`,
			'Set the clock right; its battery may be empty. Later backups of these partitions cannot be dated before this one.',
		);
	} else if (newest - now > remarkableSeconds) {
		logWarning(
			context,
			`The newest backup of these partitions is dated ${utc(newest)}, and this machine's clock says ${utc(now)}: this one is dated a second after it`,
			'Set the clock right if it is wrong. Else delete what is dated ahead once you need it no more, or back up to another folder: till then each backup is dated after it, and rules by age take them for new.',
		);
	}
	return base === undefined ? newSet(request, time) : joinSet(request, base, time, context);
}

async function newSet(request: ImageRequest, time: number): Promise<IdentityAndKey> {
	const imageId = toHex(randomBytes(8)).toUpperCase();
	const { password, aes } = request;
	const key = password === undefined ? undefined : await deriveKey(password, imageId, keyIterations);
	const identity: BackupIdentity = {
		imageId,
		type: 'full',
		fileNumber: 0,
		incrementNumber: 0,
		time,
		setTime: time,
		deltaIndex: false,
		history: [],
		name: request.name,
		compression: request.compression,
		encryption: {
			enable: key !== undefined,
			aes_type: key === undefined ? 'none' : aes,
			hmac: key === undefined ? '' : passwordTest(key),
			key_derivation: 'pbkdf2',
			key_iterations: key === undefined ? 0 : keyIterations,
		},
	};
	return { identity, cipherOf: cipherMaker(key, aes, imageId) };
}

function joinSet(request: ImageRequest, base: Base, time: number, context: JobContext): IdentityAndKey {
	const { set, chain, type } = base;
	const { member } = chain.point;
	const aes = member.encryption.aes_type;
	if (request.password !== undefined && aes !== request.aes) {
		logInfo(context, `Encrypted with ${aes}, as the set ${set.imageid} is`);
	}
	const identity: BackupIdentity = {
		imageId: set.imageid,
		type,
		...nextNumbers(set),
		time,
		setTime: member.header.backupset_time,
		deltaIndex: type === 'inc',
		history: historyOf(set),
		name: request.name === '' ? nameOf(member.name, set.imageid) : request.name,
		compression: compressionFor(request.compression, member.compressionLevel, set.imageid, context),
		encryption: member.encryption,
	};
	return { identity, cipherOf: cipherMaker(chain.key, aes === 'none' ? request.aes : aes, set.imageid) };
}

function cipherMaker(key: Uint8Array | undefined, aes: ImageRequest['aes'], imageId: string) {
	return (diskNumber: number, partitionNumber: number): BlockCipherSpec | undefined =>
		key === undefined ? undefined : { aes, key, imageId: imageIdBytes(imageId), diskNumber, partitionNumber };
}

/** Readers take from the newest file whether the blocks of all files are compressed. */
function compressionFor(asked: Compression, ofSet: Compression, imageId: string, context: JobContext): Compression {
	if ((asked === 'none') === (ofSet === 'none')) return asked;
	const level = ofSet === 'none' ? 'none' : 'medium';
	logInfo(context, `Compression is ${level}: the files of set ${imageId} all have it, or none`);
	return level;
}

/** What stands between id and numbers in the name of a file of the set. */
function nameOf(fileName: string, imageId: string): string {
	const match = /^([0-9a-fA-F]{16})(?:-(.*))?-\d{2,5}-\d{2,5}\.[^.]+$/.exec(fileName);
	return match?.[1]?.toUpperCase() === imageId.toUpperCase() ? (match[2] ?? '') : '';
}

/** `2026-01-31 12:00 UTC` */
function utc(seconds: number): string {
	return `${new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
