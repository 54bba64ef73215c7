/* Bytes in, in pieces of any size; their digest out. Section numbers are those of FIPS 180-4. */
#include "sha256.h"

#include <string.h>

/* 4.2.2 */
static const uint32_t constants[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static inline uint32_t rotate(uint32_t x, unsigned n)
{
	return x >> n | x << (32 - n);
}

static inline uint32_t big_endian(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* 6.2.2. The working variables move by one place each round; eight rounds move them all the way round. */
#define ROUND(a, b, c, d, e, f, g, h, t)                                                                               \
	{                                                                                                              \
		h += (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + (g ^ (e & (f ^ g))) + constants[t] + w[t];       \
		d += h;                                                                                                \
		h += (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) | (c & (a | b)));                       \
	}

static void compress(uint32_t state[8], const uint8_t *block)
{
	uint32_t w[64], a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5],
			g = state[6], h = state[7];

	for (unsigned t = 0; t < 16; t++)
		w[t] = big_endian(block + 4 * t);
	for (unsigned t = 16; t < 64; t++) {
		uint32_t s0 = rotate(w[t - 15], 7) ^ rotate(w[t - 15], 18) ^ w[t - 15] >> 3;
		uint32_t s1 = rotate(w[t - 2], 17) ^ rotate(w[t - 2], 19) ^ w[t - 2] >> 10;
		w[t] = w[t - 16] + s0 + w[t - 7] + s1;
	}
	for (unsigned t = 0; t < 64; t += 8) {
		ROUND(a, b, c, d, e, f, g, h, t)
		ROUND(h, a, b, c, d, e, f, g, t + 1)
		ROUND(g, h, a, b, c, d, e, f, t + 2)
		ROUND(f, g, h, a, b, c, d, e, t + 3)
		ROUND(e, f, g, h, a, b, c, d, t + 4)
		ROUND(d, e, f, g, h, a, b, c, t + 5)
		ROUND(c, d, e, f, g, h, a, b, t + 6)
		ROUND(b, c, d, e, f, g, h, a, t + 7)
	}
	const uint32_t sum[8] = { a, b, c, d, e, f, g, h };
	for (unsigned i = 0; i < 8; i++)
		state[i] += sum[i];
}

/* 5.3.3 */
void sha256_begin(struct sha256 *s)
{
	*s = (struct sha256){ .state = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c,
					 0x1f83d9ab, 0x5be0cd19 } };
}

void sha256_add(struct sha256 *s, const void *data, size_t length)
{
	const uint8_t *at = data;
	size_t held = s->length % SHA256_BLOCK;

	s->length += length;
	if (held) {
		size_t room = SHA256_BLOCK - held, take = length < room ? length : room;
		memcpy(s->block + held, at, take);
		if (take < room)
			return;
		compress(s->state, s->block);
		at += take;
		length -= take;
	}
	for (; length >= SHA256_BLOCK; at += SHA256_BLOCK, length -= SHA256_BLOCK)
		compress(s->state, at);
	memcpy(s->block, at, length);
}

/* 5.1.1: a one bit, zeros, and the length in bits */
void sha256_end(struct sha256 *s, uint8_t digest[static SHA256_BYTES])
{
	static const uint8_t padding[SHA256_BLOCK] = { 0x80 };
	uint64_t bits = s->length * 8;
	uint8_t length[8];

	for (unsigned i = 0; i < 8; i++)
		length[i] = (uint8_t)(bits >> (56 - 8 * i));
	sha256_add(s, padding, SHA256_BLOCK - (s->length + 8) % SHA256_BLOCK);
	sha256_add(s, length, sizeof length);
	for (unsigned i = 0; i < SHA256_BYTES; i++)
		digest[i] = (uint8_t)(s->state[i / 4] >> (24 - 8 * (i % 4)));
}
