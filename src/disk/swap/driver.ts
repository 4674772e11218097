import { readBytes, type ByteSource } from '../../base/bytes.ts';
import { AfterimageError, damaged } from '../../base/errors.ts';
import { uuidFromBytes } from '../../base/guid.ts';
import { ascii, bytes, struct, u32 } from '../../base/struct.ts';
import type { FileSystem, FileSystemDriver } from '../filesystem.ts';

/** Linux `union swap_header`, from byte 1024 of the first page on (include/linux/swap.h). */
const SwapHeader = struct('swap header', 0x2c, {
	version: u32(0x00),
	/** Number of the last page. */
	lastPage: u32(0x04),
	badPages: u32(0x08),
	uuid: bytes(0x0c, 16),
	label: ascii(0x1c, 16),
});

const headerOffset = 1024;
const pageSizes = [4096, 8192, 16_384, 32_768, 65_536];
const magicLength = 10;
/** Signatures that a hibernated system leaves in the place of `SWAPSPACE2`: kernel, uswsusp, old software suspend. */
const hibernationMagics = ['S1SUSPEND', 'S2SUSPEND', 'ULSUSPEND', 'LINHIB0001'];
const oldMagic = 'SWAP-SPACE';

/** Linux swap, version 1: only the first page says anything that outlives a shutdown. */
export const swapDriver: FileSystemDriver = {
	name: 'swap',
	async open(volume) {
		const found = await findMagic(volume);
		if (found === undefined) return undefined;
		const { page, magic, pageSize } = found;
		if (magic === oldMagic) {
			throw new AfterimageError('structure-damaged', 'Linux swap of the old version 0 is not read', {
				details: { offset: pageSize - magicLength },
			});
		}
		const header = new SwapHeader(page, headerOffset);
		const bad = (field: keyof typeof SwapHeader.offset, expected: string | number, value: number) =>
			damaged('structure-damaged', `swap header ${field}`, headerOffset + SwapHeader.offset[field], expected, value);
		if (header.version !== 1) throw bad('version', 1, header.version);
		const pages = header.lastPage + 1;
		if (header.lastPage === 0 || pages * pageSize > volume.size) {
			throw bad('lastPage', `1 to ${Math.floor(volume.size / pageSize) - 1}`, header.lastPage);
		}
		return fileSystem(header, pageSize, pages, hibernationMagics.includes(magic));
	},
};

async function findMagic(volume: ByteSource) {
	for (const pageSize of pageSizes) {
		if (volume.size < pageSize) return undefined;
		const raw = await readBytes(volume, pageSize - magicLength, magicLength);
		const magic = String.fromCharCode(...raw).replace(/\0+$/, '');
		if (magic === 'SWAPSPACE2' || magic === oldMagic || hibernationMagics.includes(magic)) {
			return { page: await readBytes(volume, 0, pageSize), magic, pageSize };
		}
	}
	return undefined;
}

function fileSystem(
	header: InstanceType<typeof SwapHeader>,
	pageSize: number,
	pages: number,
	hibernated: boolean,
): FileSystem {
	return {
		info: {
			type: 'swap',
			label: header.label,
			uuid: header.uuid.every((byte) => byte === 0) ? '' : uuidFromBytes(header.uuid),
			size: pages * pageSize,
			used: pageSize,
			free: (pages - 1) * pageSize,
			clusterSize: pageSize,
			totalClusters: pages,
			freeClusters: pages - 1,
			dirty: hibernated ? 'it holds a hibernated system, whose memory a restore must bring back' : undefined,
			reservedBytes: 0,
		},
		async collectUsed(sink) {
			sink.add(0, pageSize);
		},
	};
}
