import { formatBytes } from '../../base/quantity.ts';
import type { Served, ServedDisk } from '../../engine/requests/serve.ts';
import { fileSystemName } from '../../protocol/file-system-name.ts';
import { alignColumns } from './table.ts';

/** What is served, as a person reads it: the URIs, and what to do with them. @param platform whose shell is to take the lines */
export function servedLines({ image, uri, disks }: Served, platform: NodeJS.Platform): string[] {
	const rows = disks.flatMap((disk) => [
		[`Disk ${disk.disk}`, formatBytes(disk.size), '', '', uri ?? disk.uri],
		...disk.partitions.map(({ partition, size, fileSystem, label, uri: own }) => [
			`  partition ${partition}`,
			formatBytes(size),
			fileSystemName(fileSystem),
			label,
			own,
		]),
	]);
	const [first] = disks;
	return [
		`Serving ${image} until Ctrl+C`,
		...alignColumns(rows, [1]),
		...(first === undefined ? [] : examples(first, uri ?? first.uri, platform)),
	];
}

function examples({ disk, sectorSize }: ServedDisk, uri: string, platform: NodeJS.Platform): string[] {
	const quoted = platform === 'win32' ? uri : `'${uri}'`;
	// Of the disks that QEMU makes and systems know without further drivers, NVMe alone may have other sectors.
	const drive =
		sectorSize === 512
			? `-drive file=${quoted},format=raw`
			: `-drive if=none,id=disk,file=${quoted},format=raw ` +
				`-device nvme,drive=disk,serial=1,logical_block_size=${sectorSize},physical_block_size=${sectorSize}`;
	return [
		`Start a virtual machine from disk ${disk}; what it writes is dropped at its end:`,
		`  qemu-system-x86_64 -m 4G -snapshot ${drive}`,
		`Make a file of disk ${disk} for another hypervisor (vhdx, vmdk, qcow2):`,
		`  qemu-img convert -p -f raw -O vhdx ${quoted} disk.vhdx`,
	];
}
