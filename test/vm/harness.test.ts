import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootMachine, type Machine } from './support/machine.ts';

describe('a virtual machine', () => {
	let machine: Machine;

	beforeAll(async () => {
		machine = await bootMachine();
	});

	afterAll(() => machine?.kill());

	it('runs the Node of this project', async () => {
		expect(await machine.run('node --version')).toBe(process.version);
	});

	it('tells code and output of commands, also of several at a time', async () => {
		const slow = machine.sh('sleep 2; echo slow >&2; exit 3');
		const [quick] = await Promise.all([machine.sh('seq 100000'), slow]);
		expect(quick.output.split('\n')).toHaveLength(100_001);
		expect(await slow).toEqual({ code: 3, output: 'slow\n' });
	});

	it('says what a command did that took too long', async () => {
		const late = machine.sh('echo begun; sleep 60', { timeout: 5000 });
		await expect(late).rejects.toThrow(/^Not done within 5000 ms: .*sleep 60\nbegun\n/);
	});

	it('tells the end of the machine, and what its console said', async () => {
		await expect(machine.sh('echo c > /proc/sysrq-trigger')).rejects.toThrow(/has ended.*Kernel panic/s);
	});
});
