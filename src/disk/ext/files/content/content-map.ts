import { damaged } from '../../../../base/errors.ts';
import type { Geometry } from '../../geometry.ts';

/** Consecutive blocks of a file. */
export interface BlockRun {
	/** The block of the volume where they begin; undefined where zeros are read: a hole, or never written. */
	readonly start: number | undefined;
	/** At least 1. */
	readonly count: number;
}

/** Where the blocks of a file lie. */
export interface ContentMap {
	/**
	 * The longest run that is known without reading more of the map, from block `block` of the file on.
	 * @param block within the file's size
	 * @throws AfterimageError `structure-damaged`, `read-error`
	 */
	runAt(block: number): Promise<BlockRun>;
}

/** Is told the number of a block that holds a part of a map. */
export type OnMapBlock = (block: number) => void;

/**
 * Checks that blocks of a file, or of its map, lie where files have blocks.
 * @param what the structure that names them, at byte `at`
 * @throws AfterimageError `structure-damaged`
 */
export function checkBlocks(geometry: Geometry, start: number, count: number, what: string, at: number): void {
	if (start > geometry.firstBlock && start + count <= geometry.blocks) return;
	const expected = `blocks ${geometry.firstBlock + 1} to ${geometry.blocks - 1}`;
	throw damaged('structure-damaged', what, at, expected, count === 1 ? start : `${start} to ${start + count - 1}`);
}
