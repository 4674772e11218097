import type { ListenPlace } from '../../engine/requests/serve.ts';
import { commonHelp, type Command, type OptionValues } from '../command.ts';
import { invalid, numberOf, onlyOperand, pathOf, textOf } from '../options/option-values.ts';
import { givenPassword, withPassword } from '../options/password.ts';
import { servedLines } from '../output/served-lines.ts';

export const serveCommand: Command = {
	name: 'serve',
	summary: 'Offer a backup as a disk: to virtual machines, qemu-img, nbd-client',
	help: `Usage: afterimage serve FILE [options]

Offers the disks of a backup, and each of their partitions, as read-only network block devices (NBD) until it is ended
by Ctrl+C, which is exit code 0. A disk has the bytes that a restore would write to an empty disk of its own size;
nothing is restored and no rights are needed. It tells the URI of each, and how QEMU starts a virtual machine from it.

  --disk N               Only this disk of the image
  --socket PATH          Make the socket at PATH instead of in a folder of its own that nobody else may enter
  --port N               Listen at a TCP port instead; 0 = one that the system chooses. Always so on Windows
  --bind ADDRESS         The address of this machine to listen at, instead of 127.0.0.1. NBD knows no password: whoever
                         reaches the address can read the whole backup
  --password-file F      Password of an encrypted image, in the first line of F
${commonHelp}
                         Here result, with all URIs, comes as soon as clients can connect

A virtual machine must not write to its disk: -snapshot of qemu-system-x86_64 keeps what it writes in a temporary file
and drops it at the end, qemu-img create -f qcow2 -F raw -b URI keeps it. A system that starts by UEFI needs its
firmware (-bios /usr/share/ovmf/OVMF.fd). qemu-img convert makes a disk for any hypervisor from a URI; what the image
does not hold stays a hole. nbd-client and guestfish --ro -a URI give the files to programs.

URIs end in disk-N or disk-N/partition-M, by the numbers of the image; where one disk is served the name may be left
out. Up to 32 clients are served at once. A damaged block is an input/output error for who reads it, and a warning here
that names it; the rest can be read. The files of the backup are held open meanwhile: when others are merged or deleted
the device stays as it is.
`,
	options: {
		disk: { type: 'string' },
		socket: { type: 'string' },
		port: { type: 'string' },
		bind: { type: 'string' },
		'password-file': { type: 'string' },
	},
	async run(values, operands, { engine, output, signal }) {
		const image = onlyOperand(operands, 'FILE');
		const disk = numberOf(values, 'disk', { least: 0, such: '0' });
		const place = placeOf(values, process.platform);
		const given = givenPassword(pathOf(values, 'password-file'), output);
		const control = { signal, emit: (event: Parameters<typeof output.event>[0]) => output.event(event) };
		await withPassword(given, signal, (password) =>
			engine.serve({ image, disk, password, place }, control, (served) =>
				output.result(served, servedLines(served, process.platform)),
			),
		);
		return 0;
	},
};

/** @throws AfterimageError `invalid-argument` for a path and a port at once */
function placeOf(values: OptionValues, platform: NodeJS.Platform): ListenPlace {
	const path = pathOf(values, 'socket');
	const port = numberOf(values, 'port', { least: 0, most: 65_535, such: '10809' });
	const address = textOf(values, 'bind');
	if (path !== undefined && (port !== undefined || address !== undefined)) {
		throw invalid('--socket makes a socket at a path: it has no --port and no --bind');
	}
	if (path !== undefined || (port === undefined && address === undefined && platform !== 'win32')) {
		return { kind: 'socket', path };
	}
	return { kind: 'port', address: address ?? '127.0.0.1', port: port ?? 0 };
}
