import { spawn } from 'node:child_process';
import { AfterimageError } from '../../base/errors.ts';
import type { PowerPort } from '../ports/power-port.ts';

const verbs = { shutdown: 'poweroff', hibernate: 'hibernate', suspend: 'suspend', reboot: 'reboot' } as const;

/** Power as systemd manages it (systemctl(1), systemd-inhibit(1)). */
export const systemPower: PowerPort = {
	keepAwake(reason) {
		if (process.platform !== 'linux') return () => undefined;
		// It holds the lock as long as its cat waits for input: until this process lets go, or dies.
		const child = spawn(
			'systemd-inhibit',
			['--what=sleep:idle', '--who=Afterimage', `--why=${reason}`, '--mode=block', 'cat'],
			{ stdio: ['pipe', 'ignore', 'ignore'] },
		);
		// Without systemd there is nothing that would go to sleep.
		child.on('error', () => undefined);
		child.stdin.on('error', () => undefined);
		child.unref();
		return () => void child.stdin.end();
	},

	shutDown(level, force) {
		if (process.platform !== 'linux') {
			return Promise.reject(
				new AfterimageError('not-supported', `This system (${process.platform}) cannot be told to ${level} yet`),
			);
		}
		const args = [verbs[level], ...(force ? ['--check-inhibitors=no'] : [])];
		return new Promise((done, fail) => {
			const child = spawn('systemctl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
			let said = '';
			child.stderr.on('data', (data: Buffer) => (said += data.toString().slice(0, 1000)));
			child.on('error', (error) =>
				fail(new AfterimageError('failed', `systemctl cannot be started: ${error.message}`)),
			);
			child.on('close', (code) => {
				if (code === 0) done();
				else fail(new AfterimageError('failed', `systemctl ${args.join(' ')} ended with ${code}: ${said.trim()}`));
			});
		});
	},
};
