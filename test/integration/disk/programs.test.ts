import { describe, expect, it } from 'vitest';
import { runProgram } from '../../../native/linux/programs.ts';

describe('a program', () => {
	it('gives what it writes', async () => {
		expect(await runProgram('sh', ['-c', 'echo one; echo two; echo three >&2'])).toEqual({ output: 'one\ntwo\n' });
	});

	it('that fails says why in one line', async () => {
		expect(await runProgram('sh', ['-c', 'echo "no  such"; printf "a\\n  b\\n" >&2; exit 5'])).toEqual({
			absent: false,
			reason: 'a; b',
		});
		expect(await runProgram('sh', ['-c', 'exit 5'])).toEqual({ absent: false, reason: 'it ended with 5' });
		expect(await runProgram('sh', ['-c', 'kill -KILL $$'])).toEqual({ absent: false, reason: 'it ended with SIGKILL' });
	});

	it('that is not there is told apart', async () => {
		expect(await runProgram('afterimage-has-no-such-program', [])).toMatchObject({ absent: true });
	});

	it('is out of reach of the signals of the terminal', async () => {
		const groupOf = async (process: string) => {
			const found = await runProgram('sh', ['-c', `ps -o pgid= -p ${process}`]);
			return Number('output' in found ? found.output : NaN);
		};
		expect(await groupOf('$$')).toBeGreaterThan(0);
		expect(await groupOf('$$')).not.toBe(await groupOf(String(process.pid)));
	});
});
