/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The end of the daemon: the clients that wait for it, and what must be closed.
 */
#ifndef ST_DAEMON_STOPPING_H
#define ST_DAEMON_STOPPING_H

#include <stdbool.h>

#include "base/compiler.h"

struct st_client;
struct st_daemon;

/**
 * st_stopping_wait() - answer a client when all trees have stopped
 * @daemon: the daemon
 * @client: gets its answer then
 *
 * Return: 0; -ENOMEM: the client has got no answer.
 */
int st_stopping_wait(struct st_daemon *daemon, struct st_client *client) __must_check;

/**
 * st_stopping_close() - close the clients and all parts that served the tree
 * @daemon: the daemon, whose tree has halted and has answered every request
 */
void st_stopping_close(struct st_daemon *daemon);

/**
 * st_stopping_is_done() - whether nothing of the daemon is left on the ring
 * @daemon: the daemon
 */
bool st_stopping_is_done(const struct st_daemon *daemon);

#endif
