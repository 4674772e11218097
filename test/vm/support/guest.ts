import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../support/run.ts';

/**
 * Starts a virtual machine from a disk as the help of `serve` tells it, with nothing of ours in it, and waits until it has switched
 * itself off. What it writes to its disk goes with it.
 * @param uri of the disk: NBD, or the path of a raw file
 * @returns what its console said; fails with that when it is not done in two minutes
 */
export async function runGuest(uri: string, firmware: 'BIOS' | 'UEFI'): Promise<string> {
	const folder = mkdtempSync(join(tmpdir(), 'afterimage-guest-'));
	const console = join(folder, 'console');
	try {
		const { code } = await run(
			'timeout',
			[
				...['120', 'qemu-system-x86_64', '-accel', 'tcg,thread=multi', '-cpu', 'max', '-m', '512'],
				...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot', '-serial', `file:${console}`],
				...(firmware === 'UEFI' ? ['-bios', '/usr/share/ovmf/OVMF.fd'] : []),
				...['-snapshot', '-drive', `file=${uri.replaceAll(',', ',,')},format=raw,if=virtio`],
			],
			{ codes: [0, 124] },
		);
		const said = readFileSync(console, 'latin1');
		if (code !== 0) throw new Error(`The guest has not switched itself off. Its console:\n${said}`);
		return said;
	} finally {
		rmSync(folder, { recursive: true });
	}
}
