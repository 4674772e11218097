/** MD5 of equally long blocks side by side, by code that is not JavaScript's; `native` implements it. */
export interface LaneKernels {
	/** The instructions it uses, for the log: `AVX-512`. */
	readonly name: string;
	/**
	 * Writes the digests of `count` blocks of `length` bytes each, at `starts` in `buffer`, 16 bytes a block. The caller has seen to
	 * it that all of them lie in the buffer and that `digests` has room.
	 */
	digest(buffer: Uint8Array, starts: Uint32Array, count: number, length: number, digests: Uint8Array): void;
}
