import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, type CommandResult } from './agent.ts';
import { initramfs, kernelFile } from './initramfs.ts';

export interface MachineOptions {
	/** Raw disk files: /dev/vda, /dev/vdb and so on. The machine writes to them. */
	readonly disks?: readonly string[];
	/** Disks behind these that can only be read, by their NBD URIs: what the machine writes to them goes with it. */
	readonly served?: readonly string[];
	/** Milliseconds until the machine must take commands; two minutes when absent. */
	readonly timeout?: number;
}

export interface CommandOptions {
	/** Milliseconds until the command is killed and the call fails; a minute when absent. */
	readonly timeout?: number;
}

/** How long a machine may take beyond what is asked of it before it counts as stuck, in milliseconds. */
const grace = 20_000;
const consoleLines = 100;
/** What the machine's `timeout` ends with when it has ended a command, or had to kill it. */
const timedOut = [124, 137];

/** Kernel errors go to the console; a panic ends the machine, and so do faults that usually leave it half alive. */
const kernelParameters = 'console=ttyS0 loglevel=4 panic=-1 oops=panic mitigations=off';

/**
 * A Linux of its own, with the kernel of `scripts/vm/install.sh`, on a processor that is computed: about ten times slower than the
 * host's. Its files are those of the host, as they were when it looked first; what it changes is gone when it ends, but for its disks.
 */
export class Machine {
	readonly #process: ChildProcess;
	readonly #agent: Agent;
	readonly #folder: string;
	readonly #ended: Promise<void>;

	private constructor(child: ChildProcess, agent: Agent, folder: string) {
		this.#process = child;
		this.#agent = agent;
		this.#folder = folder;
		this.#ended = new Promise((done) => child.once('close', () => done()).once('error', () => done()));
		let said = '';
		child.stderr!.on('data', (data: Buffer) => (said += data.toString()));
		child.once('error', (error) => (said += error.message));
		void this.#ended.then(() => agent.close(this.#error(`The virtual machine has ended. ${said}`)));
	}

	static async boot({ disks = [], served = [], timeout = 120_000 }: MachineOptions = {}): Promise<Machine> {
		const folder = mkdtempSync(join(tmpdir(), 'afterimage-vm-'));
		writeFileSync(join(folder, 'initramfs'), initramfs());
		const agent = await Agent.listen(join(folder, 'agent'));
		// The kernel ends it with this process, however that ends.
		const command = ['--pdeathsig', 'KILL', 'qemu-system-x86_64', ...qemuArguments(folder, disks, served)];
		const child = spawn('setpriv', command, { stdio: ['ignore', 'ignore', 'pipe'] });
		const machine = new Machine(child, agent, folder);
		try {
			await machine.#within(timeout, 'does not start', agent.ready);
		} catch (error) {
			machine.kill();
			throw error;
		}
		return machine;
	}

	/**
	 * Runs a script of bash as root, in the project's folder. Several may run at the same time.
	 * @throws Error when it is not done in time
	 */
	async sh(script: string, { timeout = 60_000 }: CommandOptions = {}): Promise<CommandResult> {
		const began = Date.now();
		const running = this.#agent.run(script, Math.ceil(timeout / 1000));
		const result = await this.#within(timeout + grace, `does not answer to: ${script}`, running);
		if (timedOut.includes(result.code) && Date.now() - began >= timeout) {
			throw this.#error(`Not done within ${timeout} ms: ${script}\n${result.output}`);
		}
		return result;
	}

	/** As {@link sh}, of a script that has to succeed. @returns its output without white space around it */
	async run(script: string, options?: CommandOptions): Promise<string> {
		const { code, output } = await this.sh(script, options);
		if (code !== 0) throw this.#error(`Exit code ${code}: ${script}\n${output}`);
		return output.trim();
	}

	/** Switches the machine off when everything is on its disks, whose file systems are as unmounted. */
	async off(): Promise<void> {
		this.#agent.hangUp();
		await this.#within(grace, 'does not switch itself off', this.#ended);
		this.kill();
	}

	/** Ends the machine as by a power cut; nothing happens when it has ended. */
	kill(): void {
		this.#process.kill('SIGKILL');
		this.#agent.close(new Error('The virtual machine was ended'));
		rmSync(this.#folder, { recursive: true, force: true });
	}

	async #within<T>(milliseconds: number, what: string, task: Promise<T>): Promise<T> {
		let clock: NodeJS.Timeout | undefined;
		const late = new Promise<never>((_, fail) => {
			clock = setTimeout(() => {
				fail(this.#error(`The virtual machine ${what} (${milliseconds} ms)`));
				this.kill();
			}, milliseconds);
		});
		return Promise.race([task, late]).finally(() => clearTimeout(clock));
	}

	#error(message: string): Error {
		const file = join(this.#folder, 'console');
		const lines = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split(/\r?\n/) : [];
		return new Error(`${message}\nConsole:\n${lines.slice(-consoleLines).join('\n')}`);
	}
}

/**
 * Boots a machine; the caller ends it, whatever happens to the tests. It also ends with this process.
 * @throws Error with what the console said when the machine takes no commands in time
 */
export function bootMachine(options?: MachineOptions): Promise<Machine> {
	return Machine.boot(options);
}

function qemuArguments(folder: string, disks: readonly string[], served: readonly string[]): string[] {
	const path = (file: string) => file.replaceAll(',', ',,');
	const drives = [
		...disks.map((file) => `file=${path(file)},format=raw,cache=unsafe,discard=unmap`),
		...served.map((uri) => `file=${path(uri)},format=raw,snapshot=on`),
	];
	return [
		...['-accel', 'tcg,thread=multi', '-cpu', 'max', '-smp', '2', '-m', '1536'],
		...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
		...['-kernel', kernelFile(), '-initrd', join(folder, 'initramfs'), '-append', kernelParameters],
		...['-chardev', `file,id=console,path=${path(join(folder, 'console'))}`, '-serial', 'chardev:console'],
		...['-chardev', `socket,id=agent,path=${path(join(folder, 'agent'))}`],
		...['-device', 'virtio-serial-pci', '-device', 'virtserialport,chardev=agent,name=agent'],
		...['-virtfs', 'local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap'],
		...drives.flatMap((drive, index) => [
			...['-drive', `${drive},if=none,id=disk${index}`],
			...['-device', `virtio-blk-pci,drive=disk${index},serial=disk${index}`],
		]),
	];
}
