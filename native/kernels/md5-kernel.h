/*
 * A kernel, as text that is included once for each number of vectors. The file that includes it defines:
 *   KERNEL   name of the function
 *   VECTORS  how many vectors are worked on side by side: MD5 is a chain of dependent steps that leaves a core mostly idle
 *   WIDTH    lanes of a vector
 *   vector, load, store, add, rotate(x, n), word(t)  and  choose, choose2, parity, alternate: the functions F, G, H and I
 *   transpose(lanes, at, words)  16 words of each lane at byte `at`, to a vector a word
 */
#define EACH for (int v = 0; v < VECTORS; v++)

/* a = b + ((a + f(b, c, d) + X[k] + T[i]) <<< s): RFC 1321, section 3.4. */
#define STEP(f, a, b, c, d, k, s, t) \
	EACH { \
		a[v] = add(add(a[v], add(words[v][k], word(t))), f(b[v], c[v], d[v])); \
		a[v] = add(rotate(a[v], s), b[v]); \
	}

#define FOUR(f, k0, k1, k2, k3, s0, s1, s2, s3, t0, t1, t2, t3) \
	STEP(f, a, b, c, d, k0, s0, t0) \
	STEP(f, d, a, b, c, k1, s1, t1) \
	STEP(f, c, d, a, b, k2, s2, t2) \
	STEP(f, b, c, d, a, k3, s3, t3)

void KERNEL(const uint8_t *const *lanes, size_t chunks, uint32_t *state) {
	vector sum[4][VECTORS];
	for (int j = 0; j < 4; j++) EACH sum[j][v] = load(state + (j * VECTORS + v) * WIDTH);
	for (size_t at = 0; at < chunks * MD5_CHUNK; at += MD5_CHUNK) {
		vector words[VECTORS][16], a[VECTORS], b[VECTORS], c[VECTORS], d[VECTORS];
		EACH transpose(lanes + v * WIDTH, at, words[v]);
		EACH a[v] = sum[0][v], b[v] = sum[1][v], c[v] = sum[2][v], d[v] = sum[3][v];
		FOUR(choose, 0, 1, 2, 3, 7, 12, 17, 22, 0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee)
		FOUR(choose, 4, 5, 6, 7, 7, 12, 17, 22, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501)
		FOUR(choose, 8, 9, 10, 11, 7, 12, 17, 22, 0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be)
		FOUR(choose, 12, 13, 14, 15, 7, 12, 17, 22, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821)
		FOUR(choose2, 1, 6, 11, 0, 5, 9, 14, 20, 0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa)
		FOUR(choose2, 5, 10, 15, 4, 5, 9, 14, 20, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8)
		FOUR(choose2, 9, 14, 3, 8, 5, 9, 14, 20, 0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed)
		FOUR(choose2, 13, 2, 7, 12, 5, 9, 14, 20, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a)
		FOUR(parity, 5, 8, 11, 14, 4, 11, 16, 23, 0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c)
		FOUR(parity, 1, 4, 7, 10, 4, 11, 16, 23, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70)
		FOUR(parity, 13, 0, 3, 6, 4, 11, 16, 23, 0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05)
		FOUR(parity, 9, 12, 15, 2, 4, 11, 16, 23, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665)
		FOUR(alternate, 0, 7, 14, 5, 6, 10, 15, 21, 0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039)
		FOUR(alternate, 12, 3, 10, 1, 6, 10, 15, 21, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1)
		FOUR(alternate, 8, 15, 6, 13, 6, 10, 15, 21, 0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1)
		FOUR(alternate, 4, 11, 2, 9, 6, 10, 15, 21, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391)
		EACH {
			sum[0][v] = add(sum[0][v], a[v]);
			sum[1][v] = add(sum[1][v], b[v]);
			sum[2][v] = add(sum[2][v], c[v]);
			sum[3][v] = add(sum[3][v], d[v]);
		}
	}
	for (int j = 0; j < 4; j++) EACH store(state + (j * VECTORS + v) * WIDTH, sum[j][v]);
}

#undef EACH
#undef STEP
#undef FOUR
#undef KERNEL
#undef VECTORS
