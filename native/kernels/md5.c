#include "md5.h"

#include <string.h>

#include "export.h"

struct kernels {
	uint32_t wide_lanes, narrow_lanes;
	md5_kernel *wide, *narrow;
};

static const struct kernels avx2 = {32, 16, md5_avx2_wide, md5_avx2_narrow};
static const struct kernels avx512 = {32, 16, md5_avx512_wide, md5_avx512_narrow};

/* The vectors' bits name an instruction set: 256 is AVX2, 512 is AVX-512F. Null where the processor or the system has it not. */
static const struct kernels *kernels_of(uint32_t bits) {
	__builtin_cpu_init();
	if (bits == 512 && __builtin_cpu_supports("avx512f")) return &avx512;
	if (bits == 256 && __builtin_cpu_supports("avx2")) return &avx2;
	return NULL;
}

EXPORT uint32_t afterimage_md5_runs(uint32_t bits) {
	return kernels_of(bits) != NULL;
}

/* What follows the whole chunks of a message: its rest, the bit 1, zeros, its length in bits (RFC 1321, sections 3.1 and 3.2). */
static size_t make_tail(const uint8_t *block, uint32_t length, uint8_t tail[2 * MD5_CHUNK]) {
	size_t rest = length % MD5_CHUNK;
	size_t chunks = rest < MD5_CHUNK - 8 ? 1 : 2;
	uint64_t bits = (uint64_t)length * 8;
	memset(tail, 0, 2 * MD5_CHUNK);
	memcpy(tail, block + length - rest, rest);
	tail[rest] = 0x80;
	for (int i = 0; i < 8; i++) tail[chunks * MD5_CHUNK - 8 + i] = (uint8_t)(bits >> (8 * i));
	return chunks;
}

/* Lanes without a block of their own repeat the last one. */
static void hash_group(
	md5_kernel *kernel, uint32_t lanes, const uint8_t *buffer, const uint32_t *starts, uint32_t count, uint32_t length, uint8_t *digests
) {
	static const uint32_t initial[4] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
	uint32_t state[4 * MD5_MAX_LANES];
	uint8_t tails[MD5_MAX_LANES][2 * MD5_CHUNK];
	const uint8_t *blocks[MD5_MAX_LANES], *ends[MD5_MAX_LANES];
	size_t tail_chunks = 1;
	for (uint32_t i = 0; i < lanes; i++) {
		blocks[i] = buffer + starts[i < count ? i : count - 1];
		tail_chunks = make_tail(blocks[i], length, tails[i]);
		ends[i] = tails[i];
		for (int j = 0; j < 4; j++) state[j * lanes + i] = initial[j];
	}
	kernel(blocks, length / MD5_CHUNK, state);
	kernel(ends, tail_chunks, state);
	for (uint32_t i = 0; i < count; i++) {
		for (int j = 0; j < 16; j++) digests[16 * i + j] = (uint8_t)(state[j / 4 * lanes + i] >> (8 * (j % 4)));
	}
}

/*
 * Writes the digests of `count` blocks of `length` bytes each, at `starts` in `buffer`, 16 bytes a block. The caller has seen to it that all of
 * them lie in the buffer. Returns 0, with nothing done, where afterimage_md5_runs(bits) does.
 */
EXPORT uint32_t afterimage_md5(
	uint32_t bits, const uint8_t *buffer, const uint32_t *starts, uint32_t count, uint32_t length, uint8_t *digests
) {
	const struct kernels *kernels = kernels_of(bits);
	if (kernels == NULL) return 0;
	for (uint32_t done = 0; done < count;) {
		uint32_t left = count - done;
		int wide = left > kernels->narrow_lanes;
		uint32_t lanes = wide ? kernels->wide_lanes : kernels->narrow_lanes;
		uint32_t group = left < lanes ? left : lanes;
		hash_group(wide ? kernels->wide : kernels->narrow, lanes, buffer, starts + done, group, length, digests + 16 * done);
		done += group;
	}
	return 1;
}
