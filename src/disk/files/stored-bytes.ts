import { bytesText } from './file-name-text.ts';
import type { DeviceNumber, LinkNode, TreeNode } from '../files.ts';

/** A node whose name is stored as these bytes: they go with it where they are no text. That of a damaged one may be no name. */
export function withStoredName<T extends TreeNode>(node: T, bytes: Uint8Array): T {
	// What is no UTF-8 is shown with such signs; a sound name may have them too.
	if (node.kind === 'damaged' || !node.name.includes('\\x') || Buffer.from(node.name).equals(bytes)) return node;
	return { ...node, nameBytes: bytes.slice() };
}

/** A link whose target is stored as bytes. */
export function linkOf<T extends Omit<LinkNode, 'kind' | 'target' | 'targetBytes'>>(
	facts: T,
	targetBytes: (signal?: AbortSignal) => Promise<Uint8Array>,
): T & LinkNode {
	return { ...facts, kind: 'link', targetBytes, target: async (signal) => bytesText(await targetBytes(signal)) };
}

/** What Linux wrote into a file system as `major:minor` in one number, before devices had more than 8 bits of each. */
export function oldDevice(number: number): DeviceNumber {
	return { major: (number >>> 8) & 0xff, minor: number & 0xff };
}

/** The same in the form that has 12 and 20 bits (`new_encode_dev`). */
export function newDevice(number: number): DeviceNumber {
	return { major: (number >>> 8) & 0xfff, minor: (number & 0xff) | ((number >>> 12) & 0xfff00) };
}

/** The same with the major number above `bits` of the minor one, as XFS and Btrfs have it. */
export function shiftedDevice(number: number, bits: number): DeviceNumber {
	return { major: number >>> bits, minor: number & (2 ** bits - 1) };
}
