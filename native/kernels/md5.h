/* MD5 (RFC 1321) of many equally long blocks at once, a block a lane of wide vectors. */
#ifndef AFTERIMAGE_MD5_H
#define AFTERIMAGE_MD5_H

#include <stddef.h>
#include <stdint.h>

/* More lanes than any kernel has. */
#define MD5_MAX_LANES 32
#define MD5_CHUNK 64

/*
 * Advances the states of all lanes of a kernel by `chunks` chunks of 64 bytes; `lanes[i]` is where the bytes of lane i lie.
 * `state` holds A, B, C and D one after the other, each a word a lane.
 */
typedef void md5_kernel(const uint8_t *const *lanes, size_t chunks, uint32_t *state);

md5_kernel md5_avx512_wide, md5_avx512_narrow, md5_avx2_wide, md5_avx2_narrow;

#endif
