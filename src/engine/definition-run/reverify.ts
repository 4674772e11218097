import { AfterimageError, isAfterimageError, toErrorRecord } from '../../base/errors.ts';
import { counted } from '../../base/quantity.ts';
import { partitionsOf } from '../../image/set/backup-set.ts';
import { openImageFolder } from '../../image/set/image-folder.ts';
import { samePartitions, type DiskIdentities } from '../../image/set/partition-identity.ts';
import { scanFolder } from '../../image/set/scan-folder.ts';
import { logInfo, logWarning, type JobContext } from '../job-context.ts';
import type { ImageResult } from '../requests/image.ts';
import type { VerifiedBackup } from '../requests/verify.ts';
import { readVerified } from '../verified-record.ts';
import { brokenIn, toVerify } from '../verify/named-backups.ts';
import { fileLines } from '../verify/file-lines.ts';
import { backupPhrase, lostWords } from '../verify/outcome.ts';
import { verifySets } from '../verify/verify-sets.ts';

/**
 * A run begins to verify no further backup after this long: the next run of a schedule waits for its end. What was
 * verified is noted, so that the next one goes on behind it.
 */
const mostHours = 6;

/** Damaged backups that one message names. */
const mostNamed = 5;

/** Lines of a log about files in damaged blocks. */
const mostLines = 1000;

export interface ReverifyRequest {
	/** The destination of the run. */
	readonly folder: string;
	/** The backup that was made. */
	readonly image: ImageResult;
	/** Backups that were not verified for so many days are; 0 = none. */
	readonly days: number;
	/** What was imaged. */
	readonly partitions: DiskIdentities;
	readonly password: string | undefined;
}

/**
 * Verifies the backups of the set that was written to, and of others of the same partitions, that were not verified for a
 * while. Sets with another password and files that are missing are warnings; so is it when nothing can be verified at
 * all: the backup is made. The log names files in damaged blocks.
 * @throws AfterimageError `image-damaged` naming the backups that are, `cancelled`
 */
export async function reverify(request: ReverifyRequest, context: JobContext): Promise<readonly VerifiedBackup[]> {
	if (request.days === 0) return [];
	let backups: readonly VerifiedBackup[];
	try {
		backups = await verifyDue(request, context);
	} catch (error) {
		if (isAfterimageError(error, 'cancelled')) throw error;
		logWarning(context, `Earlier backups could not be verified: ${toErrorRecord(error).message}`);
		return [];
	}
	const damaged = backups.filter(({ state }) => state === 'damaged');
	if (damaged.length === 0) return backups;
	tellFiles(damaged, context);
	const named = damaged.slice(0, mostNamed).map(backupPhrase).join('; ');
	const more = damaged.length > mostNamed ? `; and ${damaged.length - mostNamed} more` : '';
	throw new AfterimageError(
		'image-damaged',
		`The backup was made, but ${counted(damaged.length, 'backup')} in ${request.folder} ${damaged.length === 1 ? 'does' : 'do'} not verify: ${named}${more}${lostWords(damaged)}`,
		{
			advice: 'Look at the medium, make a full to another one, and delete the damaged backups.',
			details: { folder: request.folder, damaged: damaged.length },
		},
	);
}

/** Names of files are nothing for logs that everybody may read. */
function tellFiles(damaged: readonly VerifiedBackup[], context: JobContext): void {
	const lines = fileLines(damaged);
	for (const line of lines.slice(0, mostLines)) logWarning(context, line, undefined, '');
	if (lines.length > mostLines)
		logWarning(context, `${lines.length - mostLines} more lines: afterimage verify tells all`);
}

async function verifyDue(
	{ days, folder, image, partitions, password }: ReverifyRequest,
	context: JobContext,
): Promise<readonly VerifiedBackup[]> {
	const codec = context.createCodec();
	try {
		const scan = await scanFolder(openImageFolder(folder), { codec }, context.signal);
		const noted = readVerified(folder);
		const sets = scan.sets
			.filter((set) => set.imageid === image.imageId || samePartitions(partitionsOf(set), partitions))
			.map((set) => toVerify(set, folder, undefined, noted));
		const broken = sets.flatMap(brokenIn);
		for (const one of broken) logWarning(context, backupPhrase(one));
		const until = context.ports.clock.passed() + mostHours * 3600 * 1000;
		const passwords = password === undefined ? [] : [password];
		const options = { passwords, sample: undefined, unverifiedDays: days, until };
		const { backups, postponed } = await verifySets(sets, options, codec, context);
		if (postponed > 0) {
			const left = postponed === 1 ? 'is left' : 'are left';
			logInfo(
				context,
				`${counted(postponed, 'backup')} ${left} to the next run: verifying takes ${mostHours} hours at most`,
			);
		}
		return [...broken, ...backups];
	} finally {
		codec.dispose();
	}
}
