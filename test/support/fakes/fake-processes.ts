import type { ProcessIdentity, ProcessPort } from '../../../src/engine/ports.ts';

/** Processes of a machine `here`; all others live elsewhere. */
export class FakeProcesses implements ProcessPort {
	readonly alive = new Map<number, string>();
	readonly #self: ProcessIdentity;

	constructor(pid = 100) {
		this.#self = { host: 'here', pid, started: `start-${pid}` };
		this.alive.set(pid, this.#self.started);
	}

	self(): ProcessIdentity {
		return this.#self;
	}

	isAlive(process: ProcessIdentity): boolean | undefined {
		return process.host === 'here' ? this.alive.get(process.pid) === process.started : undefined;
	}
}
