// SPDX-License-Identifier: GPL-2.0-only
/*
 * From whom a server takes messages and links, and who its callers are.
 *
 * The daemon decides who gets a connection, by what the server has told it. Its HELLO
 * says who a caller is: the kernel's uid and pid, its role, and whether it may link
 * itself. Nothing that a caller says about itself counts.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "libsuptree/server.h"

#define LEAST_SHARE 64 /* connections that callers of another user may have, at least */
#define NR_SHARES 4 /* or this part of all descriptors, a quarter */

static const char *const words[] = {
	[SUPTREE_ACCEPT_NONE] = "none",
	[SUPTREE_ACCEPT_SAME_USER] = "same_user",
	[SUPTREE_ACCEPT_TREE] = "tree",
	[SUPTREE_ACCEPT_ANYONE] = "anyone",
};

static void add_line(struct st_buf *out, const char *key, enum suptree_accept who)
{
	if (!who)
		return;
	st_buf_add_char(out, '\n');
	st_buf_add_text(out, key);
	st_buf_add_text(out, words[who]);
}

void st_accept_write(const struct st_server *server, struct st_buf *out)
{
	add_line(out, "X_SUPTREE_ACCEPT=", server->accept);
	add_line(out, "X_SUPTREE_ACCEPT_LINKS=", server->accept_links);
}

/* Before the server is ready its first message says it. */
static int set(struct suptree *self, enum suptree_accept *member, enum suptree_accept who)
{
	struct st_server *server = st_server_of(self);
	struct st_buf message = ST_BUF_INIT;

	if (who < SUPTREE_ACCEPT_NONE || who > SUPTREE_ACCEPT_ANYONE)
		return st_fail(self, -EINVAL, "there is no such enum suptree_accept");
	*member = who;
	if (!server->is_ready)
		return 0;
	st_accept_write(server, &message);
	if (st_buf_error(&message)) {
		st_buf_done(&message);
		return st_fail(self, -ENOMEM, "no memory");
	}
	st_notify(st_buf_text(&message));
	st_buf_done(&message);
	return 0;
}

int suptree_accept(struct suptree *self, enum suptree_accept who)
{
	return set(self, &st_server_of(self)->accept, who);
}

int suptree_accept_links(struct suptree *self, enum suptree_accept who)
{
	return set(self, &st_server_of(self)->accept_links, who);
}

/*
 * A user must not be able to take all descriptors, or all callers would be shut out. The
 * server's own user and root could do that anyway.
 */
static bool has_its_share(const struct st_server *server, uid_t uid)
{
	struct rlimit limit;
	rlim_t nr = 0, share = LEAST_SHARE;

	if (!uid || uid == geteuid())
		return false;
	if (!getrlimit(RLIMIT_NOFILE, &limit) && limit.rlim_cur / NR_SHARES > share)
		share = limit.rlim_cur / NR_SHARES;
	for (uint32_t i = 0; i < server->nr_callers; i++)
		if (server->callers[i].fd >= 0 && server->callers[i].has_hello &&
		    server->callers[i].uid == uid)
			nr++;
	return nr >= share;
}

static int read_hello(struct st_caller *caller, const json_t *hello)
{
	const char *path = json_string_value(json_object_get(hello, "path"));
	const char *role = json_string_value(json_object_get(hello, "role"));
	const json_t *uid = json_object_get(hello, "uid");

	if (!json_is_integer(uid))
		return -EPROTO;
	caller->pid = (int)json_integer_value(json_object_get(hello, "pid"));
	caller->uid = (uid_t)json_integer_value(uid);
	caller->generation = (uint64_t)json_integer_value(json_object_get(hello, "generation"));
	caller->is_operator = role && (!strcmp(role, st_role_text[ST_ROLE_OPERATOR]) ||
				       !strcmp(role, st_role_text[ST_ROLE_ADMIN]));
	caller->may_link = caller->generation && json_is_true(json_object_get(hello, "link"));
	caller->path = path ? strdup(path) : NULL;
	return path && !caller->path ? -ENOMEM : 0;
}

int st_accept_hello(struct st_server *server, struct st_caller *caller, const char *text,
		    size_t len)
{
	json_t *hello = json_loadb(text, len, 0, NULL);
	int ret = hello ? read_hello(caller, hello) : -EPROTO;

	json_decref(hello);
	if (!ret && has_its_share(server, caller->uid))
		ret = -EUSERS;
	caller->has_hello = !ret;
	return ret;
}
