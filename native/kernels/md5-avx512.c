/* Sixteen lanes a vector. Compiled for AVX-512F; called only where the processor and the system have it. */
#include <immintrin.h>

#include "md5.h"

typedef __m512i vector;
#define WIDTH 16
#define load(from) _mm512_loadu_si512(from)
#define store(to, x) _mm512_storeu_si512(to, x)
#define add _mm512_add_epi32
#define rotate _mm512_rol_epi32
#define word(t) _mm512_set1_epi32((int)(t))
/* The third operand is a truth table: the bit of (b, c, d) read as a number of three bits. */
#define choose(b, c, d) _mm512_ternarylogic_epi32(b, c, d, 0xca)
#define choose2(b, c, d) _mm512_ternarylogic_epi32(b, c, d, 0xe4)
#define parity(b, c, d) _mm512_ternarylogic_epi32(b, c, d, 0x96)
#define alternate(b, c, d) _mm512_ternarylogic_epi32(b, c, d, 0x39)

static inline __attribute__((always_inline)) void transpose(const uint8_t *const *lanes, size_t at, vector *words) {
	vector pairs[16], rows[16];
	for (int i = 0; i < 16; i++) rows[i] = load(lanes[i] + at);
	for (int i = 0; i < 16; i += 2) {
		pairs[i] = _mm512_unpacklo_epi32(rows[i], rows[i + 1]);
		pairs[i + 1] = _mm512_unpackhi_epi32(rows[i], rows[i + 1]);
	}
	/* rows[4 * i + j]: words j, 4 + j, 8 + j and 12 + j of lanes 4 * i to 4 * i + 3. */
	for (int i = 0; i < 16; i += 4) {
		rows[i] = _mm512_unpacklo_epi64(pairs[i], pairs[i + 2]);
		rows[i + 1] = _mm512_unpackhi_epi64(pairs[i], pairs[i + 2]);
		rows[i + 2] = _mm512_unpacklo_epi64(pairs[i + 1], pairs[i + 3]);
		rows[i + 3] = _mm512_unpackhi_epi64(pairs[i + 1], pairs[i + 3]);
	}
	for (int j = 0; j < 4; j++) {
		vector even01 = _mm512_shuffle_i32x4(rows[j], rows[4 + j], 0x88);
		vector odd01 = _mm512_shuffle_i32x4(rows[j], rows[4 + j], 0xdd);
		vector even23 = _mm512_shuffle_i32x4(rows[8 + j], rows[12 + j], 0x88);
		vector odd23 = _mm512_shuffle_i32x4(rows[8 + j], rows[12 + j], 0xdd);
		words[j] = _mm512_shuffle_i32x4(even01, even23, 0x88);
		words[8 + j] = _mm512_shuffle_i32x4(even01, even23, 0xdd);
		words[4 + j] = _mm512_shuffle_i32x4(odd01, odd23, 0x88);
		words[12 + j] = _mm512_shuffle_i32x4(odd01, odd23, 0xdd);
	}
}

#define KERNEL md5_avx512_wide
#define VECTORS 2
#include "md5-kernel.h"

#define KERNEL md5_avx512_narrow
#define VECTORS 1
#include "md5-kernel.h"
