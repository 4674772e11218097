import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileEntry, type MediumEntry } from './entries.ts';
import * as scripts from './scripts.ts';

/** What of this machine's settings it takes along: its time zone, and what the shell knows of the screen and of terminals. */
const own = ['etc/localtime', ...['lib', 'usr/share'].map((folder) => `${folder}/terminfo/l/linux`)];

/** What a rescue medium has beside programs and modules: folders, scripts, settings. */
export function mediumEntries(title: string, keymap: Uint8Array | undefined): readonly MediumEntry[] {
	const folders = ['dev', 'media', 'proc', 'root', 'run', 'sys', 'tmp', 'var/lib', 'var/tmp', 'usr/bin'];
	const programs = {
		init: scripts.init,
		'etc/rescue/start': scripts.start,
		'etc/rescue/session': scripts.session,
		'etc/rescue/stop': scripts.stop,
		'etc/rescue/dhcp': scripts.dhcp,
		'usr/bin/afterimage': scripts.afterimage,
		'usr/bin/commands': scripts.commands,
		'usr/bin/find-backups': scripts.findBackups,
		'usr/bin/network': scripts.network,
		'usr/bin/recover': scripts.recover,
		'usr/bin/share': scripts.share,
	};
	const settings = {
		'etc/inittab': scripts.inittab,
		'etc/profile': scripts.profile,
		'etc/lvm/lvm.conf': scripts.lvmConfig,
		'etc/motd': `\n${title}\n\n`,
		'etc/hosts': '127.0.0.1 localhost rescue\n',
		'etc/nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
		'etc/passwd': 'root:x:0:0:root:/root:/usr/bin/sh\n',
		'etc/group': 'root:x:0:\n',
	};
	const text =
		(mode: number) =>
		(entry: [string, string | Uint8Array]): MediumEntry => {
			return { kind: 'text', path: entry[0], text: entry[1], mode };
		};
	return [
		...folders.map((path): MediumEntry => ({ kind: 'folder', path })),
		// One folder has all programs, whatever name of it is used.
		...['bin', 'sbin', 'usr/sbin'].map((path): MediumEntry => ({
			kind: 'link',
			path,
			target: path === 'usr/sbin' ? 'bin' : 'usr/bin',
		})),
		...Object.entries(programs).map(text(0o755)),
		...Object.entries(settings).map(text(0o644)),
		...(keymap === undefined ? [] : [text(0o644)(['etc/rescue/keymap', keymap])]),
		...own.filter((path) => existsSync(join('/', path))).map((path) => fileEntry(path, join('/', path), 0o644)),
	];
}
