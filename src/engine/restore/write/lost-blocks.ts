import { createHash } from 'node:crypto';
import { readBytes } from '../../../base/bytes.ts';
import { isAfterimageError } from '../../../base/errors.ts';
import type { BlockIndex } from '../../../image/index/block-index.ts';
import type { OpenDisk } from '../../ports/disk-port.ts';
import type { BadBlockReport } from '../../requests/verify.ts';

/** The damaged blocks of an image from which everything else is restored: zeros stand in their places. */
export class LostBlocks {
	readonly reports: BadBlockReport[] = [];
	readonly #blocks = new Map<BlockIndex, Set<number>>();

	/** Takes note of a block, and has the target hold zeros for it. @param at byte of the target; undefined where it holds zeros already */
	async add(index: BlockIndex, report: BadBlockReport, target: OpenDisk, at: number | undefined): Promise<void> {
		this.reports.push(report);
		const ofIndex = this.#blocks.get(index) ?? new Set();
		this.#blocks.set(index, ofIndex.add(report.block));
		if (at !== undefined) await target.write(at, new Uint8Array(report.end - report.start));
	}

	has(index: BlockIndex, block: number): boolean {
		return this.#blocks.get(index)?.has(block) === true;
	}
}

/** Whether the target holds what the damaged block had, so that nothing is lost. @param at byte of the target */
export async function holdsBlock(
	target: OpenDisk,
	at: number,
	index: BlockIndex,
	{ block, start, end }: BadBlockReport,
): Promise<boolean> {
	try {
		const held = await readBytes(target, at, end - start);
		return index.hasMd5(block, createHash('md5').update(held).digest(), 0);
	} catch (error) {
		if (isAfterimageError(error, 'read-error')) return false;
		throw error;
	}
}
