// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sessions and cookies; see sessions.h.
 */
#include "web/sessions.h"

#include <string.h>

static void digest_of(const char *secret, unsigned char ret_digest[ST_SHA256_SIZE])
{
	st_sha256(secret, strlen(secret), ret_digest);
}

bool st_secret_is_valid(const char *text)
{
	return strlen(text) == ST_SECRET_LEN && strspn(text, "0123456789abcdef") == ST_SECRET_LEN;
}

struct st_session *st_sessions_find(struct st_sessions *sessions, const char *secret)
{
	unsigned char digest[ST_SHA256_SIZE];
	struct st_session *found = NULL;

	digest_of(secret, digest);
	for (size_t i = 0; i < ST_SESSIONS_MAX; i++)
		if (st_is_same_secret(sessions->all[i].digest, digest, sizeof(digest)) &&
		    sessions->all[i].role)
			found = &sessions->all[i];
	return found;
}

struct st_session *st_sessions_accepted(struct st_sessions *sessions, const char *secret,
					enum st_role role, uint64_t now_ns)
{
	struct st_session *session = st_sessions_find(sessions, secret);

	if (!session) {
		session = &sessions->all[0];
		for (size_t i = 1; i < ST_SESSIONS_MAX; i++)
			if (sessions->all[i].checked_ns < session->checked_ns)
				session = &sessions->all[i];
		*session = (struct st_session){ 0 };
		digest_of(secret, session->digest);
	}
	session->role = role;
	session->checked_ns = now_ns;
	return session;
}

void st_sessions_forget(struct st_sessions *sessions, const char *secret)
{
	struct st_session *session = st_sessions_find(sessions, secret);

	if (session)
		*session = (struct st_session){ 0 };
}

void st_sessions_csrf(const struct st_sessions *sessions, const char *secret,
		      char ret_text[ST_CSRF_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char text[3 * ST_SHA256_SIZE], digest[ST_SHA256_SIZE];

	/* the key before and after, so that nobody can go on from a digest */
	memcpy(text, sessions->key, ST_SHA256_SIZE);
	digest_of(secret, text + ST_SHA256_SIZE);
	memcpy(text + 2 * ST_SHA256_SIZE, sessions->key, ST_SHA256_SIZE);
	st_sha256(text, sizeof(text), digest);
	for (size_t i = 0; i < sizeof(digest); i++) {
		ret_text[2 * i] = digits[digest[i] >> 4];
		ret_text[2 * i + 1] = digits[digest[i] & 15];
	}
	ret_text[ST_CSRF_SIZE - 1] = '\0';
}

void st_cookie_find(const char *header, const char *name, char *ret_value, size_t size)
{
	size_t len = strlen(name);
	bool is_found = false;

	*ret_value = '\0';
	while (header && *header) {
		const char *end = strchrnul(header, ';');

		header += strspn(header, " \t");
		if (!strncmp(header, name, len) && header[len] == '=') {
			size_t nr = (size_t)(end - header) - len - 1;

			if (is_found || nr >= size) {
				*ret_value = '\0';
				return;
			}
			memcpy(ret_value, header + len + 1, nr);
			ret_value[nr] = '\0';
			is_found = true;
		}
		header = *end ? end + 1 : end;
	}
}
