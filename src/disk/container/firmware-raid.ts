import { magic, type Signature } from './signature.ts';

/** By what firmware and mdadm take a disk of so many bytes for a member of a mirror that is not Linux's own. */
export function firmwareRaid(size: number): Signature[] {
	return [512, 4096].flatMap((sector) => {
		const end = Math.floor(size / sector) * sector;
		return [
			// The anchor of mdadm's super-intel.c.
			magic('Intel RAID member', end - 2 * sector, 'Intel Raid ISM Cfg Sig. '),
			// SNIA Common RAID Disk Data Format, section 4.1: the anchor header is in the last block.
			magic('DDF RAID member', end - sector, [0xde, 0x11, 0xde, 0x11]),
		];
	});
}
