/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the handlers of registered names and of groups share: who may add a
 * name, the answer to that, and the list of a table of names. Used by naming.c
 * and groups.c; names.h has the tables.
 */
#ifndef ST_DAEMON_OPERATIONS_NAMED_H
#define ST_DAEMON_OPERATIONS_NAMED_H

#include <stdint.h>

#include "daemon/control/client.h"
#include "daemon/names/names.h"
#include "daemon/requests/directory.h"
#include "proto/json.h"
#include "proto/rpc.h"

/**
 * st_named_asking() - find the supervised process that asks for a name
 * @directory: the tables that resolve names
 * @client: the client that asks
 * @request: the request
 * @name: for the error
 *
 * Return: its generation; 0: the client is not a supervised process, or it has
 * ended, and the client has its answer.
 */
uint64_t st_named_asking(const struct st_directory *directory, struct st_client *client,
			 const struct st_rpc_request *request, const char *name);

/**
 * st_named_refuse() - answer that a name was not added
 * @client: the client that asked for it
 * @request: the request
 * @name: the name
 * @err: of st_names_register() or st_names_join()
 * @limit: the largest number that a process may have
 * @noun: of what, for the error
 */
void st_named_refuse(struct st_client *client, const struct st_rpc_request *request,
		     const char *name, int err, unsigned int limit, const char *noun);

/**
 * st_named_write() - append the process that has a name, as an object
 * @directory: the tables that resolve names
 * @name: of a table; nothing is appended if its process has just ended
 * @key: of the member with the name itself; NULL: no such member
 * @json: gets the object as a value
 */
void st_named_write(const struct st_directory *directory, const struct st_name *name,
		    const char *key, struct st_json *json);

/**
 * st_named_reply_all() - answer with a list of all names of a table
 * @directory: the tables that resolve names
 * @client: the client that asked for it
 * @names: the table
 * @key: as for st_named_write()
 */
void st_named_reply_all(const struct st_directory *directory, struct st_client *client,
			const struct st_names *names, const char *key);

#endif
