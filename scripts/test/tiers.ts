import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Tier, TierResult } from './tier.ts';
import { vitest } from './vitest-project.ts';

function hasProgram(name: string): boolean {
	const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
	return folders.some((folder) => existsSync(join(folder, name)));
}

/** Which of these programs the machine has not, as a reason; undefined when it has them all. */
function withoutPrograms(...names: string[]): string | undefined {
	const missing = names.filter((name) => !hasProgram(name));
	return missing.length === 0
		? undefined
		: `${missing.join(', ')} missing (scripts/install-system-packages.sh installs them)`;
}

/** Whether the VS Code tiers find a browser, or why not. */
function needsBrowser(): string | undefined {
	return hasProgram('chromium')
		? undefined
		: 'Chromium is not installed (scripts/install-system-packages.sh installs it)';
}

/** Disks are made as files, so that the tier needs the vendors' tools but not root. */
function needsWindowAndDisks(): string | undefined {
	if (process.platform !== 'linux') return 'its disks are made with the tools of Linux';
	return needsBrowser() ?? withoutPrograms('mkfs.ext4', 'debugfs', 'sgdisk', 'xmllint');
}

/** File systems are mounted and disks attached, so the tier needs root, loop devices and the vendors' tools. */
function needsRealDisks(): string | undefined {
	if (process.platform !== 'linux') return 'it mounts file systems, which these tests do on Linux only';
	if (process.getuid?.() !== 0) return 'it mounts file systems, which needs root';
	if (!existsSync('/dev/loop-control')) return 'this machine has no loop devices';
	if (!existsSync('/dev/fuse')) return 'this machine has no /dev/fuse';
	return withoutPrograms(
		'mkfs.ext4',
		'mkfs.xfs',
		'mkfs.btrfs',
		'mkntfs',
		'mkfs.fat',
		'mkfs.exfat',
		'mcopy',
		'fusermount3',
		'lvm',
		'sgdisk',
		'sfdisk',
		'xmllint',
	);
}

/** Windows programs run under Wine, and the compiler for Windows makes the driver and libraries that tests put under them. */
function needsWine(): string | undefined {
	if (process.platform !== 'linux' || process.arch !== 'x64') return 'it runs Wine on Linux and x64 only';
	return withoutPrograms(
		'wine',
		'x86_64-w64-mingw32-gcc',
		'x86_64-w64-mingw32-g++',
		'mkntfs',
		'ntfscp',
		'ntfsfix',
		'mkfs.fat',
		'sgdisk',
		'sfdisk',
		'unzip',
	);
}

/** Virtual machines run a kernel of Debian or Ubuntu on a computed processor, over the files and with the tools of this machine. */
function needsVirtualMachine(): string | undefined {
	if (process.platform !== 'linux' || process.arch !== 'x64') return 'its kernel is one for Linux on x64';
	if (!existsSync('.vm-test/.complete') && !hasProgram('apt-get')) return 'its kernel is a package of Debian or Ubuntu';
	const loaders = [
		...['/usr/lib/grub/i386-pc', '/usr/lib/grub/x86_64-efi', '/usr/lib/grub/x86_64-efi-signed'],
		...['/usr/lib/shim/shimx64.efi.signed', '/usr/share/ovmf/OVMF.fd', '/usr/share/OVMF/OVMF_CODE_4M.ms.fd'],
	];
	const missing = loaders.find((path) => !existsSync(path));
	if (missing !== undefined) return `${missing} is not there (scripts/install-system-packages.sh brings it)`;
	return withoutPrograms(
		'qemu-system-x86_64',
		'grub-mkimage',
		'busybox',
		'modprobe',
		'udevadm',
		'lvm',
		'cryptsetup',
		'mdadm',
		'sfdisk',
		'sgdisk',
		'mkfs.ext4',
		'mkfs.xfs',
		'mkfs.fat',
		'mcopy',
		'mkntfs',
		'ntfs-3g',
		'xorriso',
	);
}

function needsSample(): string | undefined {
	const folder = process.env['AFTERIMAGE_SHARED_DATA'] ?? '../shared/data';
	return existsSync(join(folder, 'macrium-demo.mrimgx.xz'))
		? undefined
		: 'the Macrium sample is not there (set AFTERIMAGE_SHARED_DATA to the folder of macrium-demo.mrimgx.xz)';
}

type Command = [string, ...string[]];

/** Commands of which each may need what those before it made. */
function steps(...commands: Command[]): Tier['run'] {
	return async (run) => {
		const codes: number[] = [];
		for (const [command, ...args] of commands) codes.push(await run(command, args));
		return resultOf(commands, codes);
	};
}

/** Commands that have nothing to do with each other, side by side: each has use for one processor. */
function together(...commands: Command[]): Tier['run'] {
	return async (run) =>
		resultOf(commands, await Promise.all(commands.map(([command, ...args]) => run(command, args, 'at once'))));
}

function resultOf(commands: readonly Command[], codes: readonly number[]): TierResult {
	const failed = commands.filter((_, i) => codes[i] !== 0);
	return {
		passed: commands.length - failed.length,
		failed: failed.length,
		failures: failed.map((command) => command.join(' ')),
	};
}

export const tiers: readonly Tier[] = [
	{
		name: 'check',
		what: 'types, lint, format, build',
		cannotRun: () => undefined,
		run: together(
			['tsc', '-p', '.'],
			['eslint', '.'],
			['prettier', '--check', '--log-level=warn', '.'],
			['node', 'esbuild.mjs', '--tests'],
		),
	},
	{ name: 'unit', what: 'logic over in-memory ports', cannotRun: () => undefined, run: vitest('unit') },
	{
		name: 'integration',
		what: 'real file systems, judged by their own tools',
		cannotRun: needsRealDisks,
		run: vitest('integration'),
	},
	{ name: 'interop', what: 'an image written by Macrium Reflect', cannotRun: needsSample, run: vitest('interop') },
	{
		name: 'webview',
		what: 'forms and pages in a real browser',
		cannotRun: needsBrowser,
		run: async (run) => {
			const built = await steps(['node', 'esbuild.mjs'])(run);
			return built.failed > 0 ? built : vitest('webview')(run);
		},
	},
	{
		name: 'windows',
		what: 'Windows code under Wine',
		cannotRun: needsWine,
		run: async (run) => {
			const there = await steps(['scripts/windows/install.sh'])(run);
			return there.failed > 0 ? there : vitest('windows')(run);
		},
	},
	{
		name: 'vm',
		what: 'a running Linux on LVM, guests that start from backups, rescue media, in virtual machines',
		cannotRun: needsVirtualMachine,
		run: async (run) => {
			const there = await steps(['scripts/vm/install.sh'])(run);
			return there.failed > 0 ? there : vitest('vm')(run);
		},
	},
	{
		name: 'vscode',
		what: 'the extension inside the real VS Code',
		cannotRun: needsBrowser,
		run: steps(
			['scripts/vscode/install.sh'],
			['node', 'esbuild.mjs', '--tests'],
			['node', 'scripts/vscode/run-tests.ts'],
		),
	},
	{
		name: 'e2e',
		what: 'the packaged extension in the real VS Code, as a person uses it, on disks in files',
		cannotRun: needsWindowAndDisks,
		run: async (run) => {
			const there = await steps(['scripts/vscode/install.sh'])(run);
			return there.failed > 0 ? there : vitest('e2e')(run);
		},
	},
];
