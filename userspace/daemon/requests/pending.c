// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests that core has not answered yet. See pending.h.
 */
#include "daemon/requests/pending.h"

#include <string.h>

#include "base/alloc.h"
#include "daemon/history/history.h"
#include "daemon/requests/reply.h"
#include "daemon/shell.h"

void st_requests_init(struct st_requests *requests, struct st_ring *ring, struct st_shell *shell,
		      struct st_history *history)
{
	*requests = (struct st_requests){ .ring = ring, .shell = shell, .history = history };
	st_list_init(&requests->killers);
}

void st_requests_done(struct st_requests *requests)
{
	st_map_done(&requests->pending);
}

static char *copy_text(const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = st_alloc(size);

	if (copy)
		memcpy(copy, text, size);
	return copy;
}

/* "a/b/c" is child "c" of "a/b"; "a" is child "a" of the root. */
static void split(struct st_pending *pending)
{
	char *slash = strrchr(pending->sup, '/');

	if (slash && slash[1]) {
		*slash = '\0';
		pending->id = slash + 1;
	} else {
		pending->id = pending->path;
	}
	pending->request.sup = slash && slash[1] && slash != pending->sup ? pending->sup : "/";
	pending->request.id = pending->id;
}

struct st_pending *st_pending_new(struct st_client *client, enum st_operation op, const char *path,
				  bool is_child)
{
	struct st_pending *pending = st_alloc(sizeof(*pending));

	if (!pending)
		return NULL;
	pending->client = client;
	pending->op = op;
	pending->deadline_ns = ST_NO_DEADLINE;
	st_list_init(&pending->link);
	pending->path = copy_text(path);
	pending->sup = copy_text(path);
	if (!pending->path || !pending->sup) {
		st_pending_free(pending);
		return NULL;
	}
	pending->request.sup = pending->path;
	if (is_child)
		split(pending);
	return pending;
}

void st_pending_free(struct st_pending *pending)
{
	if (!pending)
		return;
	st_list_del(&pending->link);
	st_deadline_done(&pending->deadline);
	st_request_done(&pending->request);
	json_decref(pending->params);
	st_buf_done(&pending->error_json);
	st_free(pending->args);
	st_free(pending->path);
	st_free(pending->sup);
	st_free(pending);
}

static void on_timeout(struct st_deadline *deadline)
{
	struct st_pending *pending = container_of(deadline, struct st_pending, deadline);

	if (!pending->client)
		return;
	st_client_set_data(pending->client, NULL);
	st_client_reply_error(pending->client, ST_ERROR_TIMEOUT, NULL,
			      "%s: it took longer than was asked for",
			      st_operations[pending->op].verb);
	pending->client = NULL;
}

void st_pending_post(struct st_requests *requests, struct st_pending *pending)
{
	const struct st_event event = {
		.type = ST_EV_REQUEST,
		.request = &pending->request,
	};

	if (st_map_reserve(&requests->pending, requests->pending.nr + 1) ||
	    st_deadline_init(&pending->deadline, requests->ring, on_timeout)) {
		st_reply_no_memory(requests, pending);
		return;
	}
	pending->request.token = ++requests->last_token;
	st_map_put(&requests->pending, pending->request.token, pending);
	if (pending->client) {
		st_client_set_data(pending->client, pending);
		if (st_operations[pending->op].flags & ST_CHANGES)
			st_asked_request(&requests->history->asked, pending->client, pending->op,
					 pending->request.token);
	}
	st_deadline_set(&pending->deadline, pending->deadline_ns);
	st_shell_post(requests->shell, &event);
}

struct st_pending *st_pending_take(struct st_requests *requests, uint64_t token)
{
	struct st_pending *pending = st_map_get(&requests->pending, token);

	st_map_remove(&requests->pending, token);
	if (pending && pending->client)
		st_client_set_data(pending->client, NULL);
	return pending;
}
