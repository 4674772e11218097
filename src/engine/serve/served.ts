import type { OpenedDisk } from '../browse/open-disks.ts';
import type { Served } from '../requests/serve.ts';
import { diskName, partitionName, sectorSizeOf } from './exports.ts';
import type { Listening } from './listen.ts';

/** What clients find, for whoever is to start them. */
export function servedOf(image: string, disks: readonly OpenedDisk[], { socket, uriOf }: Listening): Served {
	return {
		image,
		socket,
		uri: disks.length === 1 ? uriOf('') : undefined,
		disks: disks.map((disk) => ({
			disk: disk.number,
			name: diskName(disk),
			uri: uriOf(diskName(disk)),
			size: disk.bytes.size,
			sectorSize: sectorSizeOf(disk),
			partitions: disk.partitions.map(({ number, bytes, manifest }) => {
				const name = partitionName(disk, number);
				const { type, volume_label: label } = manifest._file_system;
				return { partition: number, name, uri: uriOf(name), size: bytes.size, fileSystem: type, label };
			}),
		})),
	};
}
