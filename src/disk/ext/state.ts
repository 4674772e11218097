import type { ByteSource } from '../../base/bytes.ts';
import { readBytes } from '../../base/bytes.ts';
import { uuidFromBytes } from '../../base/guid.ts';
import { Compat, Incompat, RoCompat, unknownFeatures } from './features.ts';
import type { Geometry } from './geometry.ts';
import type { Superblock } from './structures.ts';
import { MmpBlock, mmpClean, mmpMagic, State } from './structures.ts';

/**
 * Why the bitmaps cannot be trusted, every reason named; undefined when they can.
 *
 * A freeze writes everything, empties the journal and clears needs_recovery on disk (`ext4_freeze`; ext3's likewise), so
 * a frozen volume that still has it was never emptied: one mounted read-only with its journal unread. What a freeze
 * leaves as it is, and what does not touch the bitmaps, is no reason on a frozen volume: files that are deleted but
 * still open, and the mark of the host that has it mounted. Without a journal a mounted volume is marked as not cleanly
 * unmounted whether or not it was before, so it stays doubtful.
 */
export async function dirtyReason(
	volume: ByteSource,
	superblock: Superblock,
	geometry: Geometry,
	frozen: boolean,
): Promise<string | undefined> {
	const reasons: string[] = [];
	const unknown = unknownFeatures(superblock);
	if (unknown !== undefined) reasons.push(`feature bits ${unknown} are not known`);
	if (superblock.revision > 1) reasons.push(`revision ${superblock.revision} is not known`);
	if ((superblock.state & State.error) !== 0) reasons.push('errors were found in it and wait for e2fsck');
	if ((superblock.incompat & Incompat.recover) !== 0) reasons.push(journalReason(superblock));
	if ((superblock.state & State.valid) === 0)
		reasons.push('it was not cleanly unmounted, or is mounted without a journal');
	if ((superblock.state & (State.orphans | State.fastCommitReplay)) !== 0)
		reasons.push('its recovery was not finished');
	if (!frozen) {
		if (superblock.lastOrphan !== 0 || (superblock.roCompat & RoCompat.orphanPresent) !== 0) {
			reasons.push('deleted files wait to be released');
		}
		if ((superblock.incompat & Incompat.mmp) !== 0) {
			const reason = await mmpReason(volume, superblock, geometry);
			if (reason !== undefined) reasons.push(reason);
		}
	}
	return reasons.length === 0 ? undefined : reasons.join('; ');
}

function journalReason(superblock: Superblock): string {
	const external = (superblock.compat & Compat.hasJournal) !== 0 && superblock.journalInode === 0;
	if (!external) return 'its journal has to be replayed';
	return `its journal on the external device ${uuidFromBytes(superblock.journalUuid)} has to be replayed`;
}

async function mmpReason(volume: ByteSource, superblock: Superblock, geometry: Geometry): Promise<string | undefined> {
	const block = superblock.mmpBlock;
	if (block <= geometry.firstBlock || block >= geometry.blocks)
		return `its multi-mount protection names block ${block}`;
	const mmp = new MmpBlock(await readBytes(volume, block * geometry.blockSize, MmpBlock.size));
	if (mmp.magic !== mmpMagic) return `its multi-mount protection block ${block} is damaged`;
	return mmp.sequence === mmpClean ? undefined : 'multi-mount protection says that it is in use';
}
