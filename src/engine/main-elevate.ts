import { elevate } from '../../native/win32/rights/elevate.ts';
import { toErrorRecord } from '../base/errors.ts';
import { elevateCodes } from '../protocol/elevate.ts';

/**
 * Starts the engine with administrator rights on Windows: `elevate.mjs ARGUMENT…`, with the arguments of the runtime.
 * Ends with the engine and its exit code, or when its standard input ends, as it does when the client has met the engine
 * or has gone: the engine goes on then. Why there is no engine is said by a code of its own and a line on standard error.
 */
function fail(code: number, words: string): never {
	process.stderr.write(`${words}\n`);
	process.exit(code);
}

process.stdin.on('error', () => process.exit(0));
process.stdin.on('close', () => process.exit(0));
process.stdin.resume();

const args = process.argv.slice(2);
try {
	const result = elevate(args);
	if (result.kind === 'refused') fail(elevateCodes.refused, 'Administrator rights were refused');
	if (result.kind === 'failed') fail(elevateCodes.failed, `Windows could not start it: ${result.reason}`);
	const code = await result.ended;
	fail(code === 0 ? 0 : elevateCodes.ended, `The engine with administrator rights ended with code ${code}`);
} catch (error) {
	fail(elevateCodes.failed, toErrorRecord(error).message);
}
