/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SHA-256 of FIPS 180-4: for secrets, which are kept only as their digests, and
 * a comparison whose time does not depend on the bytes.
 */
#ifndef ST_BASE_SHA256_H
#define ST_BASE_SHA256_H

#include <stdbool.h>
#include <stddef.h>

#define ST_SHA256_SIZE 32 /* bytes of a digest */

/**
 * st_sha256() - compute the digest of a text
 * @data: the bytes
 * @len: their number
 * @ret_digest: the digest
 */
void st_sha256(const void *data, size_t len, unsigned char ret_digest[ST_SHA256_SIZE]);

/**
 * st_is_same_secret() - compare in a time that depends on the length alone
 * @one: bytes
 * @other: as many bytes
 * @len: their number
 *
 * Return: whether they are the same.
 */
bool st_is_same_secret(const void *one, const void *other, size_t len);

#endif
