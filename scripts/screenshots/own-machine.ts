import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extensionFolder, installExtension } from '../../test/support/vscode-server.ts';

/** Runs a program in the project's folder. @throws Error if it does not end with 0 */
export function run(command: string, ...args: readonly string[]): void {
	const { status } = spawnSync(command, args, { cwd: extensionFolder, stdio: 'inherit', env: process.env });
	if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
}

/** What a script that takes pictures finds on its machine. */
export interface OwnMachine {
	/** The folder that VS Code opens. */
	readonly workspace: string;
	/** Folder of a person's definitions. */
	readonly definitions: string;
	/** Folder of the history of runs. */
	readonly history: string;
	/** Folder of installed extensions, with this one as it is packaged. */
	readonly extensions: string;
}

/**
 * Runs `script` again where /mnt is its own and there are no other disks, and there calls `take` with the packaged
 * extension. Never returns but there.
 */
export async function onOwnMachine(script: string, take: (machine: OwnMachine) => Promise<void>): Promise<void> {
	if (process.env['AFTERIMAGE_PICTURES'] === undefined) inNamespace(script);
	const folder = mkdtempSync(join(tmpdir(), 'afterimage-pictures-'));
	try {
		const machine = {
			workspace: join(folder, 'workspace'),
			definitions: join(folder, 'afterimage/definitions'),
			history: join(folder, 'history'),
			extensions: join(folder, 'extensions'),
		};
		mkdirSync(machine.workspace);
		mkdirSync(machine.definitions, { recursive: true, mode: 0o700 });
		Object.assign(process.env, { XDG_DATA_HOME: folder, XDG_RUNTIME_DIR: folder, AFTERIMAGE_DATA: machine.history });
		const vsix = join(folder, 'afterimage.vsix');
		run(process.execPath, 'esbuild.mjs');
		run(process.execPath, 'scripts/package.ts', '--out', vsix);
		installExtension(vsix, machine.extensions);
		await take(machine);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

function inNamespace(script: string): never {
	const setup = `mount -t tmpfs tmpfs /mnt && mount -t tmpfs tmpfs /sys/class/block && exec "$0" "$@"`;
	const { status } = spawnSync('unshare', ['--mount', 'sh', '-c', setup, process.execPath, script], {
		stdio: 'inherit',
		env: { ...process.env, AFTERIMAGE_PICTURES: 'yes' },
	});
	process.exit(status ?? 1);
}
