import { foldCase } from '../browse/find-node.ts';

/** What names the file system of a folder takes. */
export interface NameRules {
	/** Those of Windows: neither its characters for other purposes, nor its devices, nor a dot or space at the end. */
	readonly windows: boolean;
	/** Whether `A` and `a` are two names. */
	readonly caseSensitive: boolean;
	/** Most bytes of a name in UTF-8. */
	readonly longest: number;
}

/** File systems, as the system names them, whose names are those of Windows wherever they are mounted. */
const windowsFileSystems = /^(vfat|msdos|fat|exfat|ntfs|fuseblk|cifs|smb)/i;

/** @param fileSystem as `Place.fileSystem` */
export function nameRules(fileSystem: string, platform: NodeJS.Platform = process.platform): NameRules {
	if (platform === 'win32') return { windows: true, caseSensitive: false, longest: 765 };
	const windows = windowsFileSystems.test(fileSystem);
	return { windows, caseSensitive: !windows && platform !== 'darwin', longest: 255 };
}

/**
 * The names that the entries of one folder get where they are extracted, in their order: their own, or, where the file system
 * does not take that, one with `_` for each character that it does not take, `_` before the name of a device, cut to the
 * longest that it takes, and ` (2)` behind one that is there already. Undefined for what would lead out of the folder:
 * no file system has such names but by damage.
 */
export function targetNames(names: readonly string[], rules: NameRules): (string | undefined)[] {
	const taken = new Set<string>();
	const keyOf = (name: string) => (rules.caseSensitive ? name : foldCase(name));
	const result = new Array<string | undefined>(names.length).fill(undefined);
	const changed: number[] = [];
	// Names that stay as they are come first: no other takes theirs away.
	for (const [i, name] of names.entries()) {
		if (!isName(name)) continue;
		if (fitting(name, rules) !== name || taken.has(keyOf(name))) {
			changed.push(i);
			continue;
		}
		taken.add(keyOf(name));
		result[i] = name;
	}
	for (const i of changed) {
		const name = fitting(names[i]!, rules);
		let free = name;
		for (let count = 2; taken.has(keyOf(free)); count++) free = numbered(name, count, rules);
		taken.add(keyOf(free));
		result[i] = free;
	}
	return result;
}

function isName(name: string): boolean {
	return name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name);
}

const devices = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?=[ ]*(\.|$))/i;

function fitting(name: string, rules: NameRules): string {
	let fit = name;
	if (rules.windows) {
		// eslint-disable-next-line no-control-regex -- these are the characters that Windows does not take
		fit = fit.replace(/[<>:"\\|?*\x01-\x1f]/g, '_').replace(/[. ]+$/, (end) => '_'.repeat(end.length));
		if (devices.test(fit)) fit = `_${fit}`;
	}
	return shortened(fit, '', rules.longest);
}

function numbered(name: string, count: number, rules: NameRules): string {
	return shortened(name, ` (${count})`, rules.longest);
}

/** The name with `addition` before its extension, cut before that where it would be too long. */
function shortened(name: string, addition: string, longest: number): string {
	const whole = withAddition(name, addition);
	if (Buffer.byteLength(whole) <= longest) return whole;
	const dot = name.lastIndexOf('.');
	const extension = dot > 0 && Buffer.byteLength(name.slice(dot)) <= 32 ? name.slice(dot) : '';
	const stem = Array.from(extension === '' ? name : name.slice(0, dot));
	const room = longest - Buffer.byteLength(addition + extension);
	let bytes = Buffer.byteLength(stem.join(''));
	while (bytes > room) bytes -= Buffer.byteLength(stem.pop()!);
	return `${stem.join('')}${addition}${extension}`;
}

function withAddition(name: string, addition: string): string {
	if (addition === '') return name;
	const dot = name.lastIndexOf('.');
	return dot > 0 ? `${name.slice(0, dot)}${addition}${name.slice(dot)}` : `${name}${addition}`;
}
