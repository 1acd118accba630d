// SPDX-License-Identifier: GPL-2.0-only
/*
 * Outcomes of looking users up, as bytes. See ahead_text.h.
 */
#include "daemon/ahead_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

#define MAX_GROUPS 65536 /* NGROUPS_MAX of Linux */

static void write_text(const char *text, struct st_buf *out)
{
	st_buf_add_char(out, text ? '=' : '-');
	st_buf_add_text(out, text ? text : "");
	st_buf_add_char(out, '\0');
}

static void write_number(int64_t number, struct st_buf *out)
{
	st_buf_add_i64(out, number);
	st_buf_add_char(out, '\0');
}

static void write_one(const struct st_identity *identity, struct st_buf *out)
{
	const struct st_credentials *user = &identity->credentials;

	write_text(identity->user, out);
	write_text(identity->group, out);
	write_number(identity->err, out);
	write_number(identity->err && !strcmp(identity->what, "group"), out);
	write_number(user->uid, out);
	write_number(user->gid, out);
	write_text(user->name, out);
	write_text(user->home, out);
	write_text(user->shell, out);
	write_number((int64_t)user->nr_groups, out);
	for (size_t i = 0; i < user->nr_groups; i++)
		write_number(user->groups[i], out);
}

void st_ahead_write(const struct st_identities *identities, struct st_buf *out)
{
	struct st_list *pos;

	st_list_for_each(pos, &identities->ahead)
		write_one(st_list_entry(pos, struct st_identity, link), out);
}

struct reader {
	const char *at;
	const char *end;
	bool has_failed; /* the text is not whole, or there is no memory */
};

static const char *next(struct reader *reader)
{
	size_t left = (size_t)(reader->end - reader->at);
	const char *text = reader->at, *nul = left ? memchr(text, '\0', left) : NULL;

	if (!nul) {
		reader->has_failed = true;
		return "-";
	}
	reader->at = nul + 1;
	return text;
}

static const char *next_text(struct reader *reader)
{
	const char *text = next(reader);

	return *text == '=' ? text + 1 : NULL;
}

static int64_t next_number(struct reader *reader)
{
	return strtoll(next(reader), NULL, 10);
}

static char *next_copy(struct reader *reader)
{
	const char *text = next_text(reader);
	size_t size = text ? strlen(text) + 1 : 0;
	char *copy = text ? st_alloc(size) : NULL;

	if (copy)
		memcpy(copy, text, size);
	else if (text)
		reader->has_failed = true;
	return copy;
}

static void read_groups(struct reader *reader, struct st_credentials *user)
{
	int64_t nr = next_number(reader);

	if (reader->has_failed || nr <= 0 || nr > MAX_GROUPS)
		return;
	user->groups = st_alloc_array((size_t)nr, sizeof(*user->groups));
	if (!user->groups) {
		reader->has_failed = true;
		return;
	}
	while (user->nr_groups < (size_t)nr && !reader->has_failed)
		user->groups[user->nr_groups++] = (gid_t)next_number(reader);
}

static void read_one(struct reader *reader, struct st_identities *identities)
{
	const char *user = next_text(reader), *group = next_text(reader);
	struct st_identity *identity = st_identity_new(user, group);

	if (!identity) {
		reader->has_failed = true;
		return;
	}
	identity->err = (int)next_number(reader);
	identity->what = next_number(reader) ? "group" : "user";
	identity->credentials.uid = (uid_t)next_number(reader);
	identity->credentials.gid = (gid_t)next_number(reader);
	identity->credentials.name = next_copy(reader);
	identity->credentials.home = next_copy(reader);
	identity->credentials.shell = next_copy(reader);
	read_groups(reader, &identity->credentials);
	if (reader->has_failed)
		st_identity_free(identity);
	else
		st_identity_expect(identities, identity);
}

void st_ahead_read(const struct st_buf *text, struct st_identities *identities)
{
	struct reader reader = { .at = text->data };

	if (text->failed || !text->len)
		return;
	reader.end = text->data + text->len;
	while (!reader.has_failed && reader.at < reader.end)
		read_one(&reader, identities);
}
