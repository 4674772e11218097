import { readBytes, type ByteSource } from '../../base/bytes.ts';
import { isAfterimageError } from '../../base/errors.ts';
import { ascii, struct, u16, u32, u64big } from '../../base/struct.ts';
import { applyFixups } from './records/fixup.ts';

/** Restart page of $LogFile (LFS_RESTART_PAGE_HEADER). */
const RestartPage = struct('NTFS restart page', 0x1e, {
	magic: ascii(0x00, 4),
	usaOffset: u16(0x04),
	usaCount: u16(0x06),
	chkdskLsn: u64big(0x08),
	systemPageSize: u32(0x10),
	logPageSize: u32(0x14),
	restartOffset: u16(0x18),
	minorVersion: u16(0x1a),
	majorVersion: u16(0x1c),
});

/** The restart area in it (LFS_RESTART_AREA), up to what is read here. */
const RestartArea = struct('NTFS restart area', 0x10, {
	currentLsn: u64big(0x00),
	clients: u16(0x08),
	freeClients: u16(0x0a),
	clientsInUse: u16(0x0c),
	flags: u16(0x0e),
});

const noClient = 0xffff;
const volumeIsClean = 0x0002;
const maxPageSize = 64 * 1024;

interface Restart {
	readonly lsn: bigint;
	readonly majorVersion: number;
	readonly clean: boolean;
}

/**
 * Why the log says that metadata is missing from the disk; undefined when there is nothing to replay. A log of nothing
 * but 0xFF is empty: that is how formatting, ntfs-3g and ntfsfix leave it.
 * @param log the unnamed stream of $LogFile
 */
export async function logDirtyReason(log: ByteSource): Promise<string | undefined> {
	const start = await readBytes(log, 0, Math.min(log.size, 2 * maxPageSize));
	if (start.length > 0 && start.every((byte) => byte === 0xff)) return undefined;
	// Two copies of the restart page, the second one page behind the first; the newer one counts.
	const first = readRestart(start, 0);
	const pageSize = first?.pageSize ?? 4096;
	const second = readRestart(start, pageSize);
	const newest = second !== undefined && (first === undefined || second.lsn > first.lsn) ? second : first;
	if (newest === undefined) return 'the log ($LogFile) has no readable restart page';
	// Windows 8 and later turn the log to version 2.0 while they use a volume and leave it so at a fast-startup shutdown.
	if (newest.majorVersion >= 2)
		return 'Windows keeps metadata of the volume in its cache (fast startup or hibernation)';
	return newest.clean ? undefined : 'the volume was not dismounted cleanly: its log ($LogFile) must be replayed';
}

function readRestart(log: Uint8Array, at: number): (Restart & { readonly pageSize: number }) | undefined {
	try {
		const page = new RestartPage(log, at);
		const { systemPageSize: pageSize, restartOffset, majorVersion } = page;
		if (pageSize < 512 || pageSize > maxPageSize || pageSize % 512 !== 0 || at + pageSize > log.length)
			return undefined;
		const block = log.slice(at, at + pageSize);
		// What chkdsk has changed may be left without an update sequence.
		if (page.magic !== 'CHKD' || page.usaCount !== 0) applyFixups(block, ['RSTR', 'CHKD'], at);
		const area = new RestartArea(block, restartOffset);
		const clean = area.clientsInUse === noClient || (area.flags & volumeIsClean) !== 0;
		return { lsn: area.currentLsn, majorVersion, clean, pageSize };
	} catch (error) {
		if (isAfterimageError(error, 'structure-damaged')) return undefined;
		throw error;
	}
}
