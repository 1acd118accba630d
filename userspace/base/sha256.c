// SPDX-License-Identifier: GPL-2.0-only
/*
 * SHA-256, one block of 64 bytes after the other; see sha256.h.
 */
#include "base/sha256.h"

#include <stdint.h>
#include <string.h>

#define BLOCK 64
#define NR_ROUNDS 64
#define NR_WORDS 8

static const uint32_t constants[NR_ROUNDS] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
	0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
	0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
	0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
	0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
	0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
	0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
	0xc67178f2,
};

static uint32_t rotate(uint32_t value, unsigned int bits)
{
	return value >> bits | value << (32 - bits);
}

static uint32_t read_word(const unsigned char *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
	       bytes[3];
}

static void expand(const unsigned char *block, uint32_t words[NR_ROUNDS])
{
	for (size_t i = 0; i < 16; i++)
		words[i] = read_word(block + 4 * i);
	for (size_t i = 16; i < NR_ROUNDS; i++) {
		uint32_t old = words[i - 15], new = words[i - 2];

		words[i] = words[i - 16] + (rotate(old, 7) ^ rotate(old, 18) ^ old >> 3) +
			   words[i - 7] + (rotate(new, 17) ^ rotate(new, 19) ^ new >> 10);
	}
}

/* The letters are those of the standard: a to h are state[0] to state[7]. */
static void add_block(uint32_t state[NR_WORDS], const unsigned char *block)
{
	uint32_t words[NR_ROUNDS], s[NR_WORDS];

	expand(block, words);
	memcpy(s, state, sizeof(s));
	for (size_t i = 0; i < NR_ROUNDS; i++) {
		uint32_t choice = (s[4] & s[5]) ^ (~s[4] & s[6]);
		uint32_t majority = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]);
		uint32_t one = s[7] + (rotate(s[4], 6) ^ rotate(s[4], 11) ^ rotate(s[4], 25)) +
			       choice + constants[i] + words[i];
		uint32_t two = (rotate(s[0], 2) ^ rotate(s[0], 13) ^ rotate(s[0], 22)) + majority;

		memmove(s + 1, s, sizeof(s) - sizeof(s[0]));
		s[4] += one;
		s[0] = one + two;
	}
	for (size_t i = 0; i < NR_WORDS; i++)
		state[i] += s[i];
}

void st_sha256(const void *data, size_t len, unsigned char ret_digest[ST_SHA256_SIZE])
{
	uint32_t state[NR_WORDS] = {
		0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
		0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
	};
	const unsigned char *bytes = data;
	unsigned char last[2 * BLOCK] = { 0 };
	size_t left = len % BLOCK, nr_last = left + 9 > BLOCK ? 2 : 1;
	uint64_t bits = (uint64_t)len * 8;

	for (size_t at = 0; at + BLOCK <= len; at += BLOCK)
		add_block(state, bytes + at);
	if (left)
		memcpy(last, bytes + len - left, left);
	last[left] = 0x80;
	for (size_t i = 0; i < 8; i++)
		last[nr_last * BLOCK - 1 - i] = (unsigned char)(bits >> (8 * i));
	for (size_t i = 0; i < nr_last; i++)
		add_block(state, last + i * BLOCK);
	for (size_t i = 0; i < ST_SHA256_SIZE; i++)
		ret_digest[i] = (unsigned char)(state[i / 4] >> (24 - 8 * (i % 4)));
}

bool st_is_same_secret(const void *one, const void *other, size_t len)
{
	const volatile unsigned char *a = one, *b = other;
	unsigned char different = 0;

	for (size_t i = 0; i < len; i++)
		different |= a[i] ^ b[i];
	return !different;
}
