/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads a configuration, and answers the client, or logs, what is wrong with it.
 */
#ifndef ST_DAEMON_OPERATIONS_READ_SPEC_H
#define ST_DAEMON_OPERATIONS_READ_SPEC_H

#include "core/spec.h"
#include "daemon/control/client.h"

struct st_daemon;

/**
 * st_read_spec_file() - read a configuration and resolve its users
 * @daemon: gets the users
 * @client: gets the mistakes; NULL: they are logged
 * @op: the operation, for messages
 * @file: the path
 *
 * Return: a reference; NULL: the failure has been answered or logged.
 */
struct st_sup_spec *st_read_spec_file(struct st_daemon *daemon, struct st_client *client,
				      enum st_operation op, const char *file) __must_check;

/* Answer, or log, that an operation got no memory. */
void st_read_spec_no_memory(struct st_client *client, enum st_operation op);

#endif
