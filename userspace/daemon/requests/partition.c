// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finds the partition that has a key; see partition.h. [X5]
 */
#include "daemon/requests/partition.h"

#include <errno.h>
#include <string.h>

#include "core/step.h"
#include "daemon/control/client.h"

/* The remainder of a decimal integer's absolute value; -1: @key is none. */
static int64_t remainder_of(const char *key, size_t len, uint32_t nr)
{
	uint64_t rest = 0;
	size_t i = len && *key == '-';

	if (i == len)
		return -1;
	for (; i < len; i++) {
		if (key[i] < '0' || key[i] > '9')
			return -1;
		rest = (rest * 10 + (uint64_t)(key[i] - '0')) % nr;
	}
	return (int64_t)rest;
}

/* RULES.md promises this hash: it must be the same in all versions. */
static uint64_t hash_of(const char *key, size_t len)
{
	uint64_t hash = 0xcbf29ce484222325ull; /* FNV-1a */

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)key[i]) * 0x100000001b3ull;
	return hash;
}

static uint64_t partition_of(const char *key, size_t len, uint32_t nr)
{
	int64_t rest = remainder_of(key, len, nr);

	return rest >= 0 ? (uint64_t)rest : hash_of(key, len) % nr;
}

/* The bytes of the key that begins at @key; -1: it has no end. */
static ssize_t key_len(const char *key)
{
	for (const char *end = key; (end = strchr(end, '}')); end++)
		if (!end[1] || end[1] == '/')
			return end - key;
	return -1;
}

/* The partitions of the supervisor at a path; 0: it has none. */
static uint32_t partitions_at(const struct st_tree *tree, const struct st_buf *path)
{
	const struct st_child *child = st_buf_error(path) ? NULL :
							    st_tree_find(tree, st_buf_text(path));

	return child && child->sup ? child->sup->spec->flags.partitions : 0;
}

bool st_partition_path(const struct st_tree *tree, const char *path, struct st_buf *out)
{
	bool has_key = false;

	while (*path) {
		const char *key = strstr(path, "/{");
		ssize_t len = key ? key_len(key + 2) : -1;
		uint32_t nr;

		if (len < 0)
			break;
		st_buf_add(out, path, (size_t)(key - path));
		nr = partitions_at(tree, out);
		if (nr) {
			st_buf_add_char(out, '/');
			st_buf_add_u64(out, partition_of(key + 2, (size_t)len, nr));
			has_key = true;
			path = key + 2 + len + 1;
		} else {
			st_buf_add_text(out, "/{");
			path = key + 2;
		}
	}
	st_buf_add_text(out, path);
	return has_key;
}

/* A condition is a path and what follows its last '='. */
static size_t path_len(enum st_param_type type, const char *text)
{
	const char *equals = type == ST_PARAM_CONDITION ? strrchr(text, '=') : NULL;

	return equals ? (size_t)(equals - text) : strlen(text);
}

static int route(const struct st_tree *tree, const struct st_rpc_request *request,
		 const struct st_param *param, const char *text)
{
	size_t len = path_len(param->type, text);
	struct st_buf path = ST_BUF_INIT, routed = ST_BUF_INIT;
	bool has_key = false;
	int err;

	st_buf_add(&path, text, len);
	err = st_buf_error(&path);
	if (!err)
		has_key = st_partition_path(tree, st_buf_text(&path), &routed);
	st_buf_add_text(&routed, text + len);
	if (!err)
		err = st_buf_error(&routed);
	if (!err && has_key &&
	    json_object_set_new(request->params, param->name, json_string(st_buf_text(&routed))))
		err = -ENOMEM;
	st_buf_done(&path);
	st_buf_done(&routed);
	return err;
}

int st_partition_route(const struct st_tree *tree, struct st_client *client,
		       const struct st_rpc_request *request)
{
	const struct st_operation_row *row = &st_operations[request->op];
	int err = 0;

	for (const struct st_param *param = row->params; !err && param->name; param++) {
		const char *text = st_rpc_text(request, param->name, NULL);

		if (text && strstr(text, "/{") &&
		    (param->type == ST_PARAM_PATH || param->type == ST_PARAM_CHILD ||
		     param->type == ST_PARAM_CONDITION))
			err = route(tree, request, param, text);
	}
	if (err)
		st_client_reply_error(client, ST_ERROR_NO_MEMORY, NULL, "%s: out of memory",
				      row->verb);
	return err;
}
