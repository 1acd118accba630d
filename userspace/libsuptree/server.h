/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A running server; for the files of this folder only.
 *
 *	gen_server.c	its life: init, serve, terminate
 *	loop.c		waits for events and passes them to the right file
 *	accept.c	from whom the server takes messages and links
 *	mailbox.c	connections: which callers may have one, and which have one
 *	deliver.c	packets to callbacks, and replies
 *	system.c	requests that the library answers: the state, the status
 *	timer.c		messages after some time
 *	signals.c	signals as messages, and trapping exits
 */
#ifndef ST_LIBSUPTREE_SERVER_H
#define ST_LIBSUPTREE_SERVER_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/types.h>

#include "base/buf.h"
#include "libsuptree/internal.h"

#define ST_MAX_EVENTS 32
#define ST_STATUS_MAX 256 /* bytes; a longer STATUS= is cut, as the supervisor would */

/* Whose affair an event of epoll is: the upper byte of its data. */
enum st_source {
	ST_SOURCE_NONE, /* without an owner */
	ST_SOURCE_MAILBOX,
	ST_SOURCE_CALLER, /* the rest is its id */
	ST_SOURCE_DAEMON,
	ST_SOURCE_SIGNALS,
	ST_SOURCE_FD, /* the rest is the descriptor */
};

#define ST_SOURCE_SHIFT 56

/* A connection of a caller to this server. */
struct st_caller {
	int fd; /* -1: the slot is free */
	uint32_t nr; /* of the connections that this slot has had */
	bool has_hello;
	bool is_operator; /* the daemon says so: it may send system requests */
	bool may_link; /* the same: this server accepts links of it */
	int pid;
	uid_t uid;
	uint64_t generation; /* 0: no supervised process */
	char *path; /* of one that is */
};

struct st_server_timer {
	struct st_list link; /* in server->timers, the next one first */
	uint64_t ref;
	uint64_t deadline_ns;
	char text[];
};

struct st_server {
	struct suptree self;
	const struct suptree_gen_server *callbacks;
	void *state;
	pid_t daemon_pid;

	int epoll_fd;
	struct epoll_event events[ST_MAX_EVENTS];
	int nr_events;
	uint64_t daemon_watched; /* self.nr_opened when it was given to epoll */

	int mailbox_fd;
	bool is_full; /* no descriptor was left for a new connection */
	struct st_caller *callers;
	uint32_t nr_callers; /* slots */
	struct st_packet packet;

	struct st_list timers;
	uint64_t last_timer;

	int signal_fd;
	sigset_t signals;
	bool traps_exits;

	enum suptree_accept accept, accept_links; /* 0: the default */
	bool is_ready;
	char early_status[ST_STATUS_MAX]; /* sent with READY=1; "": none */
	bool is_stopping;
	int status;

	uint64_t nr_calls, nr_casts, nr_infos; /* delivered */
};

static inline struct st_server *st_server_of(struct suptree *self)
{
	return self->server;
}

/* loop.c */

/* Have epoll watch a descriptor. Return: 0 or a negative errno. */
int st_loop_add(struct st_server *server, int fd, enum st_source source,
		uint64_t rest) __must_check;
/* Forget it, also in the events that epoll has already returned. */
void st_loop_remove(struct st_server *server, int fd, enum st_source source, uint64_t rest);
/* Wait once, and handle what has happened. Return: 0 or a negative errno. */
int st_loop_turn(struct st_server *server) __must_check;

/* accept.c */

/* Lines of a message to the supervisor, each with a newline before it; "": defaults. */
void st_accept_write(const struct st_server *server, struct st_buf *out);

/**
 * st_accept_hello() - learn from the daemon who a caller is
 * @server: the server
 * @caller: filled in
 * @text: the HELLO
 * @len: its length
 *
 * Return: 0; -EPROTO; -ENOMEM; -EUSERS: callers of its user have too many connections.
 */
int st_accept_hello(struct st_server *server, struct st_caller *caller, const char *text,
		    size_t len) __must_check;

/* mailbox.c */

/* Listen. *ret_address is for X_SUPTREE_MAILBOX=. */
int st_mailbox_open(struct st_server *server, char ret_address[static 8]) __must_check;
void st_mailbox_accept(struct st_server *server);
/* Try again, when there may be descriptors. */
void st_mailbox_retry(struct st_server *server);
void st_mailbox_close(struct st_server *server);
/* The connection with that id; NULL: it is closed. */
struct st_caller *st_caller_find(struct st_server *server, uint64_t id);
uint64_t st_caller_id(const struct st_server *server, const struct st_caller *caller);
void st_caller_close(struct st_server *server, struct st_caller *caller);

/* deliver.c */

/* Read from a connection, and have its packets handled. */
void st_deliver(struct st_server *server, uint64_t id);
void st_deliver_info(struct st_server *server, const struct suptree_info *info);
/* Answer, if the caller is still there. */
void st_answer(struct st_server *server, struct suptree_from from, enum st_packet_type type,
	       const void *data, size_t len);

/* system.c */

void st_system_handle(struct st_server *server, struct suptree_from from, const char *request);

/* timer.c */

/* For epoll: -1: no timer. */
int st_server_timer_wait_ms(const struct st_server *server);
void st_server_timer_expire(struct st_server *server);
void st_server_timer_done(struct st_server *server);

/* signals.c */

void st_signals_read(struct st_server *server);

#endif
