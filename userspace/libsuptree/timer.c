// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages in some time [erlang:send_after/3]: a list, the next one first. A server
 * has few.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "libsuptree/server.h"

static struct st_server_timer *first(const struct st_server *server)
{
	if (st_list_is_empty(&server->timers))
		return NULL;
	return st_list_entry(server->timers.next, struct st_server_timer, link);
}

int suptree_send_after(struct suptree *self, uint32_t delay_ms, const char *text, uint64_t *ret_ref)
{
	struct st_server *server = st_server_of(self);
	size_t len = strlen(text);
	struct st_server_timer *timer = malloc(sizeof(*timer) + len + 1);
	struct st_list *pos = server->timers.prev;

	if (!timer)
		return st_fail(self, -ENOMEM, "no memory");
	memcpy(timer->text, text, len + 1);
	timer->ref = ++server->last_timer;
	timer->deadline_ns = st_now_ns() + delay_ms * ST_NSEC_PER_MSEC;
	/* of two for one time the older one comes first */
	while (pos != &server->timers &&
	       st_list_entry(pos, struct st_server_timer, link)->deadline_ns > timer->deadline_ns)
		pos = pos->prev;
	st_list_add(&timer->link, pos);
	if (ret_ref)
		*ret_ref = timer->ref;
	return 0;
}

bool suptree_cancel_timer(struct suptree *self, uint64_t ref)
{
	struct st_server *server = st_server_of(self);
	struct st_list *pos;

	st_list_for_each(pos, &server->timers) {
		struct st_server_timer *timer = st_list_entry(pos, struct st_server_timer, link);

		if (timer->ref != ref)
			continue;
		st_list_del(&timer->link);
		free(timer);
		return true;
	}
	return false;
}

int st_server_timer_wait_ms(const struct st_server *server)
{
	const struct st_server_timer *timer = first(server);

	return timer ? st_timeout_until(timer->deadline_ns) : -1;
}

void st_server_timer_expire(struct st_server *server)
{
	uint64_t now_ns = st_list_is_empty(&server->timers) ? 0 : st_now_ns();
	struct st_server_timer *timer;

	/* one that a callback sets for now waits for the next turn */
	while (!server->is_stopping && (timer = first(server)) && timer->deadline_ns <= now_ns) {
		const struct suptree_info info = {
			.type = SUPTREE_INFO_TIMEOUT,
			.ref = timer->ref,
			.message = { .data = timer->text, .len = strlen(timer->text), .path = "" },
		};

		st_list_del(&timer->link);
		st_deliver_info(server, &info);
		free(timer);
	}
}

void st_server_timer_done(struct st_server *server)
{
	struct st_server_timer *timer;

	while ((timer = first(server))) {
		st_list_del(&timer->link);
		free(timer);
	}
}
