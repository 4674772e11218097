/** An error of the system that Node has no name for. */
export interface UnnamedError {
	readonly name: string;
	readonly words: string;
}

/** By their numbers in Linux (<asm-generic/errno.h>): what files on shares, under quotas and on damaged media run into. */
const ofLinux: ReadonlyMap<number, readonly [name: string, words: string]> = new Map([
	[37, ['ENOLCK', 'no locks are left']],
	[67, ['ENOLINK', 'the connection to its server is cut']],
	[74, ['EBADMSG', 'what is stored there has a wrong checksum']],
	[116, ['ESTALE', 'the server knows the file no more']],
	[117, ['EUCLEAN', 'its file system is damaged']],
	[122, ['EDQUOT', 'the quota is used up']],
	[123, ['ENOMEDIUM', 'there is no medium in it']],
	[124, ['EMEDIUMTYPE', 'the medium is of another kind']],
	[126, ['ENOKEY', 'the key that it is encrypted with is not there']],
	[127, ['EKEYEXPIRED', 'the key to its server has expired']],
	[128, ['EKEYREVOKED', 'the key that it is encrypted with was taken away']],
	[129, ['EKEYREJECTED', 'its server does not take the key']],
]);

/** What Node reports as `Unknown system error -122`; undefined for an error that it names, and for one that is not known here. */
export function unnamedError(error: unknown, platform: string = process.platform): UnnamedError | undefined {
	if (platform !== 'linux' || !(error instanceof Error) || !('code' in error)) return undefined;
	const number = /^Unknown system error -(\d+)$/.exec(String(error.code))?.[1];
	const [name, words] = ofLinux.get(Number(number)) ?? [];
	return name === undefined || words === undefined ? undefined : { name, words };
}
