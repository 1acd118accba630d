// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of logins; see logins.h.
 */
#include "daemon/logins.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#define MINUTE_MS UINT64_C(60000)
#define HOUR_MS (60 * MINUTE_MS)
#define NSEC_PER_MSEC UINT64_C(1000000)
#define NR_RANDOM ((ST_SECRET_SIZE - 1) / 2)

uint64_t st_login_lifetime_ms(enum st_login_kind kind)
{
	switch (kind) {
	case ST_LOGIN_TICKET:
		return MINUTE_MS;
	case ST_LOGIN_SESSION:
		return 12 * HOUR_MS;
	case ST_LOGIN_TOKEN:
		return 30 * 24 * HOUR_MS;
	case ST_LOGIN_FREE:
	default:
		return 0;
	}
}

static void digest_of(const char *secret, unsigned char ret_digest[ST_SHA256_SIZE])
{
	st_sha256(secret, strlen(secret), ret_digest);
}

static int make_secret(char ret_secret[ST_SECRET_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char bytes[NR_RANDOM];
	ssize_t nr = getrandom(bytes, sizeof(bytes), GRND_NONBLOCK);

	if (nr != sizeof(bytes))
		return nr < 0 ? -errno : -EAGAIN;
	for (size_t i = 0; i < sizeof(bytes); i++) {
		ret_secret[2 * i] = digits[bytes[i] >> 4];
		ret_secret[2 * i + 1] = digits[bytes[i] & 15];
	}
	ret_secret[ST_SECRET_SIZE - 1] = '\0';
	return 0;
}

int st_login_add(struct st_logins *logins, const struct st_login *login, uint64_t now_ns,
		 char ret_secret[ST_SECRET_SIZE])
{
	struct st_login *room = NULL;
	char secret[ST_SECRET_SIZE];
	unsigned int nr_of_user = 0;
	int ret;

	for (size_t i = 0; i < ST_LOGINS_MAX; i++) {
		struct st_login *at = &logins->all[i];

		if (at->kind && at->end_ns <= now_ns)
			st_login_end(at);
		if (!at->kind)
			room = at;
		else if (at->uid == login->uid)
			nr_of_user++;
	}
	if (!room || nr_of_user >= ST_LOGINS_PER_USER)
		return -ENOSPC;
	ret = make_secret(secret);
	if (ret)
		return ret;
	*room = *login;
	room->end_ns = now_ns + st_login_lifetime_ms(login->kind) * NSEC_PER_MSEC;
	digest_of(secret, room->digest);
	memcpy(ret_secret, secret, sizeof(secret));
	return 0;
}

struct st_login *st_login_find(struct st_logins *logins, const char *secret, uint64_t now_ns)
{
	unsigned char digest[ST_SHA256_SIZE];
	struct st_login *found = NULL;

	digest_of(secret, digest);
	for (size_t i = 0; i < ST_LOGINS_MAX; i++) {
		struct st_login *at = &logins->all[i];
		bool is_it = st_is_same_secret(digest, at->digest, sizeof(digest));

		if (is_it && at->kind && at->end_ns > now_ns)
			found = at;
	}
	return found;
}

void st_login_end(struct st_login *login)
{
	*login = (struct st_login){ 0 };
}
