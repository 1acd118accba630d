// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who is where: names and process groups, which the daemon keeps.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "libsuptree/internal.h"

int suptree_whereis(struct suptree *self, const char *name, struct suptree_process *ret_process)
{
	json_t *found;
	const char *path;
	int ret = st_ask(self, ST_OPERATION_WHEREIS, json_pack("{s:s}", "path", name), &found);

	if (ret)
		return ret;
	path = json_string_value(json_object_get(found, "path"));
	free(self->path);
	self->path = strdup(path ? path : "");
	ret_process->pid = (int)json_integer_value(json_object_get(found, "pid"));
	ret_process->uid = (unsigned int)json_integer_value(json_object_get(found, "uid"));
	ret_process->generation =
		(uint64_t)json_integer_value(json_object_get(found, "generation"));
	ret_process->path = self->path;
	json_decref(found);
	return self->path ? 0 : st_fail(self, -ENOMEM, "no memory");
}

/* A request whose only answer is success. */
static int ask_for(struct suptree *self, enum st_operation op, const char *key, const char *value)
{
	json_t *done;
	int ret = st_ask(self, op, json_pack("{s:s}", key, value), &done);

	json_decref(done);
	return ret;
}

/* Errors of a process that is not supervised, or that does not have what it gives back. */
static int as(int ret, int theirs, int ours)
{
	return ret == theirs ? ours : ret;
}

int suptree_register(struct suptree *self, const char *name)
{
	return as(ask_for(self, ST_OPERATION_REGISTER, "name", name), -EACCES,
		  self->generation ? -EACCES : -ESRCH);
}

int suptree_unregister(struct suptree *self, const char *name)
{
	return as(as(ask_for(self, ST_OPERATION_UNREGISTER, "name", name), -EACCES, -ENOENT),
		  -ENOTUNIQ, -ENOENT);
}

int suptree_join(struct suptree *self, const char *group)
{
	return as(ask_for(self, ST_OPERATION_JOIN, "group", group), -EACCES, -ESRCH);
}

int suptree_leave(struct suptree *self, const char *group)
{
	return as(as(ask_for(self, ST_OPERATION_LEAVE, "group", group), -EACCES, -ENOENT),
		  -ENOTUNIQ, -ENOENT);
}

int suptree_broadcast(struct suptree *self, const char *group, const char *text)
{
	json_t *members, *member;
	size_t i;
	int nr = 0;
	int ret = st_ask(self, ST_OPERATION_MEMBERS, json_pack("{s:s}", "group", group), &members);

	if (ret)
		return ret;
	json_array_foreach(members, i, member) {
		const char *path = json_string_value(json_object_get(member, "path"));

		/* a process that has ended since then is no longer a member */
		if (path && !suptree_send(self, path, text))
			nr++;
	}
	json_decref(members);
	return nr;
}
