import { join } from 'node:path';
import type { FileSystemName, Volume } from './volumes.ts';

/** One way to do a task, as a shell command. All of it happens in `work`, a folder in memory. */
export interface Contender {
	readonly name: string;
	/** Not counted: makes what the command needs. */
	readonly prepare?: string;
	readonly command: string;
	/** What the command made; its size is reported. */
	readonly output?: string;
	/** Where the command adds to what is there: only what it added counts. */
	readonly grown?: string;
	/** Not counted, must succeed: shows that the result is right. */
	readonly check?: string;
	readonly env?: Readonly<Record<string, string>>;
}

export interface Task {
	readonly name: string;
	/** Not counted, before the first round of the task. */
	readonly prepare?: string;
	readonly contenders: readonly Contender[];
}

export interface Places {
	/** Folder in memory that commands write to. */
	readonly work: string;
	/** The built command line, `dist/afterimage.mjs`. */
	readonly cli: string;
	/** The Node that runs it. */
	readonly node: string;
}

const partclone: Readonly<Record<FileSystemName, string>> = {
	ext4: 'partclone.extfs',
	ntfs: 'partclone.ntfs',
	fat32: 'partclone.fat32',
	'xfs-16t': 'partclone.xfs',
};

/** Every task that one volume is put through. */
export function tasksFor(volume: Volume, places: Places): Task[] {
	const { work } = places;
	const afterimage = `'${places.node}' '${places.cli}'`;
	const at = (name: string) => join(work, name);
	/** Commands print progress bars and notes; only their errors matter. */
	const clone = `${partclone[volume.fileSystem]} -L '${at('partclone.log')}'`;
	const { day1, day2 } = volume;
	const images = at('images');
	const imageTo = (source: string, options = '') => `${afterimage} image '${source}' --to '${images}' ${options}`;
	const fresh = `rm -rf '${images}' && mkdir '${images}'`;
	const newest = `"$(ls -t '${images}'/*.mrimgx | head -1)"`;
	const piped = (name: string, source: string, options = ''): Contender => ({
		name: ['partclone', options, '| zstd -1 -T2'].filter(Boolean).join(' '),
		command: `${clone} -c ${options} -s '${source}' -o - 2> /dev/null | zstd -q -f -1 -T2 -o '${at(name)}'`,
		output: at(name),
	});

	if (volume.fileSystem === 'xfs-16t') {
		const sparse = { name: 'afterimage', prepare: fresh, command: imageTo(day1), output: images };
		return [{ name: 'full image', contenders: [sparse] }];
	}
	const full: Task = {
		name: 'full image',
		contenders: [
			{ name: 'afterimage', prepare: fresh, command: imageTo(day1), output: images },
			{
				name: 'afterimage, AES-256',
				prepare: `${fresh} && echo 'correct horse' > '${at('password')}' && chmod 600 '${at('password')}'`,
				command: imageTo(day1, `--password-file '${at('password')}'`),
				output: images,
			},
			{
				name: 'afterimage, node:zlib',
				prepare: fresh,
				command: imageTo(day1),
				output: images,
				env: { AFTERIMAGE_ZSTD: 'node' },
			},
			piped('partclone.zst', day1),
			piped('partclone-a0.zst', day1, '-a0'),
			...fileSystemPeers(volume, at),
			{
				name: 'qemu-img convert -c, zstd',
				command: `qemu-img convert -c -m16 -W -f raw -O qcow2 -o compression_type=zstd '${day1}' '${at('qemu.qcow2')}'`,
				output: at('qemu.qcow2'),
			},
		],
	};

	const raw = at('restored.img');
	const source = `zstd -dc '${at('partclone.zst')}'`;
	const finished = `${fresh} && ${imageTo(day1)} && ${piped('partclone.zst', day1).command}`;
	const verify: Task = {
		name: 'verify',
		prepare: finished,
		contenders: [
			{ name: 'afterimage', command: `${afterimage} verify ${newest}` },
			{
				name: 'zstd -dc | partclone.chkimg',
				command: `${source} | partclone.chkimg -L '${at('partclone.log')}' -s - > /dev/null 2>&1`,
			},
		],
	};
	const restore: Task = {
		name: 'restore to a sparse file',
		prepare: finished,
		contenders: [
			{
				name: 'afterimage',
				prepare: `rm -f '${raw}'`,
				command: `${afterimage} restore ${newest} --to '${raw}' --yes`,
				check: checkVolume(volume.fileSystem, raw),
			},
			{
				name: 'zstd -dc | partclone -r',
				prepare: `rm -f '${raw}'`,
				command: `${source} | ${clone} -r -W -s - -O '${raw}' > /dev/null 2>&1`,
			},
		],
	};

	const changing = at('source.img');
	const restic = `restic -q --no-cache -r '${at('restic')}'`;
	const borg = 'borg';
	const repositories = {
		RESTIC_PASSWORD: 'x',
		BORG_BASE_DIR: at('borg-base'),
		BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK: 'yes',
		BORG_RELOCATED_REPO_ACCESS_IS_OK: 'yes',
	};
	const again = (...names: string[]) =>
		names.map((name) => `rm -rf '${at(name)}' && cp -a '${at(`${name}-1`)}' '${at(name)}'`).join(' && ');
	const restored = (folder: string) => `rm -rf '${images}' && cp -a '${at(folder)}' '${images}'`;
	const incremental: Task = {
		name: 'incremental, 5 % changed',
		// The path stays, as a disk's name does; its content becomes that of the second day.
		prepare: [
			`ln -sf '${day1}' '${changing}' && ${fresh} && ${imageTo(changing)} && rm -rf '${at('images-1')}' && cp -a '${images}' '${at('images-1')}'`,
			`rm -rf '${at('restic')}' '${at('borg')}' '${at('borg-base')}' '${at('restic-1')}' '${at('borg-1')}' '${at('borg-base-1')}'`,
			`export RESTIC_PASSWORD=x BORG_BASE_DIR='${at('borg-base')}'`,
			`${restic} init && ${restic} backup --stdin --stdin-filename disk < '${day1}' && mv '${at('restic')}' '${at('restic-1')}'`,
			`${borg} init -e none '${at('borg')}' && ${borg} create -C zstd,1 '${at('borg')}::day1' - < '${day1}' && mv '${at('borg')}' '${at('borg-1')}' && mv '${at('borg-base')}' '${at('borg-base-1')}'`,
			`ln -sf '${day2}' '${changing}'`,
		].join(' && '),
		contenders: [
			{
				name: 'afterimage inc',
				prepare: restored('images-1'),
				command: imageTo(changing, '--type inc'),
				output: images,
				grown: images,
			},
			{
				name: 'restic, stdin',
				prepare: again('restic'),
				command: `${restic} backup --stdin --stdin-filename disk < '${day2}'`,
				output: at('restic'),
				grown: at('restic'),
				env: repositories,
			},
			{
				name: 'borg, stdin, zstd 1',
				// Its cache of the first day goes with the repository of the first day.
				prepare: again('borg', 'borg-base'),
				command: `${borg} create -C zstd,1 '${at('borg')}::day2' - < '${day2}'`,
				output: at('borg'),
				grown: at('borg'),
				env: repositories,
			},
		],
	};

	const chain = at('images-2');
	const consolidate: Task = {
		name: 'merge into the full',
		prepare: `ln -sf '${day1}' '${changing}' && ${fresh} && ${imageTo(changing)} && ln -sf '${day2}' '${changing}' && ${imageTo(changing, '--type inc')} && rm -rf '${chain}' && cp -a '${images}' '${chain}'`,
		contenders: [
			{
				name: 'afterimage merge',
				// As for cp, memory for as much has just been freed: a virtual machine waits for memory that its host has to give first.
				prepare: `${restored('images-2')} && rm -rf '${at('copy')}' && cp -r '${chain}' '${at('copy')}' && rm -rf '${at('copy')}'`,
				command: `${afterimage} merge '${images}'/*.mrimgx`,
				output: images,
			},
			{
				name: 'cp',
				prepare: `rm -rf '${at('copy')}'`,
				command: `cp -r --reflink=never '${chain}' '${at('copy')}'`,
				output: at('copy'),
			},
			{
				// What a merge does beside copying: it reads back what it wrote, and frees the files that it replaces.
				name: 'cp, read back, rm of the old',
				prepare: `rm -rf '${at('copy')}' '${at('old')}' && cp -a '${chain}' '${at('old')}'`,
				command: `cp -r --reflink=never '${at('old')}' '${at('copy')}' && cat '${at('copy')}'/* > /dev/null && rm -r '${at('old')}'`,
				output: at('copy'),
			},
		],
	};
	return [
		full,
		verify,
		restore,
		filesOf(volume, at, `${fresh} && ${imageTo(day1)}`, afterimage, newest),
		incremental,
		consolidate,
	];
}

