import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileEntry, type MediumEntry } from '../medium/entries.ts';
import type { Kernel } from './kernel.ts';
import { needProgram, runProgram } from './tools.ts';

/** Folders below `kernel/` with what disks, keyboards, networks and file systems need; the rest only as these need it. */
const folders = [
	...['acpi', 'ata', 'block', 'cdrom', 'char', 'dax', 'firewire', 'hid', 'hv', 'i2c', 'input', 'md', 'memstick'],
	...['message', 'misc', 'mmc', 'mfd', 'nvdimm', 'nvme', 'pci', 'phy', 'pinctrl', 'rtc', 'scsi', 'thunderbolt', 'tty'],
	...['ufs', 'usb', 'virtio', 'xen'],
	...['ethernet', 'hyperv', 'mdio', 'phy', 'usb'].map((name) => `net/${name}`),
].map((name) => `drivers/${name}/`);
const files = /^drivers\/net\/[^/]+\.ko|^net\/packet\/|^net\/ipv6\/ipv6\.ko|^crypto\/|^arch\/|^lib\//;

/** File systems that a backup is not on, with all that they bring along. */
const leftOut = /^fs\/(afs|ceph|coda|dlm|gfs2|ocfs2|orangefs)\/|^drivers\/(misc\/habanalabs|usb\/gadget)\//;

/**
 * The modules of a kernel that a rescue medium gets, with those that they need, their indexes and the firmware that they ask for.
 * @param modulesDep text of `modules.dep`: a module, a colon, and the modules that it needs
 * @returns paths below the folder of modules
 */
export function chooseModules(modulesDep: string): ReadonlySet<string> {
	const needs = new Map(
		modulesDep
			.split('\n')
			.map((line) => line.split(':'))
			.filter((parts) => parts.length === 2)
			.map(([name, needed]) => [name!, needed!.split(' ').filter((one) => one !== '')]),
	);
	const chosen = new Set<string>();
	const add = (name: string) => {
		if (chosen.has(name)) return;
		chosen.add(name);
		needs.get(name)?.forEach(add);
	};
	for (const name of needs.keys()) if (isWanted(name)) add(name);
	return chosen;
}

function isWanted(name: string): boolean {
	const path = name.replace(/^(kernel|updates|extra)\//, '');
	if (leftOut.test(path)) return false;
	return path.startsWith('fs/') || files.test(path) || folders.some((folder) => path.startsWith(folder));
}

/** The files of {@link chooseModules}, as the medium has them. */
export async function moduleEntries(
	{ release, modules }: Kernel,
	signal: AbortSignal,
): Promise<readonly MediumEntry[]> {
	const chosen = [...chooseModules(readFileSync(join(modules, 'modules.dep'), 'utf8'))].filter((name) =>
		existsSync(join(modules, name)),
	);
	const indexes = readdirSync(modules).filter((name) => name.startsWith('modules.'));
	const entries = [...chosen, ...indexes].map((name) =>
		fileEntry(`lib/modules/${release}/${name}`, join(modules, name), 0o644),
	);
	return [
		...entries,
		...(await firmwareEntries(
			chosen.map((name) => join(modules, name)),
			signal,
		)),
	];
}

/** Firmware that is there, compressed or not. */
async function firmwareEntries(paths: readonly string[], signal: AbortSignal): Promise<readonly MediumEntry[]> {
	const modinfo = needProgram('modinfo', 'kmod');
	const text = (await runProgram(modinfo, ['-F', 'firmware', ...paths], signal)).toString('utf8');
	const names = [...new Set(text.split('\n'))].filter((name) => name !== '' && !name.split('/').includes('..'));
	return names.flatMap((name) =>
		['', '.xz', '.zst']
			.map((suffix) => `lib/firmware/${name}${suffix}`)
			.filter((path) => existsSync(join('/', path)))
			.map((path) => fileEntry(path, join('/', path), 0o644)),
	);
}
