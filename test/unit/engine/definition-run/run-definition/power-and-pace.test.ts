import { describe, expect, it } from 'vitest';
import { runDefinition } from '../../../../../src/engine/definition-run/run-definition.ts';
import { first } from '../../../../support/fakes/sample-disk.ts';
import { setUp } from './set-up.ts';

describe('power and pace of a definition', () => {
	it('keeps the computer awake while it runs, and shuts it down after a success alone', async () => {
		const more = '<post_backup_shutdown enable="true" level="suspend" force="true"/>';
		const good = setUp({ more });
		await good.run();
		expect(good.ports.log).toEqual(['awake', 'may sleep', 'power suspend force']);
		const bad = setUp({ more });
		bad.source.bad.add(first.start);
		await expect(bad.run()).rejects.toThrow();
		expect(bad.ports.log).toEqual(['awake', 'may sleep']);
		const off = setUp({
			more: '<post_backup_shutdown enable="false" level="shutdown"/><power_saving>true</power_saving>',
		});
		await off.run();
		expect(off.ports.log).toEqual([]);
		const broken = setUp({ more });
		broken.ports.powerFailure = 'no systemd';
		await broken.run();
		expect(broken.said().at(-1)).toBe('! no systemd');
	});

	it('writes no faster than the rate limit', async () => {
		const { ports, run } = setUp({ more: '<rate_limit>100</rate_limit><compression_level>none</compression_level>' });
		await run();
		const slept = ports.log.filter((entry) => entry.startsWith('sleep')).map((entry) => Number(entry.slice(6)));
		// About 2 MB at 100 KB a second, by a clock that stands still.
		expect(Math.max(...slept)).toBeGreaterThan(5_000);
		expect(Math.max(...slept)).toBeLessThan(25_000);
	});

	it('asks for the priority of its threads', async () => {
		const asked: unknown[] = [];
		for (const level of ['idle', 'normal']) {
			const { machine, run, definition, ports } = setUp({ more: `<cpu_priority>${level}</cpu_priority>` });
			const context = machine.context;
			const { createPool } = context;
			const watched = { ...context, createPool: (options?: object) => (asked.push(options), createPool()) };
			await runDefinition({ definition, type: 'auto', password: undefined, interactive: false }, watched, ports, {});
			expect(run).toBeDefined();
		}
		if (process.platform === 'linux') expect(asked).toEqual([{ priority: 19 }, undefined]);
	});

	it('has the file systems checked when it says so', async () => {
		const { ports, run, said } = setUp({ more: '<check_filesystem>true</check_filesystem>' });
		await run();
		expect(said().join('\n')).toContain('Partition 1 of /dev/fake (unknown) was not checked');
		expect(ports.requests).toEqual([]);
	});
});
