/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Logins: secrets that stand for a role, for clients that come through a
 * gateway such as suptree-web.
 *
 * A user with a role asks for a ticket or a token. A ticket is valid once and
 * for a minute; who uses it gets the secret of a session. A token is for
 * programs and becomes no session. The client that shows the secret of a
 * session or token has its role from then on, and no other role. So a gateway
 * needs no rights of its own to act for somebody, and the daemon decides.
 *
 * Only digests are kept, and all of them are compared at each use, in the same
 * time. They live as long as the daemon. No clock and no descriptor here: the
 * caller knows the time. operations/login.c calls this.
 */
#ifndef ST_DAEMON_LOGINS_H
#define ST_DAEMON_LOGINS_H

#include <stdint.h>
#include <sys/types.h>

#include "base/compiler.h"
#include "base/sha256.h"
#include "proto/ops.h"

#define ST_LOGINS_MAX 256
#define ST_LOGINS_PER_USER 32 /* tickets of one user that wait, and sessions and tokens of his */
#define ST_SECRET_SIZE 65 /* hexadecimal digits and a NUL */

enum st_login_kind {
	ST_LOGIN_FREE, /* no login */
	ST_LOGIN_TICKET,
	ST_LOGIN_SESSION,
	ST_LOGIN_TOKEN,
};

struct st_login {
	enum st_login_kind kind;
	enum st_role role;
	uid_t uid; /* whose role it is */
	uint64_t end_ns;
	unsigned char digest[ST_SHA256_SIZE];
};

struct st_logins {
	struct st_login all[ST_LOGINS_MAX];
};

/**
 * st_login_lifetime_ms() - how long a login of this kind is valid
 * @kind: the kind
 */
uint64_t st_login_lifetime_ms(enum st_login_kind kind);

/**
 * st_login_add() - make a secret
 * @logins: gets it
 * @login: kind, role and uid; the rest is filled in
 * @now_ns: the time
 * @ret_secret: the secret, which is not kept
 *
 * Return: 0; -ENOSPC: the user or all users have too many; -errno of getrandom(2).
 */
int st_login_add(struct st_logins *logins, const struct st_login *login, uint64_t now_ns,
		 char ret_secret[ST_SECRET_SIZE]) __must_check;

/**
 * st_login_find() - find the login of a secret
 * @logins: all logins
 * @secret: any text
 * @now_ns: the time
 *
 * Return: the login, borrowed until the next call; NULL: there is none, or it
 * has ended.
 */
struct st_login *st_login_find(struct st_logins *logins, const char *secret, uint64_t now_ns);

/** st_login_end() - forget a login */
void st_login_end(struct st_login *login);

#endif
