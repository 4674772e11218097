import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mounted } from './mounted.ts';
import { searchPath } from './run.ts';

/** What tests with {@link throughSshfs} need on the machine; no server has to run. */
export const sshfsTools = ['sshfs'];
export const sftpServer = '/usr/lib/openssh/sftp-server';

export interface Share {
	/** Where the share is mounted. */
	readonly folder: string;
	/** What it shows. */
	readonly server: string;
	/** Ends the server, as where the connection breaks. */
	loseServer(): Promise<void>;
}

/**
 * A folder through sshfs and the SFTP server of OpenSSH, without the network between.
 * @param scratch a folder for it; what an earlier try of the test left there is removed
 * @param denied requests that the server refuses, as `sftp-server -P` names them
 */
export async function throughSshfs<T>(
	scratch: string,
	denied: readonly string[],
	fn: (share: Share) => Promise<T>,
): Promise<T> {
	const [server, command] = [join(scratch, 'server'), join(scratch, 'command')];
	const [pid, lost] = [join(scratch, 'pid'), join(scratch, 'lost')];
	await rm(scratch, { recursive: true, force: true });
	await mkdir(server, { recursive: true });
	const options = denied.length === 0 ? '' : ` -P ${denied.join(',')}`;
	await writeFile(command, `#!/bin/sh\necho $$ > ${pid}\nexec ${sftpServer}${options}\n`);
	await chmod(command, 0o755);
	// It fails when it loses its server.
	const script = `sshfs -f -o ssh_command=${command} "$@" || test -e ${lost}`;
	const how = { command: 'sh', args: ['-c', script, 'sshfs'] };
	return mounted(`server:${server}`, how, (folder) =>
		fn({
			folder,
			server,
			async loseServer() {
				await writeFile(lost, '');
				process.kill(Number(await readFile(pid, 'utf8')), 'SIGKILL');
			},
		}),
	);
}

/** A folder through `rclone mount`. @param options such as `--vfs-cache-mode writes` */
export async function throughRclone<T>(
	server: string,
	options: readonly string[],
	fn: (folder: string) => Promise<T>,
): Promise<T> {
	await mkdir(server, { recursive: true });
	const env = ['RCLONE_CONFIG=/dev/null', `PATH=${searchPath}`];
	return mounted(server, { command: 'env', args: [...env, 'rclone', 'mount', ...options] }, fn);
}
