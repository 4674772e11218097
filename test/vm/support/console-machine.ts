import { spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How a machine starts, and from what kind of medium. */
export interface ConsoleMachineOptions {
	readonly firmware: 'BIOS' | 'UEFI' | 'Secure Boot';
	/** An ISO image, in a CD drive or copied onto a stick. */
	readonly medium: { readonly path: string; readonly kind: 'CD' | 'stick' };
	/** Raw disk files; the machine writes to them. */
	readonly disks: readonly string[];
}

/** Milliseconds for which a machine may say nothing that is waited for: its processor is computed. */
const patience = 240_000;

/** A virtual machine with nothing of ours but what its medium brings; a person sits at its serial line. */
export class ConsoleMachine {
	readonly #process: ChildProcess;
	readonly #folder: string;
	readonly #line: Promise<Socket>;
	#said = '';
	#read = 0;
	#ended = false;
	#onChange = () => {};

	constructor(options: ConsoleMachineOptions) {
		this.#folder = mkdtempSync(join(tmpdir(), 'afterimage-console-'));
		const path = join(this.#folder, 'line');
		this.#line = new Promise((resolve, reject) => {
			const server = createServer((socket) => {
				server.close();
				socket.on('data', (data) => this.#hear(data.toString('latin1'))).on('error', () => undefined);
				resolve(socket);
			});
			server.on('error', reject).listen(path);
		});
		const args = [...firmwareArguments(options.firmware, this.#folder), ...diskArguments(options)];
		const command = ['--pdeathsig', 'KILL', 'qemu-system-x86_64', ...common, '-serial', `unix:${path}`, ...args];
		this.#process = spawn('setpriv', command, { stdio: ['ignore', 'ignore', 'inherit'] });
		this.#process.once('exit', () => {
			this.#ended = true;
			this.#onChange();
		});
	}

	/** Waits until the machine has said something since the last time. @returns what it said until then */
	async hear(text: string): Promise<string> {
		const end = Date.now() + patience;
		for (;;) {
			const at = this.#said.indexOf(text, this.#read);
			if (at !== -1) {
				const before = this.#said.slice(this.#read, at);
				this.#read = at + text.length;
				return before;
			}
			const left = end - Date.now();
			if (this.#ended || left <= 0) {
				throw new Error(
					`The machine ${this.#ended ? 'ended and' : ''} did not say: ${text}\n${this.#said.slice(-4000)}`,
				);
			}
			await new Promise<void>((again) => {
				const timer = setTimeout(again, left);
				this.#onChange = () => {
					clearTimeout(timer);
					again();
				};
			});
		}
	}

	/** Presses keys. */
	async press(keys: string): Promise<void> {
		(await this.#line).write(keys);
	}

	/** Types a line, and Enter. */
	async type(line: string): Promise<void> {
		await this.press(`${line}\r`);
	}

	/** Waits until it has switched itself off. */
	async off(): Promise<void> {
		const end = Date.now() + patience;
		while (!this.#ended && Date.now() < end) await new Promise((again) => setTimeout(again, 100));
		if (!this.#ended) throw new Error(`The machine is not off:\n${this.#said.slice(-4000)}`);
	}

	/** Pulls its plug, if it still runs. */
	async remove(): Promise<void> {
		this.#process.kill('SIGKILL');
		while (!this.#ended) await new Promise((again) => setTimeout(again, 20));
		rmSync(this.#folder, { recursive: true });
	}

	#hear(text: string): void {
		this.#said += text;
		this.#onChange();
	}
}

const common = [
	...['-accel', 'tcg,thread=multi', '-cpu', 'max', '-smp', '2', '-m', '1024', '-vga', 'std', '-display', 'none'],
	...['-nodefaults', '-no-user-config', '-no-reboot', '-device', 'qemu-xhci'],
];

/** Firmware of UEFI keeps what it is told in a file; this one comes with Microsoft's keys and insists on them. */
function firmwareArguments(firmware: ConsoleMachineOptions['firmware'], folder: string): readonly string[] {
	if (firmware === 'BIOS') return [];
	if (firmware === 'UEFI') return ['-bios', '/usr/share/ovmf/OVMF.fd'];
	const variables = join(folder, 'variables');
	copyFileSync('/usr/share/OVMF/OVMF_VARS_4M.ms.fd', variables);
	const flash = (file: string, more = '') => ['-drive', `if=pflash,format=raw,file=${file}${more}`];
	return [
		...['-machine', 'q35,smm=on', '-global', 'driver=cfi.pflash01,property=secure,value=on'],
		...flash('/usr/share/OVMF/OVMF_CODE_4M.ms.fd', ',readonly=on'),
		...flash(variables),
	];
}

function diskArguments({ medium, disks }: ConsoleMachineOptions): readonly string[] {
	const device = medium.kind === 'CD' ? 'ide-cd,bus=ide.1' : 'usb-storage';
	return [
		...['-drive', `if=none,id=medium,format=raw,readonly=on,file=${medium.path}`],
		...['-device', `${device},drive=medium,bootindex=0`],
		...disks.flatMap((path, index) => [
			...['-drive', `if=none,id=disk${index},format=raw,cache=unsafe,file=${path}`],
			...['-device', `virtio-blk-pci,drive=disk${index}`],
		]),
	];
}
