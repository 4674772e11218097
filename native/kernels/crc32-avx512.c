/* Carry-less multiplication of four pairs of 64 bits at once. Compiled for VPCLMULQDQ; called only where it is there. */
#include <immintrin.h>

#include "crc32.h"

static inline __m512i everywhere(const uint64_t fold[2]) {
	return _mm512_set_epi64(
		(long long)fold[1], (long long)fold[0], (long long)fold[1], (long long)fold[0], (long long)fold[1],
		(long long)fold[0], (long long)fold[1], (long long)fold[0]
	);
}

/* Each 128 bits of `x`, carried over the distance of `fold`, and `next` of the place where they come to. */
static inline __m512i fold512(__m512i x, __m512i fold, __m512i next) {
	__m512i first = _mm512_clmulepi64_epi128(x, fold, 0x00);
	__m512i second = _mm512_clmulepi64_epi128(x, fold, 0x11);
	return _mm512_ternarylogic_epi64(first, second, next, 0x96);
}

static inline __m128i fold128(__m128i x, const uint64_t fold[2], __m128i next) {
	__m128i by = _mm_set_epi64x((long long)fold[1], (long long)fold[0]);
	__m128i both = _mm_xor_si128(_mm_clmulepi64_si128(x, by, 0x00), _mm_clmulepi64_si128(x, by, 0x11));
	return _mm_xor_si128(both, next);
}

void crc32_fold_avx512(const uint8_t *bytes, size_t length, uint32_t crc, const struct crc32_folds *folds, uint8_t remainder[16]) {
	__m512i by_2048 = everywhere(folds->by_2048), by_512 = everywhere(folds->by_512);
	__m512i x[4];
	for (int i = 0; i < 4; i++) x[i] = _mm512_loadu_si512(bytes + 64 * i);
	x[0] = _mm512_xor_si512(x[0], _mm512_zextsi128_si512(_mm_cvtsi32_si128((int)crc)));
	size_t at = CRC32_STRIDE;
	for (; at + CRC32_STRIDE <= length; at += CRC32_STRIDE) {
		for (int i = 0; i < 4; i++) x[i] = fold512(x[i], by_2048, _mm512_loadu_si512(bytes + at + 64 * i));
	}
	__m512i all = x[0];
	for (int i = 1; i < 4; i++) all = fold512(all, by_512, x[i]);
	for (; at + 64 <= length; at += 64) all = fold512(all, by_512, _mm512_loadu_si512(bytes + at));

	__m128i last = _mm512_extracti32x4_epi32(all, 3);
	last = fold128(_mm512_extracti32x4_epi32(all, 0), folds->by_384, last);
	last = fold128(_mm512_extracti32x4_epi32(all, 1), folds->by_256, last);
	last = fold128(_mm512_extracti32x4_epi32(all, 2), folds->by_128, last);
	_mm_storeu_si128((__m128i *)remainder, last);
}
