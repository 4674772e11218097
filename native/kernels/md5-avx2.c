/* Eight lanes a vector. Compiled for AVX2; called only where the processor and the system have it. */
#include <immintrin.h>

#include "md5.h"

typedef __m256i vector;
#define WIDTH 8
#define load(from) _mm256_loadu_si256((const __m256i *)(from))
#define store(to, x) _mm256_storeu_si256((__m256i *)(to), x)
#define add _mm256_add_epi32
#define rotate(x, n) _mm256_or_si256(_mm256_slli_epi32(x, n), _mm256_srli_epi32(x, 32 - (n)))
#define word(t) _mm256_set1_epi32((int)(t))
#define and _mm256_and_si256
#define xor _mm256_xor_si256
#define choose(b, c, d) xor(d, and(b, xor(c, d)))
/* Its halves have no bit in common: added, they wait for each other less than or'ed. */
#define choose2(b, c, d) add(_mm256_andnot_si256(d, c), and(b, d))
#define parity(b, c, d) xor(xor(c, d), b)
#define alternate(b, c, d) xor(c, _mm256_or_si256(b, xor(d, word(-1))))

/* Eight words of eight lanes. */
static inline __attribute__((always_inline)) void transpose8(const uint8_t *const *lanes, size_t at, vector *words) {
	vector pairs[8], rows[8];
	for (int i = 0; i < 8; i++) rows[i] = load(lanes[i] + at);
	for (int i = 0; i < 8; i += 2) {
		pairs[i] = _mm256_unpacklo_epi32(rows[i], rows[i + 1]);
		pairs[i + 1] = _mm256_unpackhi_epi32(rows[i], rows[i + 1]);
	}
	for (int i = 0; i < 8; i += 4) {
		rows[i] = _mm256_unpacklo_epi64(pairs[i], pairs[i + 2]);
		rows[i + 1] = _mm256_unpackhi_epi64(pairs[i], pairs[i + 2]);
		rows[i + 2] = _mm256_unpacklo_epi64(pairs[i + 1], pairs[i + 3]);
		rows[i + 3] = _mm256_unpackhi_epi64(pairs[i + 1], pairs[i + 3]);
	}
	for (int j = 0; j < 4; j++) {
		words[j] = _mm256_permute2x128_si256(rows[j], rows[4 + j], 0x20);
		words[4 + j] = _mm256_permute2x128_si256(rows[j], rows[4 + j], 0x31);
	}
}

static inline __attribute__((always_inline)) void transpose(const uint8_t *const *lanes, size_t at, vector *words) {
	transpose8(lanes, at, words);
	transpose8(lanes, at + 32, words + 8);
}

#define KERNEL md5_avx2_wide
#define VECTORS 4
#include "md5-kernel.h"

#define KERNEL md5_avx2_narrow
#define VECTORS 2
#include "md5-kernel.h"
