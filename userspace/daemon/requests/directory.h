/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who is meant by a name, and how a process is written in an answer. For the
 * handlers by which processes find each other.
 */
#ifndef ST_DAEMON_REQUESTS_DIRECTORY_H
#define ST_DAEMON_REQUESTS_DIRECTORY_H

#include <stdint.h>

#include "daemon/control/client.h"
#include "proto/json.h"
#include "proto/rpc.h"

struct st_child;
struct st_names;
struct st_offering;
struct st_process;
struct st_processes;
struct st_tree;

/* Where names lead; all borrowed. */
struct st_directory {
	const struct st_tree *tree;
	const struct st_names *names; /* registered */
	const struct st_processes *processes;
};

/**
 * st_directory_find() - the child with a name
 * @directory: where names lead
 * @name: a registered name, a path, "#7" for the process of generation 7, or the
 *        last part of a path
 * @ret_nr: how many children end in @name, if that is what it is; else 0 or 1
 *
 * Return: the child; NULL: none, or (*@ret_nr > 1) several.
 */
struct st_child *st_directory_find(const struct st_directory *directory, const char *name,
				   unsigned int *ret_nr);

/**
 * st_directory_find_process() - the process that runs under a name
 * @directory: where names lead
 * @client: who asks
 * @request: its parameter "path" is the name
 *
 * Return: the process; NULL: none, and the client has its answer.
 */
struct st_process *st_directory_find_process(const struct st_directory *directory,
					     struct st_client *client,
					     const struct st_rpc_request *request);

/**
 * st_directory_find_running() - the same for a name that is no parameter
 * @directory: where names lead
 * @client: who asks
 * @verb: what for, as errors say it
 * @name: the name
 *
 * Return: the process; NULL: none, and the client has its answer.
 */
struct st_process *st_directory_find_running(const struct st_directory *directory,
					     struct st_client *client, const char *verb,
					     const char *name);

/**
 * st_directory_connect() - connect a client to the mailbox of a process
 * @directory: where names lead
 * @client: who is announced there
 * @verb: what for, as errors say it
 * @name: the process's, as errors say it
 * @process: the process
 *
 * Does not wait.
 *
 * Return: the connection, blocking; owned by the caller. -1: none, and the client has
 * its answer.
 */
int st_directory_connect(const struct st_directory *directory, struct st_client *client,
			 const char *verb, const char *name,
			 const struct st_process *process) __must_check;

/**
 * st_directory_asking() - the supervised process that asks
 * @client: who asks
 * @request: what
 *
 * Return: its generation; 0: it is none, and the client has its answer.
 */
uint64_t st_directory_asking(struct st_client *client, const struct st_rpc_request *request);

/* Members "path" (of the child that has the generation now), "pid", "generation". */
void st_directory_write(const struct st_directory *directory, const struct st_process *process,
			struct st_json *json);

/* "x.NAME.OP", by the name that the process has registered first, else by its path. */
void st_directory_write_method(const struct st_directory *directory,
			       const struct st_offering *offering, struct st_buf *out);

/* Member "path" alone; nothing if no child has that generation. */
void st_directory_write_path(const struct st_directory *directory, uint64_t generation,
			     struct st_json *json);

#endif
