import { damaged } from '../../base/errors.ts';
import { struct, u16, u8 } from '../../base/struct.ts';
import { attributeTypes } from './records/attribute.ts';
import type { NtfsFile } from './records/mft.ts';
import { extentsOf } from './records/stream.ts';
import { decodeUtf16 } from './folders/utf16.ts';

/** $VOLUME_INFORMATION. */
const VolumeInformation = struct('NTFS volume information', 0x0c, {
	major: u8(0x08),
	minor: u8(0x09),
	flags: u16(0x0a),
});

const volumeFlags = { dirty: 0x0001, chkdskUnderway: 0x4000 } as const;

export interface VolumeInfo {
	readonly label: string;
	/** `3.1` since Windows XP. */
	readonly version: string;
	/** Why the flags say that the volume must be checked; undefined when they do not. */
	readonly dirty: string | undefined;
}

/** Reads the attributes of the file $Volume. @throws AfterimageError `structure-damaged` */
export function readVolumeInfo({ record, attributes }: NtfsFile): VolumeInfo {
	const [information] = extentsOf(attributes, attributeTypes.volumeInformation, '');
	if (!information?.resident)
		throw damaged('structure-damaged', '$Volume, volume information', record.at, 'a resident attribute', 'none');
	const { major, minor, flags } = new VolumeInformation(information.value);
	const [name] = extentsOf(attributes, attributeTypes.volumeName, '');
	return {
		label: name?.resident ? decodeUtf16(name.value) : '',
		version: `${major}.${minor}`,
		dirty: dirtyReason(flags),
	};
}

function dirtyReason(flags: number): string | undefined {
	if ((flags & volumeFlags.dirty) !== 0) return 'the volume is marked dirty: Windows must check it (chkdsk /f)';
	if ((flags & volumeFlags.chkdskUnderway) !== 0) return 'a check of the volume (chkdsk) has not finished';
	return undefined;
}
