// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of a server [gen_server]: init, serve until it is over, terminate.
 *
 * READY=1 and the mailbox's address go to the supervisor when init has succeeded;
 * a failure goes there in words. Without a supervisor it goes to standard error.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libsuptree/server.h"

static int open_server(struct st_server *server, char address[static 8])
{
	const char *generation = getenv("SUPTREE_GENERATION");
	int ret;

	st_self_init(&server->self);
	st_list_init(&server->timers);
	server->self.server = server;
	server->self.generation = generation ? strtoull(generation, NULL, 10) : 0;
	server->daemon_pid = getppid();
	server->mailbox_fd = -1;
	server->signal_fd = -1;
	sigemptyset(&server->signals);
	server->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (server->epoll_fd < 0)
		return -errno;
	ret = st_mailbox_open(server, address);
	if (ret)
		return ret;
	/* one byte, so that a callback's state is never NULL */
	server->state = calloc(1, server->callbacks->state_size + 1);
	return server->state ? 0 : -ENOMEM;
}

static void close_server(struct st_server *server)
{
	st_server_timer_done(server);
	st_mailbox_close(server);
	if (server->signal_fd >= 0)
		close(server->signal_fd);
	if (server->epoll_fd >= 0)
		close(server->epoll_fd);
	st_self_done(&server->self);
	free(server->state);
	free(server);
}

/* The message's line ends where the text has one. */
static void say_failure(const char *program, const char *text)
{
	char message[ST_STATUS_MAX + 64];

	fprintf(stderr, "%s: %s\n", program, text);
	snprintf(message, sizeof(message), "X_SUPTREE_ERROR=%.*s", (int)strcspn(text, "\n"), text);
	st_notify(message);
}

static int serve(struct st_server *server)
{
	struct suptree_reason reason;
	int ret = 0;

	while (!server->is_stopping && !ret)
		ret = st_loop_turn(server);
	if (ret) {
		fprintf(stderr, "%s: wait for messages: %s\n", program_invocation_short_name,
			strerror(-ret));
		server->status = EXIT_FAILURE;
	}
	reason = st_reason_of_status(server->status);
	if (server->callbacks->terminate)
		server->callbacks->terminate(&server->self, server->state, &reason);
	return server->status;
}

static int say_ready(struct st_server *server, const char *address)
{
	struct st_buf message = ST_BUF_INIT;
	int ret;

	st_buf_add_text(&message, "X_SUPTREE_MAILBOX=");
	st_buf_add_text(&message, address);
	st_accept_write(server, &message);
	st_buf_add_text(&message, "\nREADY=1");
	if (*server->early_status)
		st_buf_add_text(&message, "\nSTATUS=");
	st_buf_add_text(&message, server->early_status);
	ret = st_buf_error(&message);
	if (!ret)
		st_notify(st_buf_text(&message));
	st_buf_done(&message);
	server->is_ready = true;
	return ret;
}

static int run(struct st_server *server, const char *address, int argc, char **argv)
{
	int ret = 0;

	if (server->callbacks->init)
		ret = server->callbacks->init(&server->self, server->state, argc, argv);
	if (ret == SUPTREE_IGNORE) {
		st_notify("X_SUPTREE=IGNORE");
		return EXIT_SUCCESS;
	}
	if (ret) {
		say_failure(program_invocation_short_name, suptree_error(&server->self));
		return EXIT_FAILURE;
	}
	if (say_ready(server, address)) {
		say_failure(program_invocation_short_name, "no memory");
		return EXIT_FAILURE;
	}
	return serve(server);
}

int suptree_gen_server_main(const struct suptree_gen_server *callbacks, int argc, char **argv)
{
	struct st_server *server = calloc(1, sizeof(*server));
	char address[8];
	int ret;

	if (!server) {
		say_failure(program_invocation_short_name, "no memory");
		return EXIT_FAILURE;
	}
	server->callbacks = callbacks;
	ret = open_server(server, address);
	if (ret) {
		say_failure(program_invocation_short_name, strerror(-ret));
		ret = EXIT_FAILURE;
	} else {
		ret = run(server, address, argc, argv);
	}
	close_server(server);
	return ret;
}

enum suptree_next suptree_stop(struct suptree *self, int status)
{
	struct st_server *server = st_server_of(self);

	server->is_stopping = true;
	server->status = status;
	return SUPTREE_STOP;
}

int suptree_fail(struct suptree *self, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(self->error, sizeof(self->error), format, args);
	va_end(args);
	return -1;
}

void suptree_set_status(struct suptree *self, const char *format, ...)
{
	struct st_server *server = st_server_of(self);
	char message[ST_STATUS_MAX + 8] = "STATUS=";
	char *status = server->is_ready ? message + strlen(message) : server->early_status;
	va_list args;

	va_start(args, format);
	vsnprintf(status, ST_STATUS_MAX, format, args);
	va_end(args);
	if (server->is_ready)
		st_notify(message);
}
