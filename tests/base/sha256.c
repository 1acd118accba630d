// SPDX-License-Identifier: GPL-2.0-only
/* SHA-256 as FIPS 180-4 has it. */
#include "base/sha256.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kselftest_harness.h"

static bool has_digest(const void *data, size_t len, const char *expected)
{
	unsigned char digest[ST_SHA256_SIZE];
	char text[2 * ST_SHA256_SIZE + 1];

	st_sha256(data, len, digest);
	for (size_t i = 0; i < sizeof(digest); i++)
		(void)snprintf(text + 2 * i, 3, "%02x", digest[i]);
	return !strcmp(text, expected);
}

TEST(digests_are_those_of_the_standards_examples)
{
	static const char two_blocks[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
	char *million = malloc(1000000);

	ASSERT_NE(NULL, million);
	memset(million, 'a', 1000000);
	EXPECT_TRUE(has_digest("", 0,
			       "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
	EXPECT_TRUE(has_digest("abc", 3,
			       "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
	EXPECT_TRUE(has_digest(two_blocks, strlen(two_blocks),
			       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"));
	EXPECT_TRUE(has_digest(million, 1000000,
			       "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"));
	free(million);
}

TEST(lengths_around_a_block_have_their_padding)
{
	char text[64];

	memset(text, 'a', sizeof(text));
	EXPECT_TRUE(has_digest(text, 55,
			       "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"));
	EXPECT_TRUE(has_digest(text, 56,
			       "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"));
	EXPECT_TRUE(has_digest(text, 64,
			       "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"));
}

TEST(secrets_are_the_same_only_if_all_bytes_are)
{
	char one[32] = "a secret", other[32] = "a secret";

	EXPECT_TRUE(st_is_same_secret(one, other, sizeof(one)));
	for (size_t i = 0; i < sizeof(one); i++) {
		other[i] ^= 1;
		EXPECT_FALSE(st_is_same_secret(one, other, sizeof(one)));
		other[i] ^= 1;
	}
}

TEST_HARNESS_MAIN
