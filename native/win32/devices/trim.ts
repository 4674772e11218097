import { struct, u32, u64 } from '../../../src/base/struct.ts';
import { handleOf } from '../api/node-exe.ts';
import { codes } from './control-codes.ts';
import { control } from './device-handle.ts';

const Request = struct('DEVICE_MANAGE_DATA_SET_ATTRIBUTES', 0x1c, {
	size: u32(0x00),
	action: u32(0x04),
	flags: u32(0x08),
	dataSetRangesOffset: u32(0x14),
	dataSetRangesLength: u32(0x18),
});
const Range = struct('DEVICE_DATA_SET_RANGE', 0x10, { startingOffset: u64(0x00), lengthInBytes: u64(0x08) });

const DeviceDsmAction_Trim = 1;
/** The range belongs to no file system any more. */
const DEVICE_DSM_FLAG_TRIM_NOT_FS_ALLOCATED = 0x80000000;
/** Behind the head, at a multiple of 8. */
const rangesOffset = 0x20;

/** Tells a disk that a range of it holds nothing of use. Drivers may keep this from programs; then nothing is discarded. */
export function trim(fd: number, offset: number, length: number): boolean {
	const input = new Uint8Array(rangesOffset + Range.size);
	const request = new Request(input);
	request.size = Request.size;
	request.action = DeviceDsmAction_Trim;
	request.flags = DEVICE_DSM_FLAG_TRIM_NOT_FS_ALLOCATED;
	request.dataSetRangesOffset = rangesOffset;
	request.dataSetRangesLength = Range.size;
	const range = new Range(input, rangesOffset);
	range.startingOffset = offset;
	range.lengthInBytes = length;
	return control(handleOf(fd), codes.storageManageDataSetAttributes, input, 0).ok;
}
