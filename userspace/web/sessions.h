/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the gateway knows about secrets: which of them the daemon has accepted a
 * moment ago, with which role, and how many writes they made. It is a cache,
 * and decides nothing but what the copy of the tree shows: each request that is
 * passed on logs in anew, and the daemon decides. Only digests are kept. Pure.
 */
#ifndef ST_WEB_SESSIONS_H
#define ST_WEB_SESSIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sha256.h"
#include "proto/ops.h"
#include "web/guard.h"

#define ST_SESSIONS_MAX 256
#define ST_SESSION_FRESH_NS (5 * ST_NSEC_PER_SEC) /* then the daemon is asked again */
#define ST_SECRET_LEN 64 /* hexadecimal digits */
#define ST_CSRF_SIZE (2 * ST_SHA256_SIZE + 1)

struct st_session {
	unsigned char digest[ST_SHA256_SIZE];
	enum st_role role; /* ST_ROLE_NONE: not used */
	uint64_t checked_ns; /* when the daemon accepted it last */
	struct st_rate writes;
};

struct st_sessions {
	struct st_session all[ST_SESSIONS_MAX];
	unsigned char key[ST_SHA256_SIZE]; /* random; of the CSRF tokens */
};

/* Is the text one that can be a secret? */
bool st_secret_is_valid(const char *text);

/**
 * st_sessions_find() - find what is known about a secret
 * @sessions: all
 * @secret: the secret
 *
 * Return: the session, borrowed; NULL: nothing is known.
 */
struct st_session *st_sessions_find(struct st_sessions *sessions, const char *secret);

/**
 * st_sessions_accepted() - note that the daemon has accepted a secret
 * @sessions: all; the one that was checked longest ago may be forgotten
 * @secret: the secret
 * @role: its role
 * @now_ns: the time
 *
 * Return: the session, borrowed.
 */
struct st_session *st_sessions_accepted(struct st_sessions *sessions, const char *secret,
					enum st_role role, uint64_t now_ns);

/** st_sessions_forget() - note that a secret is not valid any more */
void st_sessions_forget(struct st_sessions *sessions, const char *secret);

/**
 * st_sessions_csrf() - make the text that writes with a cookie must show
 * @sessions: all, with a random key
 * @secret: of the session
 * @ret_text: the text: only who can read an answer to the cookie knows it
 */
void st_sessions_csrf(const struct st_sessions *sessions, const char *secret,
		      char ret_text[ST_CSRF_SIZE]);

/**
 * st_cookie_find() - find a cookie in the header Cookie
 * @header: the header, or NULL
 * @name: of the cookie
 * @ret_value: its value; "" if there is none, or if it is there twice
 * @size: of @ret_value; a longer value is none
 */
void st_cookie_find(const char *header, const char *name, char *ret_value, size_t size);

#endif