/** All files of a backup into a folder, and what copying them from the volume itself takes. */
function filesOf(
	volume: Volume,
	at: (name: string) => string,
	prepare: string,
	afterimage: string,
	newest: string,
): Task {
	const [extracted, copied, mountPoint] = [at('extracted'), at('copied'), at('mounted')];
	const freed = `head -c 2500M /dev/zero > '${at('filler')}' && rm '${at('filler')}'`;
	const mount = volume.fileSystem === 'ntfs' ? 'ntfs-3g -o ro' : 'mount -o loop,ro';
	const copy =
		volume.fileSystem === 'fat32'
			? {
					name: 'mcopy -s',
					prepare: `rm -rf '${copied}' && mkdir '${copied}' && ${freed}`,
					command: `mcopy -s -Q -m -i '${volume.day1}' '::/*' '${copied}'`,
				}
			: {
					name: 'cp -a from the mounted volume',
					// All of its files are in the page cache.
					prepare: `rm -rf '${copied}' && ${freed} && mkdir -p '${mountPoint}' && ${mount} '${volume.day1}' '${mountPoint}' && cat '${mountPoint}'/*/* > /dev/null`,
					command: `cp -a '${mountPoint}' '${copied}' && umount '${mountPoint}'`,
				};
	return {
		name: 'extract all files',
		prepare,
		contenders: [
			{
				name: 'afterimage extract',
				// As for the copy, memory for as much has just been freed.
				prepare: `rm -rf '${extracted}' && ${freed}`,
				command: `${afterimage} extract ${newest} / --to '${extracted}'`,
			},
			{
				...copy,
				check: `diff -r '${extracted}' '${copied}'`,
			},
			{ name: 'afterimage files, a folder of 200', command: `${afterimage} files ${newest} /d100` },
			{ name: 'afterimage files --recursive', command: `${afterimage} files ${newest} / --recursive` },
		],
	};
}

