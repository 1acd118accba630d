// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests that the library answers for every server, see "System requests" in
 * PROTOCOL.md. OTP: sys:get_state/1, replace_state/2, get_status/1.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libsuptree/server.h"

static void get_state(struct st_server *server, struct suptree_from from)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out;

	if (!server->callbacks->format_status) {
		suptree_reply_error(&server->self, from, "the server does not show its state");
		return;
	}
	out = open_memstream(&text, &len);
	if (out)
		server->callbacks->format_status(server->state, out);
	if (!out || fclose(out))
		suptree_reply_error(&server->self, from, "no memory");
	else
		suptree_reply_bytes(&server->self, from, text, len);
	free(text);
}

static void replace_state(struct st_server *server, struct suptree_from from, const char *text)
{
	const struct suptree_gen_server *callbacks = server->callbacks;
	struct suptree *self = &server->self;

	(void)st_fail(self, 0, "bad_state");
	if (!callbacks->code_change)
		suptree_reply_error(self, from, "the server takes no state");
	else if (callbacks->code_change(self, server->state, callbacks->vsn, text))
		suptree_reply_error(self, from, "%s", suptree_error(self));
	else
		suptree_reply(self, from, "ok");
}

static unsigned int count_callers(const struct st_server *server)
{
	unsigned int nr = 0;

	for (uint32_t i = 0; i < server->nr_callers; i++)
		nr += server->callers[i].fd >= 0;
	return nr;
}

static void get_status(struct st_server *server, struct suptree_from from)
{
	struct suptree *self = &server->self;
	unsigned int nr_timers = 0, nr_monitors = 0;
	json_t *links = json_array(), *status;
	struct st_list *pos;
	char *text;

	st_list_for_each(pos, &server->timers)
		nr_timers++;
	st_list_for_each(pos, &self->watches) {
		const struct st_watch *watch = st_list_entry(pos, struct st_watch, link);

		if (watch->kind == ST_WATCH_LINK)
			json_array_append_new(links, json_string(watch->path ? watch->path : ""));
		else
			nr_monitors++;
	}
	status = json_pack("{s:s?, s:b, s:I, s:I, s:I, s:i, s:i, s:i, s:o}", "vsn",
			   server->callbacks->vsn, "trap_exit", server->traps_exits, "calls",
			   (json_int_t)server->nr_calls, "casts", (json_int_t)server->nr_casts,
			   "infos", (json_int_t)server->nr_infos, "callers",
			   (int)count_callers(server), "timers", (int)nr_timers, "monitors",
			   (int)nr_monitors, "links", links);
	text = status ? json_dumps(status, JSON_COMPACT) : NULL;
	if (text)
		suptree_reply(&server->self, from, "%s", text);
	else
		suptree_reply_error(&server->self, from, "no memory");
	free(text);
	json_decref(status);
}

void st_system_handle(struct st_server *server, struct suptree_from from, const char *request)
{
	static const char replace[] = "replace_state ";

	if (!strcmp(request, "get_state"))
		get_state(server, from);
	else if (!strcmp(request, "get_status"))
		get_status(server, from);
	else if (!strncmp(request, replace, sizeof(replace) - 1))
		replace_state(server, from, request + sizeof(replace) - 1);
	else
		suptree_reply_error(&server->self, from, "unknown_request");
}
