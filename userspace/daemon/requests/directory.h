/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Finds the process that a name, path or pid names, and writes a process into
 * an answer. Used by the handlers through which processes find each other.
 */
#ifndef ST_DAEMON_REQUESTS_DIRECTORY_H
#define ST_DAEMON_REQUESTS_DIRECTORY_H

#include <stdint.h>

#include "daemon/control/client.h"
#include "proto/json.h"
#include "proto/rpc.h"

struct st_child;
struct st_descriptors;
struct st_names;
struct st_offering;
struct st_process;
struct st_processes;
struct st_tree;

/* The tables that resolve names; all borrowed. */
struct st_directory {
	const struct st_tree *tree;
	const struct st_names *names; /* registered names */
	const struct st_processes *processes;
	struct st_descriptors *descriptors; /* lends those of relayed calls; NULL: no limit */
};

/**
 * st_directory_find() - find the child with a name
 * @directory: the tables that resolve names
 * @name: a path, a registered name, "#7" for the process of generation 7, or
 *	the last part of a path; if it is several of these, the first one counts
 * @ret_nr: if @name is the last part of a path: the number of children that
 *	have it; else 0 or 1
 *
 * Return: the child; NULL: there is none, or (*@ret_nr > 1) several.
 */
struct st_child *st_directory_find(const struct st_directory *directory, const char *name,
				   unsigned int *ret_nr);

/**
 * st_directory_say_several() - answer that a name means several children
 * @directory: the tables that resolve names
 * @client: the client that asks; it gets the error, with some of the children
 * @verb: the operation, for the error
 * @name: the last part of their paths
 * @nr: their number
 */
void st_directory_say_several(const struct st_directory *directory, struct st_client *client,
			      const char *verb, const char *name, unsigned int nr);

/**
 * st_directory_complete() - replace the last part of a path by the whole path
 * @directory: the tables that resolve names
 * @client: the client that asks
 * @request: "counter_1" in a parameter that means a child becomes
 *	"demo/counter_1" if no child directly below the root, but exactly one elsewhere, has
 *	this name; so does the path of a condition
 *
 * Return: 0; -EEXIST: several children have the name; or -ENOMEM. Then the client has
 * its answer.
 */
int st_directory_complete(const struct st_directory *directory, struct st_client *client,
			  const struct st_rpc_request *request) __must_check;

/**
 * st_directory_find_process() - find the running process with a name
 * @directory: the tables that resolve names
 * @client: the client that asks
 * @request: its parameter "path" is the name
 *
 * Return: the process; NULL: there is none, and the client has its answer.
 */
struct st_process *st_directory_find_process(const struct st_directory *directory,
					     struct st_client *client,
					     const struct st_rpc_request *request);

/**
 * st_directory_find_running() - the same for a name that is not a parameter
 * @directory: the tables that resolve names
 * @client: the client that asks
 * @verb: the operation, for errors
 * @name: the name
 *
 * Return: the process; NULL: there is none, and the client has its answer.
 */
struct st_process *st_directory_find_running(const struct st_directory *directory,
					     struct st_client *client, const char *verb,
					     const char *name);

/**
 * st_directory_find_other() - find a child that others mean by a name
 * @directory: the tables that resolve names
 * @name: the name
 * @generation: of a process; its own child does not count
 *
 * Return: the first child whose path, or the last part of it, is @name; NULL:
 * there is none.
 */
const struct st_child *st_directory_find_other(const struct st_directory *directory,
					       const char *name, uint64_t generation);

/**
 * st_directory_may_link() - whether a client may link itself to a process
 * @directory: the tables that resolve names
 * @client: the client
 * @process: the process
 *
 * Return: true if the client is a supervised process that the other one accepts
 * (accept_links).
 */
bool st_directory_may_link(const struct st_directory *directory, const struct st_client *client,
			   const struct st_process *process);

/**
 * st_directory_check_accept() - does a process take messages from a client? (accept)
 * @directory: the tables that resolve names
 * @client: the client that asks to talk to it
 * @verb: the operation, for errors
 * @name: name of the process, for errors
 * @process: the process
 *
 * Not asked for a row of the operations table that a service owns: there the row
 * says which role may call it, and the daemon is the one that talks to the service.
 *
 * Return: false: the client is refused, and has its answer.
 */
bool st_directory_check_accept(const struct st_directory *directory, struct st_client *client,
			       const char *verb, const char *name,
			       const struct st_process *process) __must_check;

/**
 * st_directory_connect() - connect a client to the mailbox of a process
 * @directory: the tables that resolve names
 * @client: the client that is announced to the process
 * @verb: the operation, for errors
 * @name: name of the process, for errors
 * @process: the process
 *
 * Does not wait. It does not ask whom the process accepts.
 *
 * Return: the connection, blocking, owned by the caller; -1: there is none, and
 * the client has its answer.
 */
int st_directory_connect(const struct st_directory *directory, struct st_client *client,
			 const char *verb, const char *name,
			 const struct st_process *process) __must_check;

/**
 * st_directory_asking() - find the supervised process that sent a request
 * @client: the client that asks
 * @request: the request
 *
 * Return: its generation; 0: the client is not a supervised process, and has
 * its answer.
 */
uint64_t st_directory_asking(struct st_client *client, const struct st_rpc_request *request);

/*
 * Write "path" (of the child that has the generation now), "pid",
 * "generation" and "uid".
 */
void st_directory_write(const struct st_directory *directory, const struct st_process *process,
			struct st_json *json);

/*
 * Write "x.NAME.OP": NAME is the first name registered by the process, else its
 * path.
 */
void st_directory_write_method(const struct st_directory *directory,
			       const struct st_offering *offering, struct st_buf *out);

/* Write "path" alone; nothing if no child has this generation. */
void st_directory_write_path(const struct st_directory *directory, uint64_t generation,
			     struct st_json *json);

#endif
