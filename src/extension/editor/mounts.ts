/** What the system says of mounted file systems, from the text of `/proc/self/mountinfo` (proc(5)). */

export interface Mount {
	readonly point: string;
	readonly fileSystem: string;
}

/** File systems that other machines hold. */
const networkFileSystems = /^(nfs\d?|cifs|smb\d?|smbfs|9p|afs|ceph|glusterfs|fuse\.(sshfs|rclone|glusterfs|s3fs))$/;

/** The mount that holds a path; undefined when the text has none. @param path absolute, without links in it */
export function mountOf(path: string, mountInfo: string): Mount | undefined {
	let best: Mount | undefined;
	for (const line of mountInfo.split('\n')) {
		const fields = line.split(' ');
		const dash = fields.indexOf('-');
		if (dash < 6) continue;
		const point = unescape(fields[4]!);
		const inside = path === point || path.startsWith(point.endsWith('/') ? point : `${point}/`);
		// Of two mounts at one place the later one is on top.
		if (inside && point.length >= (best?.point.length ?? 0)) best = { point, fileSystem: fields[dash + 1]! };
	}
	return best;
}

export function isNetwork(mount: Mount): boolean {
	return networkFileSystems.test(mount.fileSystem);
}

/** White space and backslashes stand there as octal numbers. */
function unescape(text: string): string {
	return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
}
