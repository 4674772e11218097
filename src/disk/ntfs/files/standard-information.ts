import { struct, u32, u64big } from '../../../base/struct.ts';
import { attributeTypes } from '../records/attribute.ts';
import type { NtfsFile } from '../records/mft.ts';
import { extentsOf } from '../records/stream.ts';

/** $STANDARD_INFORMATION as far as every version of NTFS has it. */
const Information = struct('NTFS standard information', 0x30, {
	created: u64big(0x00),
	modified: u64big(0x08),
	recordChanged: u64big(0x10),
	accessed: u64big(0x18),
	fileAttributes: u32(0x20),
});

export const fileAttributes = { system: 0x0004 } as const;

export interface StandardInformation {
	/** Milliseconds since 1970, UTC; undefined beyond what a Date can be. */
	readonly accessed: number | undefined;
	/** Of the record: its attributes too. */
	readonly changed: number | undefined;
	readonly modified: number | undefined;
	/** FILE_ATTRIBUTE_*. */
	readonly attributes: number;
}

/** @throws AfterimageError `structure-damaged` when it is cut off; a file without it has no time and no attributes */
export function standardInformation({ attributes }: NtfsFile): StandardInformation {
	const [found] = extentsOf(attributes, attributeTypes.standardInformation, '');
	if (!found?.resident) return { accessed: undefined, changed: undefined, modified: undefined, attributes: 0 };
	const information = new Information(found.value);
	return {
		accessed: dateOf(information.accessed),
		changed: dateOf(information.recordChanged),
		modified: dateOf(information.modified),
		attributes: information.fileAttributes,
	};
}

/** 1970 in units of 100 ns since 1601. */
const epoch = 116_444_736_000_000_000n;
const unitsPerMillisecond = 10_000n;
/** The furthest that a Date reaches in either direction, in milliseconds. */
const furthest = 8.64e15;

/** @param stored units of 100 ns since 1601 */
function dateOf(stored: bigint): number | undefined {
	const units = BigInt.asIntN(64, stored) - epoch;
	// Rounded down, before 1970 too.
	const milliseconds = Number(
		(units - (((units % unitsPerMillisecond) + unitsPerMillisecond) % unitsPerMillisecond)) / unitsPerMillisecond,
	);
	return Math.abs(milliseconds) <= furthest ? milliseconds : undefined;
}
