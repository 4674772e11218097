/** A small deterministic generator (xorshift32): the same seed gives the same numbers everywhere. */
export function randomNumbers(seed: number): { below(limit: number): number; fill(target: Uint8Array): Uint8Array } {
	let state = (seed ^ 0x9e3779b9) >>> 0 || 1;
	const next = () => {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		return state >>> 0;
	};
	return {
		below: (limit) => next() % limit,
		fill(target) {
			const words = new Uint32Array(Math.ceil(target.length / 4));
			for (let i = 0; i < words.length; i++) words[i] = next();
			target.set(new Uint8Array(words.buffer, 0, target.length));
			return target;
		},
	};
}
