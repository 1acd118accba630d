/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the handlers of registered names and those of groups share: who may add one, the
 * answer to that, and how a table of names is listed. For naming.c and
 * groups.c; names.h has the tables.
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
 * st_named_asking() - the supervised process that asks for a name, if it still runs
 * @directory: where names lead
 * @client: who asks
 * @request: what
 * @name: for the error
 *
 * Return: its generation; 0: it is none, or has ended, and the client has its answer.
 */
uint64_t st_named_asking(const struct st_directory *directory, struct st_client *client,
			 const struct st_rpc_request *request, const char *name);

/**
 * st_named_refuse() - answer that a name was not added
 * @client: who asked for it
 * @request: what was asked
 * @name: the name
 * @err: of st_names_register() or st_names_join()
 * @limit: how many a process may have
 * @noun: of what, as errors print it
 */
void st_named_refuse(struct st_client *client, const struct st_rpc_request *request,
		     const char *name, int err, unsigned int limit, const char *noun);

/**
 * st_named_write() - append who has a name as an object
 * @directory: where names lead
 * @name: of a table; nothing is appended if its process has just ended
 * @key: of the member with the name itself; NULL: there is none
 * @json: gets the object as a value
 */
void st_named_write(const struct st_directory *directory, const struct st_name *name,
		    const char *key, struct st_json *json);

/**
 * st_named_reply_all() - answer with a list of all names of a table
 * @directory: where names lead
 * @client: who asked for it
 * @names: the table
 * @key: as of st_named_write()
 */
void st_named_reply_all(const struct st_directory *directory, struct st_client *client,
			const struct st_names *names, const char *key);

#endif
