// SPDX-License-Identifier: GPL-2.0-only
/*
 * Operations that this process offers, which the daemon keeps and lists. The calls
 * come as any other (deliver.c).
 */
#include <errno.h>

#include "libsuptree/internal.h"

static const char *const type_text[] = {
	[SUPTREE_WORD] = "word",
	[SUPTREE_INTEGER] = "integer",
	[SUPTREE_TEXT] = "text",
};

static json_t *describe_parameter(const struct suptree_parameter *parameter)
{
	size_t type = (size_t)parameter->type;

	return json_pack("{s:s, s:s, s:b, s:s}", "name", parameter->name, "type",
			 type < ST_ARRAY_SIZE(type_text) ? type_text[type] : "", "required",
			 !parameter->optional, "help", parameter->help ? parameter->help : "");
}

static json_t *describe(const struct suptree_operation *operation)
{
	json_t *parameters = json_array();
	bool is_whole = parameters != NULL;

	for (size_t i = 0; i < SUPTREE_MAX_PARAMETERS && operation->parameters[i].name; i++)
		if (json_array_append_new(parameters,
					  describe_parameter(&operation->parameters[i])))
			is_whole = false;
	if (!is_whole) {
		json_decref(parameters);
		return NULL;
	}
	return json_pack("{s:s, s:s, s:b, s:o}", "name", operation->name, "summary",
			 operation->summary ? operation->summary : "", "changes", !operation->reads,
			 "params", parameters);
}

static json_t *describe_all(const struct suptree_operation *operations)
{
	json_t *list = json_array();

	for (; list && operations->name; operations++) {
		if (!json_array_append_new(list, describe(operations)))
			continue;
		json_decref(list);
		return NULL;
	}
	return list;
}

/*
 * Offered operations belong to the process, not to the connection. So a connection that
 * was made only for this is closed: the daemon has fewer connections than there may be
 * servers.
 */
static int ask_once(struct suptree *self, enum st_operation op, json_t *params)
{
	bool is_kept = self->daemon != NULL;
	json_t *done = NULL;
	int ret = st_ask(self, op, params, &done);

	json_decref(done);
	if (!is_kept && self->daemon) {
		st_conn_close(self->daemon);
		self->daemon = NULL;
		self->has_asked = false;
	}
	return ret;
}

int suptree_offer(struct suptree *self, const struct suptree_operation *operations)
{
	json_t *list = describe_all(operations);
	int ret;

	if (!list) /* jansson also fails for text that is not UTF-8 */
		return st_fail(self, -EINVAL, "no memory, or a text that is not in UTF-8");
	ret = ask_once(self, ST_OPERATION_OFFER, json_pack("{s:o}", "operations", list));
	return ret == -EACCES ? -ESRCH : ret;
}

int suptree_withdraw(struct suptree *self, const char *name)
{
	int ret = ask_once(self, ST_OPERATION_WITHDRAW, json_pack("{s:s}", "operation", name));

	return ret == -EACCES || ret == -ENOTUNIQ ? -ENOENT : ret;
}
