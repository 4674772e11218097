import { execFile } from 'node:child_process';
import { chmod, chown, lstat, realpath, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { AfterimageError } from '../../base/errors.ts';
import { foreignSids, foreignWriter } from './foreign-writers.ts';

const run = promisify(execFile);

/** A path that others may write, and who. */
export interface OpenPath {
	readonly path: string;
	readonly reason: string;
}

/**
 * What of a file and the folders above it others than the user and administrators may write: whoever may, decides what
 * the file says when it is used. Empty when nobody else may.
 */
export async function openPaths(file: string): Promise<readonly OpenPath[]> {
	const real = await realpath(file);
	if (process.platform === 'win32') return openOnWindows(real);
	const found: OpenPath[] = [];
	for (const path of new Set([...withFoldersAbove(resolve(file)), ...withFoldersAbove(real)])) {
		const stat = await lstat(path);
		const kind = stat.isSymbolicLink() ? 'link' : stat.isDirectory() ? 'folder' : 'file';
		const reason = foreignWriter({ mode: stat.mode, uid: stat.uid, kind }, process.getuid!());
		if (reason !== undefined) found.push({ path, reason });
	}
	return found;
}

/**
 * Takes from others the right to write these paths; root also takes over what is another's.
 * @throws AfterimageError `permission-denied` when the user may not do that
 */
export async function restrict(paths: readonly OpenPath[]): Promise<void> {
	for (const { path } of paths) {
		try {
			if (process.platform === 'win32') await restrictOnWindows(path);
			else await restrictOnPosix(path);
		} catch (error) {
			throw new AfterimageError('permission-denied', `The permissions of ${path} cannot be changed`, {
				advice: 'Ask its owner or an administrator, or keep the file elsewhere',
				cause: error,
			});
		}
	}
}

async function restrictOnPosix(path: string): Promise<void> {
	const { mode, uid, gid } = await stat(path);
	if (process.getuid!() === 0 && uid !== 0) await chown(path, 0, gid);
	await chmod(path, mode & 0o7755);
}

function withFoldersAbove(path: string): string[] {
	const folder = dirname(path);
	return folder === path ? [path] : [path, ...withFoldersAbove(folder)];
}

/** The file and its folder: what stands further up is the system's, and inherits to neither once it is restricted. */
async function openOnWindows(file: string): Promise<readonly OpenPath[]> {
	const script =
		'[Security.Principal.WindowsIdentity]::GetCurrent().User.Value; foreach ($p in $args) { (Get-Acl -LiteralPath $p).Sddl }';
	const { stdout } = await powerShell(script, [file, dirname(file)]);
	const [self = '', ofFile = '', ofFolder = ''] = stdout.split(/\r?\n/);
	return [
		{ path: file, sids: foreignSids(ofFile, self) },
		{ path: dirname(file), sids: foreignSids(ofFolder, self) },
	].flatMap(({ path, sids }) => (sids.length === 0 ? [] : [{ path, reason: sids.join(', ') }]));
}

async function restrictOnWindows(path: string): Promise<void> {
	const isFolder = (await stat(path)).isDirectory();
	const all = isFolder ? ':(OI)(CI)F' : ':F';
	const grants = ['*S-1-5-18', '*S-1-5-32-544', process.env['USERNAME'] ?? '*S-1-3-4'].map((who) => who + all);
	await run('icacls.exe', [path, '/inheritance:r', '/grant:r', ...grants], { windowsHide: true });
}

function powerShell(script: string, args: readonly string[]): Promise<{ stdout: string }> {
	const quoted = args.map((arg) => `'${arg.replaceAll("'", "''")}'`).join(' ');
	const command = `& { ${script} } ${quoted}`;
	return run('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', command], { windowsHide: true });
}
