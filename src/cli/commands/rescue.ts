import { formatBytes } from '../../base/quantity.ts';
import { systemClock } from '../../engine/ports/clock.ts';
import { Progress } from '../../engine/progress.ts';
import { engineVersion } from '../../engine/version.ts';
import type { RescueMedium } from '../../rescue/make-rescue.ts';
import { commonHelp, type Command } from '../command.ts';
import { flagOf, invalid, pathOf, requiredTextOf } from '../options/option-values.ts';

export const rescueCommand: Command = {
	name: 'rescue',
	summary: 'Make a medium that starts a computer to restore it (Linux)',
	help: `Usage: afterimage rescue --to FILE [options]

Makes FILE, an ISO image that starts a computer whose own system starts no more, finds backups on its disks, on attached
ones and in shares of the network, and restores them step by step. It starts by BIOS and by UEFI from a CD, a virtual
one too, or from a stick: copy it there as it is (sudo cp FILE /dev/sdX, balenaEtcher, Rufus in its DD mode).

  --to FILE              The image, such as rescue.iso
  --replace              Take the place of a FILE that is there
  --kernel FILE          Another kernel than that of this machine; its modules are in lib/modules beside its folder,
                         or in /lib/modules
${commonHelp}

The medium is a Linux in memory (the computer needs 1 GB) made of this machine: its kernel with all drivers of disks,
keyboards and wired networks, its keyboard, this program, and those programs of it that open LVM, RAID, LUKS and shares.
The result tells what it cannot do for want of a program. It holds no password and no definition. It is made of
packages that Debian and Ubuntu call busybox, xorriso, mtools, grub-pc-bin and grub-efi-amd64-bin; with shim-signed and
grub-efi-amd64-signed it starts under Secure Boot. Try it once before you need it.
`,
	options: {
		to: { type: 'string' },
		replace: { type: 'boolean' },
		kernel: { type: 'string' },
	},
	async run(values, operands, { output, signal }) {
		if (operands.length > 0) throw invalid(`Expected no operand, found ${operands.join(' ')}`);
		const { makeRescueMedium } = await import('../../rescue/make-rescue.ts');
		const progress = new Progress(systemClock, (event) => output.event(event));
		try {
			const medium = await makeRescueMedium(
				{
					to: requiredTextOf(values, 'to', 'FILE'),
					replace: flagOf(values, 'replace'),
					kernel: pathOf(values, 'kernel'),
					script: process.argv[1] ?? '',
					version: engineVersion,
				},
				signal,
				{
					pack: (total) => progress.start('pack', total),
					packed: (bytes) => progress.add(bytes, bytes, 0),
				},
			);
			progress.stop();
			output.result(medium, linesOf(medium));
			return 0;
		} finally {
			progress.stop();
		}
	},
};

function linesOf({ path, bytes, kernel, bios, uefi, secureBoot, keyboard, lacking }: RescueMedium): string[] {
	const firmware = [
		bios ? 'BIOS' : '',
		uefi ? (secureBoot ? 'UEFI, with Secure Boot too' : 'UEFI without Secure Boot') : '',
	];
	return [
		`Made ${path} (${formatBytes(bytes)}): Linux ${kernel}, starts by ${firmware.filter((one) => one !== '').join(' and ')}`,
		...(keyboard
			? []
			: ['Its keyboard is that of the United States: none is set up here, or loadkeys (package kbd) is missing']),
		...lacking.map(({ what, packageName }) => `It cannot open ${what}: install ${packageName} here and make it again`),
		`Onto a stick, whose content is lost: sudo cp ${path} /dev/sdX && sync`,
	];
}
