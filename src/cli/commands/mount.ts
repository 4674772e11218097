import type { JobControl } from '../../engine/engine.ts';
import type { Mounted } from '../../engine/requests/mount.ts';
import { fileSystemName } from '../../protocol/file-system-name.ts';
import { commonHelp, type Command } from '../command.ts';
import { flagOf, invalid, numberOf, pathOf } from '../options/option-values.ts';
import { partitionsMeant } from '../options/partition-choice.ts';
import { givenPassword, withPassword } from '../options/password.ts';

export const mountCommand: Command = {
	name: 'mount',
	summary: 'Show a backup as a folder that every program can read (Linux)',
	help: `Usage: afterimage mount FILE FOLDER [options]

Shows the backup of FILE, any of a set, as FOLDER: read-only, for every program. It stays there until Ctrl+C, or until
somebody unmounts it (umount FOLDER, as a user fusermount3 -u FOLDER); exit code 0 then. FOLDER has to be empty; one
that is not there is made, and removed at the end.

  --disk N               Disk of the image, when it holds several
  --partition N          Only this partition
  --raw                  The bytes of the disk and of its partitions as files, instead of their files
  --password-file F      Password of an encrypted image, in the first line of F
${commonHelp}

With one partition that has files, these are what FOLDER holds. With several it holds a folder for each, named by its
number and label (2 Windows), those of several disks in folders disk-0, disk-1, and the folder raw with what --raw
shows: disk.raw, the whole disk as a restore would write it, and partition-N.raw, for losetup, qemu-img and the like;
of several disks disk-N.raw and disk-N-partition-N.raw. The volumes of LVM are folders by their names.

Kinds, sizes, holes, times, owners, permission bits, hard links, access lists and extended attributes are those of the
backup, as far as its file systems have them. What comes from Windows or FAT belongs to who mounts it, and may be read
by all. Names are told apart by case everywhere. Set-user-ID has no effect and devices open nothing.
Root needs no program for it, and lets everybody in, as far as owners, permission bits and access lists admit. Others
need fusermount3 (the package fuse3); nobody else gets in then, not even root, and all can be read.

Where blocks of the image are damaged, what lies in them cannot be read (EIO), and is told with file and block; the rest
can. While something in FOLDER is still open, Ctrl+C unmounts it all the same. A process that is killed leaves a dead
mount behind: the next one at FOLDER takes it away. The image files stay open while it is mounted: they may be merged,
purged or deleted meanwhile, but nobody may write into them. With --json the result comes as soon as FOLDER can be used.
`,
	options: {
		disk: { type: 'string' },
		partition: { type: 'string' },
		raw: { type: 'boolean' },
		'password-file': { type: 'string' },
	},
	async run(values, operands, { engine, output, signal }) {
		const [image, folder] = operands;
		if (image === undefined) throw invalid('FILE is missing');
		if (folder === undefined) throw invalid('FOLDER is missing');
		if (operands.length > 2) throw invalid(`Expected FILE and FOLDER, found ${operands.join(' ')}`);
		const asked = {
			disk: numberOf(values, 'disk', { least: 0, such: '0' }),
			partition: numberOf(values, 'partition', { least: 0, such: '1' }),
		};
		const raw = flagOf(values, 'raw');
		const given = givenPassword(pathOf(values, 'password-file'), output);
		const control: JobControl = { signal, emit: (event) => output.event(event) };
		await withPassword(given, signal, async (password) => {
			const partitions = await partitionsMeant(image, asked, engine, password, control);
			const onMounted = (mounted: Mounted) => output.result(mounted, linesOf(mounted));
			await engine.mount({ image, partitions, folder, raw, password }, control, onMounted);
		});
		return 0;
	},
};

function linesOf({ image, folder, partitions, raw, shared }: Mounted): string[] {
	const lines = partitions.map(({ disk, partition, fileSystem, path }) => {
		const what = `partition ${partition} of disk ${disk} (${fileSystemName(fileSystem)})`;
		return path === '' ? `It holds the files of ${what}` : `${path}: the files of ${what}`;
	});
	const bytes = raw === '' ? 'It holds' : `${raw}:`;
	return [
		`${image} is mounted at ${folder}, read-only`,
		...lines,
		...(raw === undefined ? [] : [`${bytes} the bytes of the disk and its partitions`]),
		`To end it press Ctrl+C, or: ${shared ? 'umount' : 'fusermount3 -u'} ${folder}`,
	];
}
