import type { Holder, VolumeUse } from '../../ports/volume-port.ts';

/** By what something is held, and how it is let go: sentences that end with the path of the holder, and commands. */
const words: Readonly<
	Record<Holder['kind'], readonly [how: (path: string) => string, release: (path: string) => string]>
> = {
	luks: [(path) => `it is open as ${path}`, (path) => `cryptsetup close ${path}`],
	lvm: [(path) => `volumes of LVM on it are active, such as ${path}`, (path) => `lvchange --activate n ${path}`],
	raid: [(path) => `it is a member of the array ${path}`, (path) => `mdadm --stop ${path}`],
	multipath: [(path) => `it is one of the paths of ${path}`, (path) => `multipath -f ${path}`],
	loop: [(path) => `the loop device ${path} stands on it`, (path) => `losetup --detach ${path}`],
	device: [(path) => `${path} uses it`, () => ''],
};

/**
 * What holds a target, in words.
 * @param holders of it, at least one
 * @returns a clause that names the one directly on it, and what takes all of them away, from the topmost down
 */
export function heldBy(holders: readonly VolumeUse[]): { readonly why: string; readonly advice: string } {
	const layers = [...new Map(holders.map((one) => [one.at, one])).values()].sort((a, b) => depthOf(a) - depthOf(b));
	const lowest = layers[0]!;
	const releases = layers
		.toReversed()
		.map(({ at, holder }) => words[holder?.kind ?? 'device'][1](at))
		.filter((command) => command !== '');
	return {
		why: words[lowest.holder?.kind ?? 'device'][0](lowest.at),
		advice: releases.length === 0 ? 'Close what uses it first.' : `Close it first: ${releases.join('; ')}`,
	};
}

function depthOf({ holder }: VolumeUse): number {
	return holder?.depth ?? 0;
}
