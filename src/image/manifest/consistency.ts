import { AfterimageError } from '../../base/errors.ts';
import type { Manifest, ManifestPartition } from './fields.ts';

/** Refuses a manifest whose parts contradict each other, so that later code may compute with them. */
export function checkManifest(manifest: Manifest): Manifest {
	if (manifest._encryption.enable !== (manifest._encryption.aes_type !== 'none'))
		refuse('_encryption.aes_type', manifest._encryption.enable ? 'a cipher' : 'none', manifest._encryption.aes_type);
	if (manifest._encryption.enable) {
		if (manifest._encryption.key_iterations < 1)
			refuse('_encryption.key_iterations', 'at least 1', manifest._encryption.key_iterations);
		if (manifest._encryption.hmac === '') refuse('_encryption.hmac', '64 hex digits', 'nothing');
	}
	manifest.disks.forEach((disk, d) =>
		disk.partitions.forEach((partition, p) => checkPartition(partition, `disks[${d}].partitions[${p}]`)),
	);
	return manifest;
}

function checkPartition(partition: ManifestPartition, path: string): void {
	const { _geometry: geometry, _file_system: fileSystem, _header: header } = partition;
	if (geometry.length === 0 && geometry.end >= geometry.start && geometry.end > 0)
		geometry.length = geometry.end - geometry.start + 1;
	if (geometry.length === 0) geometry.length = header.block_count * header.block_size;
	if (geometry.end === 0) geometry.end = geometry.start + geometry.length - 1;
	if (fileSystem.start === 0) fileSystem.start = geometry.start;
	const into = fileSystem.lcn0_offset - fileSystem.start;
	if (geometry.length <= 0 || !Number.isSafeInteger(geometry.start + geometry.length))
		refuse(`${path}._geometry.length`, 'a length above 0 that stays below 2^53', geometry.length);
	if (into < 0 || into > geometry.length)
		refuse(
			`${path}._file_system.lcn0_offset`,
			`${fileSystem.start} to ${fileSystem.start + geometry.length}`,
			fileSystem.lcn0_offset,
		);
	if (geometry.boot_sector_offset + fileSystem.reserved_sectors_byte_length > geometry.length)
		refuse(
			`${path}._file_system.reserved_sectors_byte_length`,
			`at most ${geometry.length - geometry.boot_sector_offset}`,
			fileSystem.reserved_sectors_byte_length,
		);
	const blocks = Math.ceil(geometry.length / header.block_size);
	if (blocks > 0x7fff_ffff) refuse(`${path}._header.block_size`, 'fewer than 2^31 blocks', header.block_size);
	if (header.block_count === 0) header.block_count = blocks;
	if (header.block_count > blocks) refuse(`${path}._header.block_count`, `at most ${blocks}`, header.block_count);
}

function refuse(path: string, expected: string | number, found: string | number): never {
	throw new AfterimageError('image-damaged', `$JSON ${path}: expected ${expected}, found ${found}`, {
		details: { path, expected, found },
	});
}
