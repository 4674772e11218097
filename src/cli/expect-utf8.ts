import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { AfterimageError } from '../base/errors.ts';

/** What stands for bytes that are not UTF-8. */
const replacement = '\ufffd';

/**
 * Holds that the arguments came as they were typed. Linux takes any bytes for a name; Node gives those that are not UTF-8 with
 * other characters: a file would not be found, and a new one would get another name.
 * @param args those of this process, the last ones of its command line
 * @throws AfterimageError `invalid-argument`
 */
export function expectUtf8(args: readonly string[]): void {
	if (process.platform !== 'linux' || !args.some((arg) => arg.includes(replacement))) return;
	const bytes = readFileSync('/proc/self/cmdline');
	const raw: Buffer[] = [];
	for (let at = 0; at < bytes.length;) {
		const end = bytes.indexOf(0, at);
		raw.push(bytes.subarray(at, end === -1 ? bytes.length : end));
		at = end === -1 ? bytes.length : end + 1;
	}
	const wrong = raw.slice(-args.length).findIndex((arg) => !isUtf8(arg));
	if (wrong === -1) return;
	throw new AfterimageError('invalid-argument', `An argument is not UTF-8: ${args[wrong]!}`, {
		advice: 'Name it by a link whose name is, or by the folder that it lies in; or give it another name.',
	});
}
