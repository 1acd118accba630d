// SPDX-License-Identifier: GPL-2.0-only
/*
 * The mailbox: a socket to which only the daemon may connect, for callers.
 *
 * The slot of a caller that has left is used again, but its id is not. So a late reply
 * never reaches another caller.
 */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "libsuptree/server.h"

#define BACKLOG 4096
#define MAX_IN_A_TURN 64 /* connections accepted before other events have their turn */
#define MAX_CALLERS 0xffffffu /* what an id has room for */
#define SLOT_BITS 24
#define NR_MASK 0xffffffffu

/* An abstract name that the kernel chooses: five digits (unix(7)). */
static int listen_anywhere(int fd, char ret_address[static 8])
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	socklen_t len = sizeof(address);
	int digits;

	if (bind(fd, (const struct sockaddr *)&address, sizeof(sa_family_t)) ||
	    listen(fd, BACKLOG) || getsockname(fd, (struct sockaddr *)&address, &len))
		return -errno;
	digits = (int)(len - offsetof(struct sockaddr_un, sun_path)) - 1;
	snprintf(ret_address, 8, "%.*s", digits, address.sun_path + 1);
	return 0;
}

int st_mailbox_open(struct st_server *server, char ret_address[static 8])
{
	int ret;

	server->mailbox_fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (server->mailbox_fd < 0)
		return -errno;
	ret = listen_anywhere(server->mailbox_fd, ret_address);
	return ret ? ret : st_loop_add(server, server->mailbox_fd, ST_SOURCE_MAILBOX, 0);
}

uint64_t st_caller_id(const struct st_server *server, const struct st_caller *caller)
{
	return ((uint64_t)(caller->nr & NR_MASK) << SLOT_BITS) |
	       (uint64_t)(caller - server->callers);
}

struct st_caller *st_caller_find(struct st_server *server, uint64_t id)
{
	uint64_t slot = id & MAX_CALLERS;
	struct st_caller *caller = slot < server->nr_callers ? &server->callers[slot] : NULL;

	return caller && caller->fd >= 0 && st_caller_id(server, caller) == id ? caller : NULL;
}

static struct st_caller *free_slot(struct st_server *server)
{
	uint32_t old = server->nr_callers, nr = old ? old * 2 : 8;
	struct st_caller *grown;

	for (uint32_t i = 0; i < old; i++)
		if (server->callers[i].fd < 0)
			return &server->callers[i];
	grown = nr <= MAX_CALLERS ? realloc(server->callers, nr * sizeof(*grown)) : NULL;
	if (!grown)
		return NULL;
	for (uint32_t i = old; i < nr; i++)
		grown[i] = (struct st_caller){ .fd = -1 };
	server->callers = grown;
	server->nr_callers = nr;
	return &grown[old];
}

static bool is_daemon(const struct st_server *server, int fd)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);

	/* when the daemon has ended, its pid may be that of any process */
	return !getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) &&
	       peer.pid == server->daemon_pid && getppid() == server->daemon_pid;
}

static void take(struct st_server *server, int fd)
{
	struct st_caller *caller = is_daemon(server, fd) ? free_slot(server) : NULL;

	if (!caller) {
		st_peer_close(&fd);
		return;
	}
	*caller = (struct st_caller){ .fd = fd, .nr = caller->nr + 1 };
	if (st_loop_add(server, fd, ST_SOURCE_CALLER, st_caller_id(server, caller)))
		st_caller_close(server, caller);
}

/* 0 events: a backlog that cannot be served must not keep the loop awake. */
static void listen_for(struct st_server *server, uint32_t events)
{
	struct epoll_event event = {
		.events = events,
		.data.u64 = (uint64_t)ST_SOURCE_MAILBOX << ST_SOURCE_SHIFT,
	};

	epoll_ctl(server->epoll_fd, EPOLL_CTL_MOD, server->mailbox_fd, &event);
}

/*
 * Several in one turn: any process may fill the backlog, and the daemon is refused while
 * it is full.
 */
void st_mailbox_accept(struct st_server *server)
{
	int fd = 0;

	for (int i = 0; i < MAX_IN_A_TURN && fd >= 0; i++) {
		fd = accept4(server->mailbox_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd >= 0)
			take(server, fd);
	}
	if (fd >= 0)
		return;
	if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
		server->is_full = true;
		listen_for(server, 0);
	}
}

void st_mailbox_retry(struct st_server *server)
{
	if (!server->is_full)
		return;
	server->is_full = false;
	listen_for(server, EPOLLIN);
}

void st_caller_close(struct st_server *server, struct st_caller *caller)
{
	st_peer_close(&caller->fd); /* and so epoll forgets it */
	free(caller->path);
	caller->path = NULL;
	st_mailbox_retry(server);
}

void st_mailbox_close(struct st_server *server)
{
	for (uint32_t i = 0; i < server->nr_callers; i++)
		if (server->callers[i].fd >= 0)
			st_caller_close(server, &server->callers[i]);
	free(server->callers);
	st_peer_close(&server->mailbox_fd);
}
