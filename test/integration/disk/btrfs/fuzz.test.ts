import { beforeAll, expect, test } from 'vitest';
import { randomNumbers } from '../../../support/random-numbers.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';
import type { EditableImage } from './editable.ts';
import { smallImage, walk, walkAll } from './small-image.ts';

const isReady = [requireRoot(), requireTools(['mkfs.btrfs', 'btrfs', 'mount'])].every(Boolean);
const temp = useTempFolder();
let image: EditableImage;
let pristine: ReadonlyMap<string, string>;

beforeAll(async () => {
	if (!isReady) return;
	({ image, pristine } = await smallImage(temp.file('image')));
});

test('bytes changed anywhere give the right files or errors of ours', async () => {
	const random = randomNumbers(5);
	const read = await image.placesRead(walk);
	let noticed = 0;
	for (let i = 0; i < 200; i++) {
		const undo: [at: number, byte: number][] = [];
		for (let flips = 1 + random.below(3); flips > 0; flips--) {
			const at = read[random.below(read.length)]! + random.below(4096);
			undo.unshift([at, image.bytes[at]!]);
			image.bytes[at]! ^= 1 << random.below(8);
		}
		const found = await walkAll(image);
		for (const [path, value] of found) {
			if (value.startsWith('error')) noticed++;
			else expect(`${path} ${value}`).toBe(`${path} ${pristine.get(path)}`);
		}
		for (const [at, byte] of undo) image.bytes[at] = byte;
	}
	expect(noticed).toBeGreaterThan(200);
});

test('bytes changed with right checksums give bounded walks and errors of ours', async () => {
	const random = randomNumbers(6);
	const { nodes } = image;
	expect(nodes.length).toBeGreaterThan(10);
	let different = 0;
	for (let i = 0; i < 400; i++) {
		for (let flips = 1 + random.below(4); flips > 0; flips--) {
			const node = nodes[random.below(nodes.length)]!;
			image.save(node);
			const { nritems } = node.header;
			// Headers and keys, or what the items hold, which is at the node's end.
			const at = random.below(2) === 0 ? 0x20 + random.below(0x45 + nritems * 25) : 4095 - random.below(2500);
			image.bytes[node.at + at] = random.below(2) === 0 ? random.below(256) : image.bytes[node.at + at]! ^ 1;
			image.seal(node);
		}
		const found = await walkAll(image);
		if ([...pristine].some(([path, value]) => found.get(path) !== value)) different++;
		image.restore();
	}
	expect(different).toBeGreaterThan(200);
});
