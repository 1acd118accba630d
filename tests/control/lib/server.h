/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A control server and its clients in one thread: the test takes the loop's
 * turns itself, so it decides what happens between two of them.
 *
 * The server answers a few operations: ping at once; wait only when release() is called;
 * subscribe makes the client a stream; status returns the number of requests; stop closes
 * the control. All calls abort the test program if the set-up of the test fails.
 */
#ifndef ST_TESTS_CONTROL_SERVER_H
#define ST_TESTS_CONTROL_SERVER_H

#include <stdbool.h>
#include <stddef.h>

#include "daemon/control/control.h"
#include "temporary.h"

#define MAX_HELD 8
#define MAX_STREAMS 8

struct server {
	char dir[TEMPORARY_SIZE];
	char path[TEMPORARY_SIZE + 32];
	struct st_ring *ring;
	struct st_control *control;
	struct st_client *held[MAX_HELD]; /* that wait for release() */
	unsigned int nr_held;
	struct st_client *streams[MAX_STREAMS];
	unsigned int nr_streams;
	unsigned long nr_requests;
	unsigned long nr_gone;
};

extern const struct st_control_handler server_handler;

/* Make a ring and a folder; open the control with limits of the test's choice. */
void server_init(struct server *server, const struct st_control_config *limits);

/* The same with a handler of the test's own, which gets the server as owner. */
void server_init_with(struct server *server, const struct st_control_config *limits,
		      const struct st_control_handler *handler);

/* Close the control, run until that is done, remove everything. */
void server_done(struct server *server);

/* A turn of the loop that does not wait; false if there was nothing to do. */
bool server_turn(struct server *server);

/* Turns until there is nothing to do. */
void server_settle(struct server *server);

/* Answer all that wait. */
void server_release(struct server *server);

/* Send an event with a number and a text to all streams. */
void server_notify(struct server *server, unsigned long seq, const char *text);

/* A non-blocking connection. */
int client_connect(const struct server *server);

/* Send all of it, with turns of the loop in between where the socket is full. */
void client_send(struct server *server, int fd, const char *text, size_t len);
void client_say(struct server *server, int fd, const char *text);

/*
 * The next line the client gets, without newline, after as many turns as it
 * takes; "" at the end of the stream. Borrowed until the next call.
 */
const char *client_line(struct server *server, int fd);

/* Whether something, or the end, is there to be read. */
bool client_can_read(int fd);

#endif
