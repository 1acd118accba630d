/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Looks ahead: what a new specification names may be slow to find, for it may be on a
 * network. Users and groups are in a database that may be one; configurations and files of
 * variables may be on a file system that may be one, and its server may be down.
 *
 *	request --names something unknown--> a copy of the daemon reads and looks up
 *	   |                                          |
 *	   |      the loop goes on                    v
 *	   '----> carried out <--again, what was found is known--'
 *
 * So a request is carried out twice: the first time up to the place where it would have to
 * wait, and from its beginning when nothing is left to wait for. Of users, the outcome itself
 * comes from the copy, also that there is no such user. Files are read again: they were there
 * a moment before. A client that goes, a newer SIGHUP, and the end of the daemon end the copy.
 */
#ifndef ST_DAEMON_AHEAD_H
#define ST_DAEMON_AHEAD_H

#include <stdbool.h>

#include "base/compiler.h"

struct st_child_spec;
struct st_client;
struct st_daemon;
struct st_rpc_request;
struct st_sup_spec;

/* Called when all is known; not if the client has gone. @client and @request may be NULL. */
typedef void st_ahead_again(struct st_daemon *daemon, struct st_client *client,
			    const struct st_rpc_request *request);

/* Who asks, and how to come back. */
struct st_ahead_request {
	struct st_daemon *daemon;
	struct st_client *client; /* NULL: it was a signal */
	const struct st_rpc_request *request; /* or NULL; copied */
	st_ahead_again *again;
};

/**
 * st_ahead_file() - read a configuration ahead
 * @from: who asks
 * @file: its name
 *
 * Return: false: go on now, this is the second time, or there can be no copy; true: @again is
 * called later, or the client has its answer: there are too many of these.
 */
bool st_ahead_file(const struct st_ahead_request *from, const char *file) __must_check;

/**
 * st_ahead_sup() - look ahead for the children of a specification
 * @from: who asks
 * @spec: may be freed as soon as this returns
 *
 * Return: 0: go on now, also because nothing is unknown; -EINPROGRESS: @again is called
 * later, or the client has its answer.
 */
int st_ahead_sup(const struct st_ahead_request *from, const struct st_sup_spec *spec) __must_check;

/* The same for a child and those below it. */
int st_ahead_child(const struct st_ahead_request *from,
		   const struct st_child_spec *spec) __must_check;

void st_ahead_forget(struct st_daemon *daemon, const struct st_client *client); /* it has gone */
void st_ahead_close(struct st_daemon *daemon); /* the ring runs until all of them are freed */

#endif
