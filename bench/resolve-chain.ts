/**
 * Resolves the newest point of the chain that chains.ts has made, in a process of its own, and prints what it took as JSON:
 * `node bench/resolve-chain.ts FOLDER`. What it found is then held against what the chain was made of.
 */
import { readFileSync, readSync } from 'node:fs';
import { findPoint, openChainFiles, openNamed } from '../src/engine/load/open-image.ts';
import type { Chain, ResolvedIndex } from '../src/image/set/chain.ts';
import type { BlockCodec } from '../src/image/codec.ts';
import { createZlibCodec } from '../src/image/zlib-codec.ts';
import { chain as corpus, chainFile, changesOf } from './chain-corpus.ts';
import { blockSize, hash, rawContent, tinyBlocks } from './tiny-images.ts';

/** What `resolve-chain.ts` prints. */
export interface ResolveCost {
	/** Of the resolve alone. */
	readonly seconds: number;
	readonly cpuSeconds: number;
	/** From the start of the process: the folder listed, the newest image opened and resolved. */
	readonly wholeSeconds: number;
	readonly wholeCpuSeconds: number;
	/** Largest resident set of the process, up to the end of the resolve. */
	readonly peakBytes: number;
}

const codec = createZlibCodec();
const named = await findPoint(chainFile(process.argv[2]!, corpus.deltas), codec);
const chain = await openNamed(named, codec, undefined);
const cpuBefore = cpuSeconds();
const start = performance.now();
const resolved = await chain.resolve(0, 0);
const end = performance.now();
const cost: ResolveCost = {
	seconds: (end - start) / 1000,
	cpuSeconds: cpuSeconds() - cpuBefore,
	wholeSeconds: end / 1000,
	wholeCpuSeconds: cpuSeconds(),
	peakBytes: Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))![1]) * 1024,
};
await check(resolved, chain, codec);
console.log(JSON.stringify(cost));

function cpuSeconds(): number {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1e6;
}

/** Every block that an incremental touched, some that none did, and of a few of them the bytes. */
async function check({ index }: ResolvedIndex, point: Chain, decoder: BlockCodec): Promise<void> {
	const content = tinyBlocks(decoder);
	const opened = await openChainFiles(point);
	const newest = newestChanges();
	const untouched = Array.from({ length: 5000 }, (_, i) => hash(i, 77) % corpus.blocks);
	for (const block of [...untouched, 0, corpus.blocks - 1]) if (!newest.has(block)) newest.set(block, 0);
	let seen = 0;
	for (const [block, backup] of newest) {
		if (backup === undefined) {
			if (!index.isHole(block)) throw new Error(`Block ${block} is free and was found to be in use`);
			continue;
		}
		const number = content.pick(block, backup);
		if (index.fileNumber(block) !== backup || !index.hasMd5(block, content.md5, number * 16))
			throw new Error(`Block ${block} is not as backup ${backup} has stored it`);
		if (seen++ % 1000 !== 0) continue;
		const stored = new Uint8Array(index.storedLength(block));
		const raw = new Uint8Array(blockSize);
		readSync(opened.files.get(backup)!.fd!, stored, 0, stored.length, index.position(block));
		if (decoder.decompress(stored, raw) !== blockSize || Buffer.compare(raw, rawContent(number)) !== 0)
			throw new Error(`The bytes of block ${block} are not those that backup ${backup} has stored`);
	}
	await opened.close();
}

/** For every block that an incremental touched the last that stored it; undefined for those that are free in the end. */
function newestChanges(): Map<number, number | undefined> {
	const newest = new Map<number, number | undefined>();
	for (let backup = 1; backup <= corpus.deltas; backup++) {
		const { stored, freed } = changesOf(backup);
		for (const block of stored) newest.set(block, backup);
		for (const block of freed) newest.set(block, undefined);
	}
	return newest;
}
