import { existsSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { AfterimageError } from '../base/errors.ts';
import { writeInitramfs } from './boot/initramfs.ts';
import { writeIso } from './boot/iso.ts';
import { makeLoaders } from './boot/loaders.ts';
import { chooseKernel } from './host/kernel.ts';
import { ownKeymap } from './host/keymap.ts';
import { moduleEntries } from './host/modules.ts';
import { ownEntries } from './host/own-program.ts';
import { busyboxLinks, programEntries, type Ability } from './host/programs.ts';
import { needProgram, runProgram } from './host/tools.ts';
import { withFolders, type MediumEntry } from './medium/entries.ts';
import { mediumEntries } from './medium/medium-entries.ts';
import { inWorkFolder } from './work-folder.ts';

export interface RescueRequest {
	/** Path of the ISO image. */
	readonly to: string;
	/** Takes the place of a file that is there. */
	readonly replace: boolean;
	/** Path of a kernel; undefined for this machine's. */
	readonly kernel: string | undefined;
	/** Path of the built `afterimage.mjs`. */
	readonly script: string;
	/** Of this program, for the greeting. */
	readonly version: string;
}

export interface RescueMedium {
	readonly path: string;
	readonly bytes: number;
	/** Release of its kernel. */
	readonly kernel: string;
	readonly bios: boolean;
	readonly uefi: boolean;
	readonly secureBoot: boolean;
	/** Whether it has this machine's keyboard; that of the United States otherwise. */
	readonly keyboard: boolean;
	readonly lacking: readonly Ability[];
}

/** What is told while it is made. @param bytes of files, uncompressed */
export interface RescueProgress {
	pack(totalBytes: number): void;
	packed(bytes: number): void;
}

/**
 * Makes a rescue medium: an ISO image that starts this machine's Linux in memory, with this program, and restores backups.
 * @throws AfterimageError `not-supported` on other systems and where a program is missing, `invalid-argument` for a path that is taken,
 *   and what the parts throw; nothing is left of it then
 */
export async function makeRescueMedium(
	request: RescueRequest,
	signal: AbortSignal,
	progress: RescueProgress,
): Promise<RescueMedium> {
	expectPlatform();
	const to = resolve(request.to);
	expectFree(to, request.replace);
	const kernel = await chooseKernel(request.kernel);
	needProgram('xorriso', 'xorriso');
	return inWorkFolder(to, async (folder) => {
		const loaders = await makeLoaders(folder, signal);
		const title = `Afterimage ${request.version} rescue medium, made on ${hostname()}, ${dateText(new Date())}`;
		const programs = await programEntries(signal);
		const keymap = await ownKeymap(signal);
		const fixed: readonly MediumEntry[] = [
			...mediumEntries(title, keymap),
			...programs.entries,
			...(await ownEntries(request.script, signal)),
			...(await moduleEntries(kernel, signal)),
		];
		const commands = await runProgram(needProgram('busybox', 'busybox'), ['--list'], signal);
		const entries = withFolders([
			...fixed,
			...busyboxLinks(commands.toString('latin1'), new Set(fixed.map(({ path }) => path))),
		]);
		progress.pack(entries.reduce((sum, entry) => sum + (entry.kind === 'file' ? statSync(entry.source).size : 0), 0));
		const initramfs = join(folder, 'initrd');
		await writeInitramfs(initramfs, entries, kernel.release, signal, (bytes) => progress.packed(bytes));
		const iso = join(folder, 'medium.iso');
		await writeIso(iso, { kernel: kernel.file, initramfs, loaders, title }, folder, signal);
		return {
			file: iso,
			result: {
				path: to,
				bytes: statSync(iso).size,
				kernel: kernel.release,
				bios: loaders.bios !== undefined,
				uefi: loaders.efi !== undefined,
				secureBoot: loaders.efi?.signed === true,
				keyboard: keymap !== undefined,
				lacking: programs.lacking,
			},
		};
	});
}

function expectPlatform(): void {
	if (process.platform === 'linux' && process.arch === 'x64') return;
	const advice =
		process.platform === 'win32'
			? 'Make it on a Linux machine; it restores images of Windows too. In WSL, a Debian with the package linux-image-amd64 will do.'
			: 'Make it on a Linux machine with an x86-64 processor.';
	throw new AfterimageError('not-supported', 'Rescue media are made on Linux for x86-64', { advice });
}

/** @throws AfterimageError `invalid-argument` for a device, a folder, a folder that is not there, and a file that is not to be replaced */
function expectFree(path: string, replace: boolean): void {
	const there = existsSync(path) ? statSync(path) : undefined;
	if (there === undefined || (there.isFile() && replace)) return;
	if (there.isFile()) {
		throw new AfterimageError('invalid-argument', `${path} is there already`, {
			advice: `Take another name than ${basename(path)}, or --replace.`,
		});
	}
	throw new AfterimageError('invalid-argument', `${path} is no file`, {
		advice: 'Name a file that is to be made, such as rescue.iso, and copy it onto a stick.',
	});
}

/** 2026-11-30 */
function dateText(date: Date): string {
	const two = (value: number) => String(value).padStart(2, '0');
	return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
