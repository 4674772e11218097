import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDemoDisk, tool } from '../make-demo-disk.ts';
import { run } from './own-machine.ts';
import { makeServerFiles, upgradeServer } from './server-files.ts';

/** Folder of the sample disks. */
export const disks = '/mnt/disks';
/** Folder of their backups. */
export const backups = '/mnt/backups';
const day = 24 * 60 * 60 * 1000;

/** A disk of a size as people have: its file systems call much of their room used, but no byte of it is on the medium. */
function makeLargeDisk(path: string): void {
	const partitions = [
		{ start: 1, length: 512, type: 'EF00', name: 'EFI system partition', used: 0 },
		{ start: 513, length: 61_440, type: '8300', name: 'system', used: 27_000 },
		{ start: 61_953, length: 414_720, type: '8300', name: 'home', used: 238_000 },
	];
	tool('truncate', '-s', '476941M', path);
	for (const [index, { start, length, type, name, used }] of partitions.entries()) {
		const number = index + 1;
		tool(
			'sgdisk',
			'-n',
			`${number}:${start * 2048}:+${length}M`,
			'-t',
			`${number}:${type}`,
			'-c',
			`${number}:${name}`,
			path,
		);
		if (type === 'EF00') {
			tool('mkfs.fat', '-F', '32', '-n', 'EFI', '--offset', String(start * 2048), path, String(length * 1024));
			continue;
		}
		const offset = start * 2 ** 20;
		tool(
			'mkfs.ext4',
			'-q',
			'-F',
			'-L',
			name,
			'-E',
			`offset=${offset},lazy_itable_init=1,nodiscard`,
			path,
			`${length}M`,
		);
		const at = `${path}?offset=${offset}`;
		tool('debugfs', '-w', '-R', 'write /dev/null archive', at);
		tool('debugfs', '-w', '-R', `fallocate archive 0 ${used * 256 - 1}`, at);
	}
}

function makeDefinition(folder: string, name: string, disk: string, more: string): string {
	const path = join(folder, `${name}.xml`);
	const text = `<?xml version="1.0" encoding="UTF-8"?>
<backup_definition xmlns="https://afterimage.dev/schema/backup-definition/1">
	<name>${name}</name>
	<sources>
		<raw_file path="${disk}"/>
	</sources>
	<destination>
		<folder>${backups}</folder>
	</destination>
	${more}
</backup_definition>
`;
	writeFileSync(path, text, { mode: 0o600 });
	return path;
}

const schedules = `<scheduling>
		<schedule backup_type="full">
			<monthly_weekday week="first" weekday="monday" time="09:00"/>
		</schedule>
		<schedule backup_type="inc">
			<weekly days="monday tuesday wednesday thursday friday saturday" time="09:00"/>
		</schedule>
	</scheduling>`;

/** Runs the command line as it would have run some days ago. */
function afterimage(daysAgo: number, ...args: readonly string[]): void {
	const shift = `const now = Date.now; Date.now = () => now() - ${daysAgo * day};
globalThis.Date = class extends Date { constructor(...args) { args.length ? super(...args) : super(Date.now()); } };`;
	run(
		process.execPath,
		'--import',
		`data:text/javascript,${encodeURIComponent(shift)}`,
		'dist/afterimage.mjs',
		...args,
	);
}

/** One more file on the sample disk's EFI partition. */
function changeDisk(disk: string, start: number, number: number): void {
	const file = `/mnt/note-${number}.txt`;
	writeFileSync(file, `Note ${number}\n`.repeat(60_000 * number));
	tool('mcopy', '-i', `${disk}@@${start}`, file, '::');
	rmSync(file);
}

/**
 * Definitions in the folder `definitions`, a set of some weeks and its runs.
 * @param rateLimit KB a second of the one that a picture shows while it runs
 */
export function makeSamples(definitions: string, rateLimit: number): void {
	mkdirSync(disks);
	mkdirSync(backups, { mode: 0o700 });
	makeLargeDisk(join(disks, 'workstation.img'));
	const server = makeDemoDisk(join(disks, 'home-server.img'), 512 * 2 ** 20);
	const [boot, root] = server.partitions.map(({ start }) => start);
	const system = `${server.path}?offset=${root}`;
	makeServerFiles(system, 17);
	const definition = makeDefinition(definitions, 'Home server', server.path, schedules);
	makeDefinition(definitions, 'Before the upgrade', server.path, `<rate_limit>${rateLimit}</rate_limit>`);
	makeDefinition(definitions, 'Workstation', join(disks, 'workstation.img'), '');
	const plan = [
		[16, 'full'],
		[15, 'inc'],
		[14, 'inc'],
		[8, 'diff'],
		[2, 'inc'],
	] as const;
	for (const [index, [daysAgo, type]] of plan.entries()) {
		if (index > 0) changeDisk(server.path, boot!, index);
		if (index === plan.length - 1) upgradeServer(system, daysAgo);
		afterimage(daysAgo, 'backup', definition, '--type', type);
	}
	const newest = readdirSync(backups).find((name) => name.endsWith('-04-04.mrimgx'))!;
	afterimage(1, 'verify', join(backups, newest));
}
