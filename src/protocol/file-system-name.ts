/** A file system in words, by the name that an image has for it: it has one for the three generations of ext. */
export function fileSystemName(name: string): string {
	return name === 'ext' ? 'ext2/3/4' : name;
}
