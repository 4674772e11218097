import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Windows } from './wine.ts';

const driverSource = resolve(import.meta.dirname, '../fakedisk/fakedisk.c');

/** Statuses of <ntstatus.h> that a device may answer with. */
export const status = {
	success: 0,
	bufferOverflow: 0x80000005,
	unsuccessful: 0xc0000001,
	invalidParameter: 0xc000000d,
	noSuchDevice: 0xc000000e,
	accessDenied: 0xc0000022,
	bufferTooSmall: 0xc0000023,
	dataError: 0xc000003e,
	diskFull: 0xc000007f,
	mediaWriteProtected: 0xc00000a2,
	ioDeviceError: 0xc0000185,
} as const;

/** What a device says to a control code. */
export interface Answer {
	readonly code: number;
	/** The first 32 bits of the input that this is the answer to; any input otherwise. */
	readonly selector?: number;
	readonly data?: Uint8Array;
	readonly status?: number;
	/** With which status the answer ends that does not fit the caller's buffer: by default an error without bytes. */
	readonly statusWhenShort?: number;
}

export interface Fault {
	readonly start: number;
	readonly length: number;
	readonly of: 'read' | 'write';
	readonly status: number;
}

export interface FakeDevice {
	/** `PhysicalDrive5`, `Harddisk5Partition1`, `Q:`, `HarddiskVolumeShadowCopy41`. */
	readonly name: string;
	/** The file that holds its bytes, on this system. */
	readonly image: string;
	readonly answers: readonly Answer[];
	readonly faults?: readonly Fault[];
}

/** A line of the driver's log. */
export interface DeviceRequest {
	readonly device: string;
	readonly what: 'OPEN' | 'CLOSE' | 'READ' | 'WRITE' | 'FLUSH' | 'CONTROL' | 'VOLUME' | 'DEVICE';
	/** Byte offset of a read or write, or the control code. */
	readonly first: number;
	/** Length, room for the answer, the share mode. */
	readonly second: number;
	readonly status: number;
	/** The first 64 bytes of a control code's input. */
	readonly input: Uint8Array;
}

/** Gives a Windows these devices until it is stopped. Reads that succeed are not in its log. */
export async function addDevices(windows: Windows, devices: readonly FakeDevice[]): Promise<void> {
	const folder = folderOf(windows);
	mkdirSync(folder, { recursive: true });
	for (const device of devices) writeDevice(folder, device);
	writeFileSync(join(folder, 'devices.txt'), devices.map(({ name }) => name).join('\n'));
	buildDriver(join(windows.driveC, 'windows/system32/drivers/fakedisk.sys'));
	await windows.keepUp();
	const path = 'C:\\windows\\system32\\drivers\\fakedisk.sys';
	await must(windows, ['create', 'fakedisk', 'type=', 'kernel', 'start=', 'demand', 'binPath=', path]);
	await must(windows, ['start', 'fakedisk']);
	const found = deviceLog(windows).filter(({ what, status }) => what === 'DEVICE' && status === 0);
	if (found.length !== devices.length) throw new Error(`The driver made ${found.length} of ${devices.length} devices`);
}

export function deviceLog(windows: Windows): DeviceRequest[] {
	const path = join(folderOf(windows), 'log.txt');
	if (!existsSync(path)) return [];
	return readFileSync(path, 'latin1')
		.trim()
		.split('\n')
		.map((line) => {
			const [device, what, first, second, result, input] = line.split(' ');
			return {
				device: device!,
				what: what as DeviceRequest['what'],
				first: parseInt(first!, 16),
				second: parseInt(second!, 16),
				status: parseInt(result!, 16),
				input: Buffer.from(input ?? '', 'hex'),
			};
		});
}

async function must(windows: Windows, args: readonly string[]): Promise<void> {
	const { code, out, err } = await windows.run('sc', args);
	if (code !== 0) throw new Error(`sc ${args.join(' ')} ended with ${code}: ${out}${err}`);
}

function folderOf(windows: Windows): string {
	return join(windows.driveC, 'fakedisk');
}

function folderName(name: string): string {
	return name.replaceAll(':', '_');
}

function writeDevice(folder: string, device: FakeDevice): void {
	const own = join(folder, folderName(device.name));
	mkdirSync(own, { recursive: true });
	rmSync(join(own, 'image'), { force: true });
	symlinkSync(resolve(device.image), join(own, 'image'));
	for (const answer of device.answers) writeAnswer(own, answer);
	if (device.faults !== undefined) writeFileSync(join(own, 'faults.bin'), Buffer.concat(device.faults.map(faultBytes)));
}

function writeAnswer(folder: string, { code, selector, data, status: result, statusWhenShort }: Answer): void {
	const name = selector === undefined ? hex(code) : `${hex(code)}-${hex(selector)}`;
	const short = statusWhenShort ?? status.bufferTooSmall;
	writeFileSync(
		join(folder, `${name}.bin`),
		Buffer.concat([head(result ?? status.success, short), data ?? new Uint8Array(0)]),
	);
}

function hex(value: number): string {
	return value.toString(16).padStart(8, '0');
}

function head(first: number, second: number): Buffer {
	const bytes = Buffer.alloc(8);
	bytes.writeUInt32LE(first, 0);
	bytes.writeUInt32LE(second, 4);
	return bytes;
}

function faultBytes({ start, length, of, status: result }: Fault): Buffer {
	const bytes = Buffer.alloc(24);
	bytes.writeBigUInt64LE(BigInt(start), 0);
	bytes.writeBigUInt64LE(BigInt(length), 8);
	bytes.writeUInt32LE(of === 'write' ? 1 : 0, 16);
	bytes.writeUInt32LE(result, 20);
	return bytes;
}

function buildDriver(output: string): void {
	const made = spawnSync(
		'x86_64-w64-mingw32-gcc',
		[
			...['-O2', '-Wall', '-Wextra', '-Werror', '-Wno-unused-parameter', '-shared', '-nostdlib', '-s'],
			...['-Wl,--subsystem,native', '-Wl,--entry,DriverEntry', '-I/usr/share/mingw-w64/include/ddk'],
			...[driverSource, '-o', output, '-lntoskrnl'],
		],
		{ encoding: 'utf8' },
	);
	if (made.status !== 0) throw new Error(`The driver cannot be built: ${made.stderr}${String(made.error ?? '')}`);
}
