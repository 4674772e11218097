#include "crc32.h"

#include "export.h"

static const uint32_t polynomial = 0xedb88320;

/* Remainder after one more byte, bit by bit. */
static uint32_t next_byte(uint32_t crc, uint8_t byte) {
	crc ^= byte;
	for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? polynomial : 0);
	return crc;
}

/* x^n modulo the polynomial, reflected, and shifted by the one bit that a product of reflected numbers is short of. */
static uint64_t power(uint32_t n) {
	uint32_t x = 0x80000000;
	while (n-- > 0) x = x >> 1 ^ (x & 1 ? polynomial : 0);
	return (uint64_t)x << 1;
}

/* The halves of 128 bits lie 64 bits apart, and the multipliers are 32 bits wide: hence the two distances. */
static void set_fold(uint64_t fold[2], uint32_t distance) {
	fold[0] = power(distance + 32);
	fold[1] = power(distance - 32);
}

static struct crc32_folds folds;
static uint32_t table[256];

/* When the library is loaded, before any thread can call it. */
__attribute__((constructor)) static void prepare(void) {
	for (int i = 0; i < 256; i++) table[i] = next_byte(0, (uint8_t)i);
	set_fold(folds.by_2048, 2048);
	set_fold(folds.by_512, 512);
	set_fold(folds.by_384, 384);
	set_fold(folds.by_256, 256);
	set_fold(folds.by_128, 128);
}

EXPORT uint32_t afterimage_crc32_runs(void) {
	__builtin_cpu_init();
	return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("vpclmulqdq");
}

static uint32_t by_table(uint32_t crc, const uint8_t *bytes, size_t length) {
	for (size_t i = 0; i < length; i++) crc = crc >> 8 ^ table[(uint8_t)(crc ^ bytes[i])];
	return crc;
}

/* The CRC-32 of what had `crc`, followed by `length` bytes. The caller has seen to it that afterimage_crc32_runs(). */
EXPORT uint32_t afterimage_crc32(const uint8_t *bytes, size_t length, uint32_t crc) {
	crc = ~crc;
	if (length >= CRC32_STRIDE) {
		size_t folded = length - length % 64;
		uint8_t remainder[16];
		crc32_fold_avx512(bytes, folded, crc, &folds, remainder);
		crc = by_table(0, remainder, sizeof remainder);
		bytes += folded;
		length -= folded;
	}
	return ~by_table(crc, bytes, length);
}
