import { existsSync, readdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { release } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { AfterimageError } from '../../base/errors.ts';
import { systemPhrase } from '../../base/system-phrase.ts';

/** A kernel with its modules. */
export interface Kernel {
	/** As `uname -r` has it. */
	readonly release: string;
	/** Path of the kernel itself. */
	readonly file: string;
	/** Folder of its modules, such as `/lib/modules/6.1.0-21-amd64`. */
	readonly modules: string;
}

const advice =
	'Install one (on Debian: apt-get install linux-image-amd64, on Ubuntu: linux-image-generic), or name one with --kernel.';

/**
 * The kernel that a rescue medium gets: the one named, or that which runs, or the newest in /boot.
 * @throws AfterimageError `file-missing` where it has no modules or there is none, `permission-denied`, `invalid-argument`
 *   for a file that is no kernel
 */
export async function chooseKernel(named: string | undefined): Promise<Kernel> {
	if (named !== undefined) return kernelOf(named);
	for (const name of await kernelsHere()) {
		const found = kernelPlaces(name).find((path) => existsSync(path));
		if (found !== undefined) return kernelOf(found);
	}
	throw new AfterimageError('file-missing', 'No kernel with modules was found in /boot and /lib/modules', { advice });
}

/** Releases that have modules: the running one, then from the newest on. */
async function kernelsHere(): Promise<readonly string[]> {
	const names = existsSync('/lib/modules') ? readdirSync('/lib/modules') : [];
	const byVersion = new Intl.Collator('en', { numeric: true });
	return [...new Set([release(), ...names.sort((a, b) => byVersion.compare(b, a))])].filter((name) =>
		names.includes(name),
	);
}

/** Where distributions keep a kernel. */
function kernelPlaces(name: string): readonly string[] {
	return [`/boot/vmlinuz-${name}`, `/lib/modules/${name}/vmlinuz`];
}

async function kernelOf(file: string): Promise<Kernel> {
	const name = await releaseIn(file);
	// Of a system that is mounted elsewhere the modules are there too.
	const places = [join(dirname(file), '../lib/modules', name), join('/lib/modules', name), dirname(file)];
	const modules = places.find((folder) => basename(folder) === name && existsSync(join(folder, 'modules.dep')));
	if (modules !== undefined) return { release: name, file, modules };
	throw new AfterimageError('file-missing', `The kernel ${file} is ${name}, of which no modules are in ${places[1]!}`, {
		advice,
	});
}

/** Bytes of a kernel that hold its header and, in all that are made today, the text of its version. */
const headLength = 1 << 16;

/** The release that a kernel names in itself: Documentation/arch/x86/boot.rst of Linux, `kernel_version` at 0x20e. */
async function releaseIn(file: string): Promise<string> {
	const head = await readHead(file);
	const isKernel = head.length > 0x210 && head.toString('latin1', 0x202, 0x206) === 'HdrS';
	const at = isKernel ? head.readUInt16LE(0x20e) + 0x200 : head.length;
	const [name = ''] = head.toString('latin1', at, at + 128).split(/[ \0]/);
	if (/^\d+\.\d+[\w.+~-]*$/.test(name)) return name;
	throw new AfterimageError('invalid-argument', `${file} is no kernel of Linux for x86-64 (no version in its header)`, {
		advice,
	});
}

/** Some distributions let nobody but root read their kernel. */
function asRoot(): string {
	const electron = process.versions['electron'] === undefined ? '' : 'env ELECTRON_RUN_AS_NODE=1 ';
	return `Run it as root: sudo ${electron}${process.execPath} ${process.argv.slice(1).join(' ')}`;
}

async function readHead(file: string): Promise<Buffer> {
	try {
		const handle = await open(file);
		try {
			const { bytesRead, buffer } = await handle.read(Buffer.alloc(headLength), 0, headLength, 0);
			return buffer.subarray(0, bytesRead);
		} finally {
			await handle.close();
		}
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		const denied = code === 'EACCES' || code === 'EPERM';
		throw new AfterimageError(
			denied ? 'permission-denied' : 'file-missing',
			`The kernel ${file} cannot be read: ${systemPhrase(error)}`,
			{ advice: denied ? asRoot() : advice },
		);
	}
}
