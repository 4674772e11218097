import { systemPhrase } from '../../base/system-phrase.ts';
import { systemCode } from '../../base/system-code.ts';

/** One file or folder does not go into its folder, while others may. */
export class NotTaken extends Error {}

/** What a file system has against one file alone: its name, its size, its kind. */
const codes = ['EINVAL', 'EILSEQ', 'ENAMETOOLONG', 'EFBIG', 'EPERM', 'EISDIR', 'ENOTEMPTY', 'ENOTSUP', 'ENOSYS'];

/** An error of the system as {@link NotTaken} where it is one; undefined else. */
export function asNotTaken(error: unknown): NotTaken | undefined {
	return codes.includes(systemCode(error) ?? '') ? new NotTaken(systemPhrase(error)) : undefined;
}
