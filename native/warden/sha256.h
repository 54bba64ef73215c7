/* SHA-256 (FIPS 180-4). */
#ifndef WARDEN_SHA256_H
#define WARDEN_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_BYTES 32u
#define SHA256_BLOCK 64u

struct sha256 {
	uint32_t state[8];
	uint64_t length; /* bytes taken in */
	uint8_t block[SHA256_BLOCK];
};

void sha256_begin(struct sha256 *s);
void sha256_add(struct sha256 *s, const void *data, size_t length);
void sha256_end(struct sha256 *s, uint8_t digest[static SHA256_BYTES]);

#endif
