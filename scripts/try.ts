/**
 * `npm run try`: the real VS Code with the extension and a sample workspace, in your browser. The extension is packaged and
 * installed, as people get it. The workspace has a disk as a raw file, a definition that images it, and a backup set made by
 * the command line. Ctrl-C ends it and removes all of it.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { installExtension, startVsCode } from '../test/support/vscode-server.ts';
import { makeDemoDisk, tool, type DemoDisk } from './make-demo-disk.ts';

const root = resolve(import.meta.dirname, '..');

function run(command: string, ...args: string[]): void {
	const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
	if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
}

function definition(disk: string, backups: string): string {
	return `<?xml version="1.0" encoding="UTF-8"?>
<!-- What is imaged, where to, when, and how long it is kept. Open it as a form with the icon at the top right. -->
<backup_definition xmlns="https://afterimage.dev/schema/backup-definition/1">
	<name>Sample disk</name>
	<comment>A disk as a raw file: nothing of this machine is touched.</comment>
	<sources>
		<raw_file path="${disk}"/>
	</sources>
	<destination>
		<folder>${backups}</folder>
	</destination>
	<scheduling>
		<schedule backup_type="full">
			<monthly_weekday week="first" weekday="monday" time="09:00"/>
		</schedule>
		<schedule backup_type="inc">
			<weekly days="monday tuesday wednesday thursday friday saturday" time="09:00"/>
		</schedule>
	</scheduling>
	<disk_space_management low_space_purge="true">
		<full_retention interval="12"/>
		<incremental_retention interval="10"/>
	</disk_space_management>
</backup_definition>
`;
}

/** Something that the incremental of the sample has to hold. */
function changeDisk(disk: DemoDisk, folder: string): void {
	const file = join(folder, 'new-file.txt');
	writeFileSync(file, 'This file was not there when the disk was imaged first.\n'.repeat(20_000));
	const fat = disk.partitions.find(({ contents }) => contents.startsWith('FAT32'));
	if (fat !== undefined && tool('mcopy', '-i', `${disk.path}@@${fat.start}`, file, '::') !== undefined) return;
	const fd = openSync(disk.path, 'r+');
	writeSync(fd, Buffer.alloc(100_000, 'changed '), 0, 100_000, disk.partitions[0]!.start + 1_000_000);
	closeSync(fd);
}

/** Packages the extension and installs it into a folder of extensions; where it is then. */
function install(extensions: string): string {
	const vsix = join(extensions, '../afterimage.vsix');
	run(process.execPath, join(root, 'scripts/package.ts'), '--out', vsix);
	installExtension(vsix, extensions);
	return join(
		extensions,
		readdirSync(extensions).find((name) => name.startsWith('afterimage.'))!,
	);
}

/** @param extension where the extension is installed, whose command line makes the backups */
function makeWorkspace(folder: string, extension: string): { workspace: string; disk: string } {
	const workspace = join(folder, 'workspace');
	const backups = join(folder, 'backups');
	for (const one of [workspace, backups]) mkdirSync(one);
	const disk = makeDemoDisk(join(workspace, 'sample-disk.img'), 256 * 2 ** 20);
	const path = join(workspace, 'Sample disk.xml');
	writeFileSync(path, definition(disk.path, backups), { mode: 0o600 });
	const backup = (type: string) =>
		run(process.execPath, join(extension, 'dist/afterimage.mjs'), 'backup', path, '--type', type);
	backup('full');
	changeDisk(disk, folder);
	backup('inc');
	return { workspace, disk: disk.path };
}

run('scripts/vscode/install.sh');
const folder = mkdtempSync(join(tmpdir(), 'afterimage-try-'));
try {
	process.env['AFTERIMAGE_DATA'] = join(folder, 'data');
	const extensions = join(folder, 'extensions');
	const { workspace, disk } = makeWorkspace(folder, install(extensions));
	const server = await startVsCode({
		extensions,
		settings: {
			'afterimage.diskFiles': [disk],
			'afterimage.definitionsFolder': join(folder, 'definitions'),
			'chat.disableAIFeatures': true,
			'workbench.secondarySideBar.defaultVisibility': 'hidden',
		},
	});
	const ended = new Promise<void>((done) => {
		for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => done());
	});
	process.stdout.write(`\nVS Code with Afterimage:\n\n  ${server.url(workspace)}\n\nCtrl-C ends it.\n`);
	await ended;
	await server.stop();
} finally {
	rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
