import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { copyOver, extract } from '../../../support/raw-disk.ts';
import { run } from '../../../support/run.ts';

/** Runs LVM's own tools on a few devices; the kernel needs no device mapper, since no volume is activated. */
export class LvmTools {
	readonly #folder: string;

	/** @param folder for its settings, so that those of the machine count for nothing */
	constructor(folder: string) {
		this.#folder = folder;
	}

	/** @param devices that it may see */
	async allow(devices: readonly string[]): Promise<void> {
		const filter = devices.map((device) => `"a|^${device}$|", `).join('');
		await mkdir(join(this.#folder, 'locks'), { recursive: true });
		const settings = `devices { scan = "/dev" use_devicesfile = 0 obtain_device_list_from_udev = 0 filter = [ ${filter}"r|.*|" ] }
			global { locking_dir = "${this.#folder}/locks" use_lvmpolld = 0 event_activation = 0 }
			activation { udev_sync = 0 udev_rules = 0 monitoring = 0 }
			backup { backup = 0 archive = 0 }\n`;
		await writeFile(join(this.#folder, 'lvm.conf'), settings);
	}

	/** What a command prints, without a warning that no device mapper is there. */
	async run(command: string, ...args: string[]): Promise<string> {
		const env = { LVM_SYSTEM_DIR: this.#folder, LVM_SUPPRESS_FD_WARNINGS: '1' };
		return (await run('lvm', [command, '--driverloaded', 'n', ...args], { env })).stdout;
	}

	/** Makes a logical volume. @param more as `lvcreate` takes it, the group and devices last */
	async create(name: string, ...more: string[]): Promise<void> {
		await this.run('lvcreate', '-q', '-y', '-an', '-Zn', '-Wn', '-n', name, ...more);
	}

	/** Where a volume that lies on one device is, as LVM tells it. Bytes; of the volume and of the device. */
	async pieces(volume: string, device: string): Promise<{ from: number; to: number; length: number }[]> {
		const plain = ['--noheadings', '--nosuffix', '--units', 'b'];
		const start = Number(await this.run('pvs', ...plain, '-o', 'pe_start', device));
		const unit = Number(await this.run('vgs', ...plain, '-o', 'vg_extent_size', volume.split('/')[0]!));
		const fields = 'seg_start,seg_size,stripe_size,seg_pe_ranges';
		const rows = await this.run('lvs', ...plain, '--segments', '-o', fields, volume);
		return rows
			.trim()
			.split('\n')
			.flatMap((row) => {
				const [from, length, stripe, ...ranges] = row.trim().split(/ +/);
				const firsts = ranges.map((range) => {
					const [on, first] = /^(.*):(\d+)-\d+$/.exec(range)!.slice(1);
					if (on !== device) throw new Error(`${volume} lies on ${on}`);
					return start + Number(first) * unit;
				});
				const each = Number(firsts.length === 1 ? length : stripe);
				return Array.from({ length: Number(length) / each }, (_, i) => ({
					from: Number(from) + i * each,
					to: firsts[i % firsts.length]! + Math.floor(i / firsts.length) * each,
					length: each,
				}));
			});
	}

	/** Writes a file into the places of a volume. @param scratch path of a file for its pieces */
	async write(file: string, volume: string, device: string, scratch: string): Promise<void> {
		for (const { from, to, length } of await this.pieces(volume, device)) {
			await copyOver(await extract(file, from, length, scratch), device, to);
		}
		await run('rm', [scratch]);
	}
}
