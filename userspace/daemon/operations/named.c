// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of processes in requests and answers; see named.h.
 */
#include "daemon/operations/named.h"

#include <errno.h>

#include "core/step.h"
#include "daemon/process/process.h"

uint64_t st_named_asking(const struct st_directory *directory, struct st_client *client,
			 const struct st_rpc_request *request, const char *name)
{
	uint64_t generation = st_directory_asking(client, request);

	/*
	 * its end is on the way: a name that it got now would never be removed
	 */
	if (generation && !st_tree_find_generation(directory->tree, generation)) {
		st_client_reply_error(client, ST_ERROR_NOPROC, "\"noproc\"",
				      "%s %s: the process has ended",
				      st_operations[request->op].verb, name);
		return 0;
	}
	return generation;
}

void st_named_refuse(struct st_client *client, const struct st_rpc_request *request,
		     const char *name, int err, unsigned int limit, const char *noun)
{
	const char *verb = st_operations[request->op].verb;

	if (err == -EEXIST)
		st_client_reply_error(client, ST_ERROR_ALREADY_REGISTERED, "\"badarg\"",
				      "%s %s: the name is taken", verb, name);
	else if (err == -E2BIG)
		st_client_reply_error(client, ST_ERROR_LIMIT, NULL,
				      "%s %s: a process may have at most %u %s", verb, name, limit,
				      noun);
	else
		st_client_reply_error(client, ST_ERROR_NO_MEMORY, NULL, "%s %s: no memory", verb,
				      name);
}

void st_named_write(const struct st_directory *directory, const struct st_name *name,
		    const char *key, struct st_json *json)
{
	const struct st_process *process = st_process_find(directory->processes, name->generation);

	if (!process)
		return;
	st_json_begin_object(json);
	if (key)
		st_json_text_field(json, key, name->text);
	st_directory_write(directory, process, json);
	st_json_end_object(json);
}

void st_named_reply_all(const struct st_directory *directory, struct st_client *client,
			const struct st_names *names, const char *key)
{
	struct st_buf text = ST_BUF_INIT;
	struct st_json json;
	struct st_list *pos;

	st_json_init(&json, &text);
	st_json_begin_array(&json);
	st_list_for_each(pos, &names->list)
		st_named_write(directory, st_list_entry(pos, struct st_name, link), key, &json);
	st_json_end_array(&json);
	st_client_reply_result(client, &text);
	st_buf_done(&text);
}
