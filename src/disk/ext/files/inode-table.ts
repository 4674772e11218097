import { throwIfAborted } from '../../../base/abort.ts';
import type { ByteSource } from '../../../base/bytes.ts';
import { readBytes } from '../../../base/bytes.ts';
import { AfterimageError, damaged } from '../../../base/errors.ts';
import { asDamage } from '../../as-damage.ts';
import { readBlocks } from '../../read-blocks.ts';
import { DescriptorPiece } from '../descriptors.ts';
import type { Geometry } from '../geometry.ts';
import { descriptorBlock } from '../groups.ts';
import { Inode } from './inode.ts';
import { Recent } from './recent.ts';

/** The root folder's. */
export const rootInode = 2;

/** Blocks of group descriptors that are kept. */
const keptDescriptorBlocks = 64;

/** Finds inodes by their numbers. */
export class InodeTable {
	readonly #volume: ByteSource;
	readonly #geometry: Geometry;
	readonly #descriptors: Recent<DescriptorPiece>;

	constructor(volume: ByteSource, geometry: Geometry) {
		this.#volume = volume;
		this.#geometry = geometry;
		this.#descriptors = new Recent(keptDescriptorBlocks, (index) => this.#readDescriptors(index));
	}

	/**
	 * Reads inodes, those that lie near each other together; each needs memory, so the caller bounds their count.
	 * @returns for each number its inode, or what is wrong with it: also when no file can have that number
	 * @throws AfterimageError `read-error`, `cancelled`
	 */
	read(numbers: readonly number[], signal?: AbortSignal): Promise<(Inode | AfterimageError)[]> {
		return this.#read(numbers, false, signal);
	}

	/**
	 * One that holds the value of an attribute of others.
	 * @throws AfterimageError `structure-damaged` for any other, `read-error`, `cancelled`
	 */
	async readAttributeInode(number: number, signal?: AbortSignal): Promise<Inode> {
		const inode = (await this.#read([number], true, signal))[0]!;
		if (inode instanceof AfterimageError) throw inode;
		return inode;
	}

	async #read(numbers: readonly number[], holdAttributes: boolean, signal: AbortSignal | undefined) {
		const found: (Inode | AfterimageError)[] = [];
		const wanted: number[] = [];
		const positions: number[] = [];
		for (const [i, number] of numbers.entries()) {
			throwIfAborted(signal);
			try {
				positions.push(await this.#position(number));
				wanted.push(i);
			} catch (error) {
				found[i] = asDamage(error);
			}
		}
		const inodes = await readBlocks(this.#volume, positions, this.#geometry.inodeSize, signal);
		for (const [i, bytes] of inodes.entries()) {
			const place = wanted[i]!;
			try {
				found[place] = new Inode(this.#geometry, numbers[place]!, bytes, positions[i]!, holdAttributes);
			} catch (error) {
				found[place] = asDamage(error);
			}
		}
		return found;
	}

	/** Byte of the volume where an inode lies. */
	async #position(number: number): Promise<number> {
		const { inodesPerGroup, groups, firstInode, descriptorsPerBlock, blockSize, inodeSize } = this.#geometry;
		const last = groups * inodesPerGroup;
		const group = Math.floor((number - 1) / inodesPerGroup);
		if ((number < firstInode && number !== rootInode) || number > last) {
			const found = `An entry leads to inode ${number}: expected ${firstInode} to ${last}`;
			throw new AfterimageError('structure-damaged', found, { details: { found: number, expected: last } });
		}
		const piece = await this.#descriptors.get(Math.floor(group / descriptorsPerBlock));
		const index = group - piece.firstGroup;
		piece.verify(index);
		return piece.inodeTable(index) * blockSize + ((number - 1) % inodesPerGroup) * inodeSize;
	}

	async #readDescriptors(index: number): Promise<DescriptorPiece> {
		const geometry = this.#geometry;
		const block = descriptorBlock(geometry, index);
		const position = block * geometry.blockSize;
		if (block >= geometry.blocks) {
			const expected = `before block ${geometry.blocks}`;
			throw damaged('structure-damaged', `Group descriptors ${index}`, position, expected, `block ${block}`);
		}
		const bytes = await readBytes(this.#volume, position, geometry.blockSize);
		return new DescriptorPiece(geometry, bytes, position, index * geometry.descriptorsPerBlock);
	}
}
