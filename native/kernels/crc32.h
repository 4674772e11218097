/* CRC-32 as of gzip (RFC 1952, section 8): reflected, polynomial 0xEDB88320. */
#ifndef AFTERIMAGE_CRC32_H
#define AFTERIMAGE_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* Bytes that are folded at once; also the least that can be folded at all. */
#define CRC32_STRIDE 256

/*
 * Multipliers that carry 64 bits over a distance of so many bits: [0] for the first half of 128 bits, [1] for the second.
 * See crc32_multipliers.
 */
struct crc32_folds {
	uint64_t by_2048[2], by_512[2], by_384[2], by_256[2], by_128[2];
};

/*
 * Folds `length` bytes, a multiple of 64 of at least CRC32_STRIDE, whose first four were combined with the state `crc`, to 16 bytes with the
 * same remainder.
 */
void crc32_fold_avx512(const uint8_t *bytes, size_t length, uint32_t crc, const struct crc32_folds *folds, uint8_t remainder[16]);

#endif
