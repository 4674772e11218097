import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { searchPath } from '../../support/run.ts';
import { smallCpioArchive, type SmallEntry } from '../../../src/rescue/boot/cpio.ts';

/** The folder of this project. */
export const project = resolve(import.meta.dirname, '../../..');
const kernelFolder = join(project, '.vm-test/kernel');

/** What stands between the kernel and the files of the host; the machine loads the rest from there. */
const neededModules = ['virtio_pci', 'virtio_console', '9pnet_virtio', '9p', 'overlay'];

/** The kernel that `scripts/vm/install.sh` brought, by its path. */
export function kernelFile(): string {
	return join(kernelFolder, 'boot', `vmlinuz-${kernelRelease()}`);
}

function kernelRelease(): string {
	return readdirSync(join(kernelFolder, 'lib/modules'))[0]!;
}

/** The first root of a machine: busybox, `init.sh`, and the modules that make the host's files its own. */
export function initramfs(): Buffer {
	const modules = kernelModules(neededModules);
	const folder = (path: string): SmallEntry => ({ kind: 'folder', path });
	const file = (path: string, text: Uint8Array): SmallEntry => ({ kind: 'text', path, text, mode: 0o755 });
	return smallCpioArchive([
		...['bin', 'changes', 'covered', 'dev', 'host', 'modules', 'proc', 'root', 'sys'].map(folder),
		file('bin/busybox', busybox()),
		file('init', readFileSync(join(import.meta.dirname, 'init.sh'))),
		file('project', Buffer.from(project)),
		file('modules/order', Buffer.from(modules.map(({ name }) => name).join('\n'))),
		...modules.map(({ name, data }) => file(`modules/${name}`, data)),
	]);
}

/** The program, which needs no other file. */
export function busybox(): Buffer {
	return readFileSync(tool('sh', '-c', 'command -v busybox').toString().trim());
}

/** Those modules and what they need, as far as that is not part of the kernel itself; each after those that it needs. */
export function kernelModules(names: readonly string[]): { readonly name: string; readonly data: Uint8Array }[] {
	const args = ['--dirname', kernelFolder, '--set-version', kernelRelease(), '--show-depends', '--all'];
	const commands = tool('modprobe', ...args, ...names).toString();
	const files = new Set([...commands.matchAll(/^insmod (\S+)/gm)].map(([, path]) => path!));
	return [...files].map((path) => ({ name: `${basename(path).split('.')[0]}.ko`, data: moduleData(path) }));
}

/** Busybox loads modules as they are, so those that a package has compressed are unpacked. */
function moduleData(path: string): Uint8Array {
	const compressors: Record<string, string> = { '.gz': 'gzip', '.xz': 'xz', '.zst': 'zstd' };
	const compressor = compressors[extname(path)];
	return compressor === undefined ? readFileSync(path) : tool(compressor, '-dc', path);
}

function tool(command: string, ...args: readonly string[]): Buffer {
	return execFileSync(command, args, { env: { ...process.env, PATH: searchPath }, maxBuffer: 1 << 26 });
}
