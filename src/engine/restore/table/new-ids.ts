import { randomBytes, randomUUID } from 'node:crypto';
import { AfterimageError } from '../../../base/errors.ts';
import type { ManifestDisk } from '../../../image/manifest.ts';
import { toHex } from '../../../image/md5.ts';

/** Ids that a target has instead of the source's, so that both disks can be in one machine. */
export interface NewIds {
	/** GPT disk GUID, or 8 hex digits for an MBR. */
	readonly disk: string;
	/** GUID of the next partition of a GPT. */
	readonly partition: () => string;
}

/** Ids that no other disk has. */
export function randomIds(disk: ManifestDisk): NewIds {
	const guid = () => randomUUID().toUpperCase();
	return { disk: disk._header.disk_format === 'mbr' ? toHex(randomBytes(4)).toUpperCase() : guid(), partition: guid };
}

/** What is restored without a table in which an id could stand. @param why a sentence without its end */
export function noNewIds(why: string): AfterimageError {
	return new AfterimageError('invalid-argument', `${why}, so that no new disk id can be given`, {
		advice: 'Restore it without --new-disk-id.',
	});
}

/** What follows from new ids, for the log. @param whose what got them */
export function newIdsNote(whose: string): string {
	return `${whose} new ids: what starts from it by PARTUUID or by Windows' boot entries has to be set anew`;
}
