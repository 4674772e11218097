import type { ExtentSink, TreeNode } from '../files.ts';
import type { VolumeSource } from './volume-source.ts';

/** A node of the file system in a logical volume, whose places are told as those on the physical volume. */
export function onPhysical(node: TreeNode, volume: VolumeSource): TreeNode {
	if (node.kind === 'folder') {
		return {
			...node,
			list: async (signal) => (await node.list(signal)).map((one) => onPhysical(one, volume)),
			collectExtents: (sink, signal) => node.collectExtents(physicalSink(sink, volume), signal),
		};
	}
	if (node.kind !== 'file') return node;
	return {
		...node,
		open: (signal) => node.open(signal),
		collectExtents: (sink, signal) => node.collectExtents(physicalSink(sink, volume), signal),
	};
}

/** @returns takes bytes of the logical volume; what lies outside of it, as a damaged structure may say, is left out */
function physicalSink(sink: ExtentSink, volume: VolumeSource): ExtentSink {
	return {
		add(start, end) {
			for (const place of volume.places(start, Math.min(end, volume.size))) sink.add(...place);
		},
	};
}