function fileSystemPeers(volume: Volume, at: (name: string) => string): Contender[] {
	switch (volume.fileSystem) {
		case 'ext4':
			return [
				{
					name: 'fsarchiver -j2 -Z1',
					prepare: `rm -f '${at('fsarchiver.fsa')}'`,
					command: `device=$(losetup -f --show -r '${volume.day1}') && fsarchiver savefs -o -j2 -Z1 '${at('fsarchiver.fsa')}' $device > /dev/null 2>&1; status=$?; losetup -d $device; test $status = 0`,
					output: at('fsarchiver.fsa'),
				},
			];
		case 'ntfs':
			return [
				{
					name: 'ntfsclone | zstd -1 -T2',
					command: `ntfsclone -s -o - '${volume.day1}' 2> /dev/null | zstd -q -f -1 -T2 -o '${at('ntfsclone.zst')}'`,
					output: at('ntfsclone.zst'),
				},
			];
		case 'fat32':
		case 'xfs-16t':
			return [];
	}
}

function checkVolume(fileSystem: FileSystemName, image: string): string {
	return {
		ext4: `e2fsck -fn '${image}'`,
		ntfs: `ntfsfix -n '${image}'`,
		fat32: `fsck.fat -n '${image}'`,
		'xfs-16t': `xfs_repair -n '${image}'`,
	}[fileSystem];
}
