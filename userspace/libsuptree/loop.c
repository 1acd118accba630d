// SPDX-License-Identifier: GPL-2.0-only
/*
 * A server's loop: one thing after the other, as they come.
 */
#include <errno.h>
#include <string.h>

#include "libsuptree/server.h"

#define RETRY_MS 100 /* for a descriptor, when there was none */

static uint64_t tag(enum st_source source, uint64_t rest)
{
	return (uint64_t)source << ST_SOURCE_SHIFT | rest;
}

int st_loop_add(struct st_server *server, int fd, enum st_source source, uint64_t rest)
{
	struct epoll_event event = { .events = EPOLLIN, .data.u64 = tag(source, rest) };

	return epoll_ctl(server->epoll_fd, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

void st_loop_remove(struct st_server *server, int fd, enum st_source source, uint64_t rest)
{
	epoll_ctl(server->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
	for (int i = 0; i < server->nr_events; i++)
		if (server->events[i].data.u64 == tag(source, rest))
			server->events[i].data.u64 = tag(ST_SOURCE_NONE, 0);
}

int suptree_watch_fd(struct suptree *self, int fd)
{
	int ret = st_loop_add(st_server_of(self), fd, ST_SOURCE_FD, (uint64_t)fd);

	return ret ? st_fail(self, ret, "%s", strerror(-ret)) : 0;
}

void suptree_unwatch_fd(struct suptree *self, int fd)
{
	st_loop_remove(st_server_of(self), fd, ST_SOURCE_FD, (uint64_t)fd);
}

static void handle(struct st_server *server, uint64_t data)
{
	uint64_t rest = data & ((UINT64_C(1) << ST_SOURCE_SHIFT) - 1);
	struct suptree_info info = { .type = SUPTREE_INFO_FD, .value = (int)rest };

	switch ((enum st_source)(data >> ST_SOURCE_SHIFT)) {
	case ST_SOURCE_NONE:
		break;
	case ST_SOURCE_MAILBOX:
		st_mailbox_accept(server);
		break;
	case ST_SOURCE_CALLER:
		st_deliver(server, rest);
		break;
	case ST_SOURCE_DAEMON:
		(void)st_heed(&server->self); /* lost: its monitors report that */
		break;
	case ST_SOURCE_SIGNALS:
		st_signals_read(server);
		break;
	case ST_SOURCE_FD:
		st_deliver_info(server, &info);
		break;
	}
}

/* Ends of other processes: a message for a monitor or a trapped exit, the end for a link. */
static void take_ends(struct st_server *server)
{
	const struct st_watch *watch;
	struct suptree_info info;

	while (!server->is_stopping && (watch = st_watch_take(&server->self))) {
		st_watch_inform(watch, &info);
		if (info.type != SUPTREE_INFO_EXIT || server->traps_exits)
			st_deliver_info(server, &info);
		else if (info.reason.type != SUPTREE_REASON_NORMAL)
			st_reason_die(&info.reason);
	}
}

/* The connection to the daemon is made when it is needed, and may be a new one. */
static int watch_daemon(struct st_server *server)
{
	struct suptree *self = &server->self;

	if (!self->daemon || server->daemon_watched == self->nr_opened)
		return 0;
	server->daemon_watched = self->nr_opened;
	return st_loop_add(server, st_conn_fd(self->daemon), ST_SOURCE_DAEMON, 0);
}

static int wait_ms(const struct st_server *server)
{
	int timer_ms = st_server_timer_wait_ms(server);

	if (server->is_full && (timer_ms < 0 || timer_ms > RETRY_MS))
		return RETRY_MS;
	return timer_ms;
}

int st_loop_turn(struct st_server *server)
{
	int ret;

	if (server->self.has_asked)
		(void)st_heed(&server->self);
	take_ends(server);
	st_server_timer_expire(server);
	/* what a callback has just asked for may be there already */
	if (server->is_stopping || server->self.has_asked)
		return 0;
	ret = watch_daemon(server);
	if (ret)
		return ret;
	server->nr_events =
		epoll_wait(server->epoll_fd, server->events, ST_MAX_EVENTS, wait_ms(server));
	if (server->nr_events < 0)
		return errno == EINTR ? 0 : -errno;
	if (!server->nr_events)
		st_mailbox_retry(server);
	for (int i = 0; i < server->nr_events && !server->is_stopping; i++)
		handle(server, server->events[i].data.u64);
	server->nr_events = 0;
	return 0;
}
