import { resolve } from 'node:path';
import { openImageFolder } from '../../image/set/image-folder.ts';
import { scanFolder } from '../../image/set/scan-folder.ts';
import type { BackupFolderInfo } from '../../protocol/backups.ts';
import { describeSet, describeUnreadable } from '../chain/describe-set.ts';
import type { JobContext } from '../job-context.ts';
import { expectFolder } from '../ports/expect-path.ts';
import { readVerified } from '../verified-record.ts';

/** The backup sets of a folder, from the tails of its files. */
export async function runListSets(asked: string, context: JobContext): Promise<BackupFolderInfo> {
	const folder = resolve(asked);
	expectFolder(folder, 'destination-missing');
	const place = await context.ports.volumes.placeOf(folder);
	const codec = context.createCodec();
	try {
		const scan = await scanFolder(openImageFolder(folder), { codec }, context.signal);
		const verified = readVerified(folder);
		return {
			folder,
			sets: scan.sets.map((set) => describeSet(set, folder, verified)),
			unreadable: scan.damaged.map(describeUnreadable),
			free: place.free ?? 0,
			total: place.total,
		};
	} finally {
		codec.dispose();
	}
}
