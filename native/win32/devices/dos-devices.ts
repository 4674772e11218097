import { queryDosDevice } from '../api/kernel32.ts';
import { wideTexts } from '../api/wide-text.ts';

const leastNames = 64 * 1024;
const mostNames = 1024 * 1024;

/** Names of everything that can be opened as `\\.\NAME`: disks, drive letters, ports. */
export function dosDeviceNames(): string[] {
	for (let room = leastNames; room <= mostNames; room *= 4) {
		const names = new Uint16Array(room);
		const length = queryDosDevice(null, names, room);
		if (length > 0) return wideTexts(names.subarray(0, length));
	}
	return [];
}
