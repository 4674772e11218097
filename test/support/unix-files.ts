import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomNumbers } from './random-numbers.ts';
import { run } from './run.ts';

/** What of a file system's own making is no attribute of its files: access lists of XFS, which are shown as such too. */
const hidden = /^trusted\.SGI_ACL_/;

/** Tools that {@link fillUnixFolder} and {@link unixFacts} take. */
export const unixTools = ['setfacl', 'getfacl', 'setfattr', 'getfattr', 'setcap', 'getcap', 'rsync'];

/** Of each of many attributes. */
const filler = 'of some length '.repeat(6);

const script = `
set -e
cd "$1"
mkdir -p etc/inner home/anna shared sticky links
echo text > etc/plain; echo far > etc/far; chown 70000:2147483650 etc/far
cp /bin/true etc/setuid; chown 33:44 etc/setuid; chmod 4755 etc/setuid
cp /bin/true etc/setgid; chgrp 1234 etc/setgid; chmod 2711 etc/setgid
cp /bin/true etc/capable; chmod 755 etc/capable; setcap cap_net_raw,cap_net_admin=ep etc/capable
echo list > etc/list; chmod 640 etc/list; setfacl -m u:1000:rw,u:70000:r,g:1001:rwx,m::rx etc/list
chown 1000:1000 home/anna; chmod 700 home/anna; setfattr -n user.folder -v f home/anna
chgrp 1001 shared; chmod 2775 shared
setfacl -d -m u:1000:rwx,g:1001:rx shared; setfacl -m u:1002:rx shared
echo from above > shared/inherits; mkdir shared/below; echo none > shared/none; setfacl -b shared/none
chmod 1777 sticky
setfattr -n user.comment -v 'a comment' etc/plain; setfattr -n user.empty etc/plain
setfattr -n trusted.thing -v 0x00ff10 etc/plain; setfattr -n security.custom -v x etc/plain
setfattr -n security.selinux -v system_u:object_r:etc_t:s0 etc/far
setfattr -n "$(printf 'user.\\377odd')" -v 1 etc/plain
{ echo '# file: etc/inner'; seq -f 'user.number-%g="${filler}"' 1 "$2"; } | setfattr --restore=-
chown 1000:1001 etc/owned; setfattr -n user.big -v "$(cat "$3")" etc/owned
ln etc/owned links/second; ln etc/owned links/third; ln etc/setuid etc/also-setuid
ln -s ../etc/plain links/symbolic; chown -h 1000:1001 links/symbolic
setfattr -h -n trusted.link -v l links/symbolic; ln links/symbolic links/symbolic-too
`;

const settle = `find "$1" -mindepth 1 -depth -exec touch -h -d '2024-02-03 04:05:06.250' {} +`;

export interface UnixFiles {
	/** Attributes of one folder, some hundred bytes each. */
	readonly attributes: number;
	/** Bytes of a long attribute. */
	readonly long: number;
	/** Puts more into the folder, before all times are set. */
	readonly more?: (folder: string) => Promise<unknown>;
}

/** Fills a folder with files that have all that Unix keeps of them. Owners are numbers without names. */
export async function fillUnixFolder(folder: string, { attributes, long, more }: UnixFiles): Promise<void> {
	const value = `${folder}.value`;
	await writeFile(value, `0x${Buffer.from(randomNumbers(5).fill(new Uint8Array(long))).toString('hex')}`);
	await run('sh', ['-c', 'mkdir "$1"/etc; echo owned > "$1"/etc/owned', 'sh', folder]);
	await run('sh', ['-c', script, 'sh', folder, String(attributes), value]);
	await run('rm', [value]);
	await more?.(folder);
	await run('sh', ['-c', settle, 'sh', folder]);
}

/** What `find`, `getfacl`, `getfattr` and `getcap` say of all that lies in a folder, `lost+found` excepted. */
export async function unixFacts(folder: string): Promise<string[]> {
	const options = { cwd: folder };
	// How many names a folder has is each file system's own.
	const ofFolders = ['(', '-type', 'd', '-printf', '%P %m %U:%G %T@\n', ')'];
	const ofOthers = ['-o', '-printf', '%P %m %U:%G %T@ %y %n %l\n'];
	const chosen = ['.', '-mindepth', '1', '-path', './lost+found*', '-o'];
	const found = await run('find', [...chosen, ...ofFolders, ...ofOthers], options);
	const lines = found.stdout.split('\n').map((line) => line.trimEnd());
	const lists = await run('getfacl', ['-R', '-n', '-P', '.'], options);
	const attributes = await run('getfattr', ['-R', '-P', '-h', '-d', '-m', '-', '-e', 'hex', '.'], options);
	for (const block of `${lists.stdout}\n${attributes.stdout}`.split('\n\n')) {
		const [name, ...rest] = block.trim().split('\n');
		// The folder itself is not what was extracted.
		if (name === '# file: .' || name?.includes('lost+found') === true) continue;
		for (const line of rest) if (!hidden.test(line)) lines.push(`${name}: ${line}`);
	}
	lines.push(...(await run('getcap', ['-r', '.'], options)).stdout.trimEnd().split('\n'));
	return lines.filter((line) => line !== '').sort();
}

/** What rsync would change to make a folder the same as another, hard links, access lists and attributes included. */
export async function differences(original: string, copy: string): Promise<string[]> {
	const options = ['-aHAXn', '--numeric-ids', '--checksum', '--delete', '--itemize-changes', '--omit-dir-times'];
	const filters = ['--exclude=/lost+found', '--filter=-x trusted.SGI_ACL_*'];
	const { stdout } = await run('rsync', [...options, ...filters, join(original, '/'), join(copy, '/')]);
	return stdout.split('\n').filter((line) => line !== '');
}
