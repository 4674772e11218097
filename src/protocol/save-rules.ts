import type { Translate } from '../base/l10n.ts';

/** Where a backup definition may be kept and what its file is called: the form says it early, the extension decides. */

/**
 * Why a definition may not be saved in a folder, as far as its path tells; undefined when nothing speaks against it.
 * @param destinations folders that the definition writes images to
 */
export function folderObjection(folder: string, destinations: readonly string[], t: Translate): string | undefined {
	const place = folder.trim();
	if (place === '') return t('Choose a folder.');
	if (/^(\\\\|\/\/)/.test(place)) return networkObjection(t);
	if (destinations.some((home) => samePath(home, place))) {
		return t(
			'This is a destination folder of the images. Definitions are needed to create backups only, not to restore ' +
				'them, and do not belong beside the images.',
		);
	}
	return undefined;
}

export function networkObjection(t: Translate): string {
	return t(
		'This is a network share. Always save a definition to a local drive: a share may not be there when the backup is ' +
			'due, and others could change what runs with full rights.',
	);
}

/** `System disk` → `System disk.xml`; characters that Windows or Linux refuse become `_`. */
export function definitionFileName(name: string): string {
	const safe = Array.from(name.trim().replace(/\.xml$/i, ''))
		.map((character) => (/[/\\:*?"<>|]/.test(character) || character.codePointAt(0)! < 0x20 ? '_' : character))
		.join('')
		.replace(/^[. ]+|[. ]+$/g, '')
		.slice(0, 120);
	return `${safe === '' ? 'Backup' : safe}.xml`;
}

function samePath(a: string, b: string): boolean {
	const plain = (path: string) => path.replace(/[\\/]+/g, '/').replace(/\/$/, '');
	const windows = /^[A-Za-z]:/.test(a);
	return windows ? plain(a).toLowerCase() === plain(b).toLowerCase() : plain(a) === plain(b);
}
