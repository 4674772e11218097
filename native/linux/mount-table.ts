/** One line of /proc/self/mountinfo (proc(5)). */
export interface Mount {
	/** `8:1` as the kernel numbers the file system; not a block device for btrfs, network and memory. */
	readonly device: string;
	/** Which folder of the file system is mounted; `/` but for bind mounts and subvolumes. */
	readonly root: string;
	readonly mountPoint: string;
	readonly fileSystem: string;
	/** What was mounted: a device path for most. */
	readonly source: string;
	/** The file system itself is read-only, not only this view of it. */
	readonly readOnly: boolean;
}

/** @param text of /proc/self/mountinfo; lines of another form are passed over */
export function parseMountInfo(text: string): Mount[] {
	return text.split('\n').flatMap((line) => {
		const [left, right] = line.split(' - ', 2);
		const head = left?.split(' ') ?? [];
		const tail = right?.split(' ') ?? [];
		if (head.length < 6 || tail.length < 3) return [];
		return [
			{
				device: head[2]!,
				root: unescapeOctal(head[3]!),
				mountPoint: unescapeOctal(head[4]!),
				fileSystem: tail[0]!,
				source: unescapeOctal(tail[1]!),
				readOnly: tail[2]!.split(',').includes('ro'),
			},
		];
	});
}

/** Device paths of /proc/swaps; swap files are part of the mounted file system that holds them. */
export function parseSwaps(text: string): string[] {
	return text
		.split('\n')
		.slice(1)
		.flatMap((line) => {
			const [path, type] = line.split(/\s+/);
			return type === 'partition' && path !== undefined ? [unescapeOctal(path)] : [];
		});
}

/** The mount that holds an absolute, resolved path: the longest mount point above it, the latest of equals. */
export function mountOf(mounts: readonly Mount[], path: string): Mount | undefined {
	let best: Mount | undefined;
	for (const mount of mounts) {
		const prefix = mount.mountPoint === '/' ? '/' : `${mount.mountPoint}/`;
		if (path !== mount.mountPoint && !path.startsWith(prefix)) continue;
		if (best === undefined || mount.mountPoint.length >= best.mountPoint.length) best = mount;
	}
	return best;
}

function unescapeOctal(text: string): string {
	return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));
}
