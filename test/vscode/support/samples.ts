import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { tool } from './harness.ts';

/**
 * A raw disk file: GPT, one ext4 partition of 30 MiB with some files in it. Made by sgdisk and mkfs.ext4.
 * @param random whether the files do not compress
 */
export function makeDisk(folder: string, name = 'disk.img', random = false): string {
	const disk = join(folder, name);
	const files = join(folder, `${name}.files`);
	const volume = join(folder, `${name}.ext4`);
	mkdirSync(files);
	for (let number = 0; number < 8; number++) {
		const data = random ? randomBytes(2_000_000) : Buffer.alloc(300_000, `${name} ${number} `);
		writeFileSync(join(files, `file-${number}`), data);
	}
	tool('mkfs.ext4', '-q', '-L', 'SAMPLE', '-d', files, volume, '30M');
	tool('truncate', '-s', '33M', disk);
	tool('sgdisk', '-n', '1:2048:63487', '-c', '1:sample', disk);
	tool('dd', `if=${volume}`, `of=${disk}`, 'bs=1M', 'seek=1', 'conv=notrunc', 'status=none');
	return disk;
}

/** Changes some of the used bytes of the disk's partition. */
export function changeDisk(folder: string, disk: string): void {
	writeFile(folder, disk, `new-${Date.now()}`, Buffer.alloc(200_000, `changed ${Date.now()} `));
}

/** Writes a file into the root of the disk's partition, in the place of what it may be already. */
export function writeFile(folder: string, disk: string, name: string, data: Uint8Array): void {
	const volume = join(folder, 'changed.ext4');
	tool('dd', `if=${disk}`, `of=${volume}`, 'bs=1M', 'skip=1', 'count=30', 'status=none');
	const file = join(folder, 'new-file');
	writeFileSync(file, data);
	tool('debugfs', '-w', '-R', `rm ${name}`, volume);
	tool('debugfs', '-w', '-R', `write ${file} ${name}`, volume);
	tool('dd', `if=${volume}`, `of=${disk}`, 'bs=1M', 'seek=1', 'conv=notrunc', 'status=none');
	rmSync(volume);
}

export interface DefinitionParts {
	readonly name?: string;
	readonly sources: string;
	readonly folder: string;
	readonly more?: string;
}

export function definitionXml({ name = 'Sample', sources, folder, more = '' }: DefinitionParts): string {
	return `<?xml version="1.0" encoding="UTF-8"?>
<!-- a comment that stays -->
<backup_definition xmlns="https://afterimage.dev/schema/backup-definition/1">
	<name>${name}</name>
	<sources>${sources}</sources>
	<destination>
		<folder>${folder}</folder>
	</destination>${more}
</backup_definition>
`;
}

/** A definition that images a raw file, in a folder that nobody else may write. Gives its path. */
export function makeDefinition(folder: string, disk: string, destination: string, more = ''): string {
	mkdirSync(destination, { recursive: true });
	const path = join(folder, 'Sample.xml');
	const text = definitionXml({ sources: `<raw_file path="${disk}"/>`, folder: destination, more });
	writeFileSync(path, text, { mode: 0o600 });
	return path;
}

/** Runs the built command line with the runtime of the extension host. Gives the files that an image has made. */
export function image(disk: string, folder: string, ...options: readonly string[]): readonly string[] {
	const cli = join(extensionPath(), 'dist/afterimage.mjs');
	const lines = tool(process.execPath, cli, 'image', disk, '--to', folder, '--json', ...options)
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line) as { type: string; files?: string[] });
	return lines.find(({ type }) => type === 'result')!.files!;
}

function extensionPath(): string {
	return vscode.extensions.getExtension('afterimage.afterimage')!.extensionPath;
}
