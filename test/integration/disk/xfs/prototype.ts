/** Lengths of the symbolic links of a {@link prototype}, and their targets. */
export const linkLengths = [20, 150, 700, 1000] as const;
export const targetOf = (length: number) => '/target'.repeat(200).slice(0, length);

/**
 * What mkfs.xfs fills a volume with (`-p`), since Linux mounts version 4 no more: everything that it can make.
 * @param content path of a file whose bytes two files of the volume get
 * @param entries number of empty files in the folder `many`
 */
export function prototype(content: string, entries: number): string {
	const links = linkLengths.map((length) => `link${length} l--777 0 0 ${targetOf(length)}`);
	const special = ['block b--640 0 0 7 200', 'character c--666 0 0 1 3', 'pipe p--600 0 0'];
	const many = Array.from({ length: entries }, (_, i) => `entry-number-${i} ---644 0 0 /dev/null`);
	return [
		...['/', '0 0', 'd--755 0 0', `content -u-755 0 0 ${content}`],
		...['folder d--700 0 0', 'inner d--755 0 0', `content ---600 0 0 ${content}`, '$', ...special, '$'],
		...['many d--755 0 0', ...many, '$', ...links, '$', ''],
	].join('\n');
}
