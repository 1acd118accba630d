// SPDX-License-Identifier: GPL-2.0-only
/*
 * Handlers of operations that processes offer: the list of them, and calls,
 * which relay.c passes on to the process.
 */
#include <errno.h>
#include <string.h>

#include "daemon/operations/dispatch.h"
#include "daemon/requests/directory.h"

static void refuse(struct st_client *client, int err, const char *name)
{
	if (err == -E2BIG)
		st_client_reply_error(client, ST_ERROR_LIMIT, NULL,
				      "offer %s: a process may offer at most %d operations", name,
				      ST_MAX_OFFERS);
	else if (err == -ENOSPC)
		st_client_reply_error(client, ST_ERROR_LIMIT, NULL,
				      "offer %s: all processes may offer at most %d operations",
				      name, ST_MAX_ALL_OFFERS);
	else
		st_client_reply_error(client, ST_ERROR_NO_MEMORY, NULL, "offer %s: no memory",
				      name);
}

/* Return: true if the offer is kept; false: the client has its answer. */
static bool take_offer(struct st_daemon *daemon, struct st_client *client, const json_t *described,
		       uint64_t generation)
{
	struct st_rpc_error error = { .kind = ST_ERROR_INTERNAL };
	struct st_offer *offer = NULL;
	int err = st_offer_read(described, ST_OFFER_FROM_CHILD, &offer, &error);

	if (err) {
		st_client_reply_failure(client, &error);
		return false;
	}
	err = st_offers_add(&daemon->offers, offer, generation);
	if (!err)
		return true;
	refuse(client, err, offer->row.name);
	st_offer_free(offer);
	return false;
}

void st_handle_offer(struct st_daemon *daemon, struct st_client *client,
		     const struct st_rpc_request *request)
{
	uint64_t generation = st_directory_asking(client, request);
	const json_t *operations = json_object_get(request->params, "operations");
	size_t index;
	const json_t *described;

	if (!generation)
		return;
	/* its end is on the way: an offer made now would never be removed */
	if (!st_tree_find_generation(daemon->tree, generation)) {
		st_client_reply_error(client, ST_ERROR_NOPROC, "\"noproc\"",
				      "offer: the process has ended");
		return;
	}
	json_array_foreach(operations, index, described)
		if (!take_offer(daemon, client, described, generation))
			return;
	st_client_reply_ok(client);
}

void st_handle_withdraw(struct st_daemon *daemon, struct st_client *client,
			const struct st_rpc_request *request)
{
	const char *name = st_rpc_text(request, "operation", "");
	uint64_t generation = st_directory_asking(client, request);

	if (!generation)
		return;
	if (st_offers_remove(&daemon->offers, name, generation))
		st_client_reply_error(client, ST_ERROR_CONFLICT, NULL,
				      "withdraw %s: the process offers no such operation", name);
	else
		st_client_reply_ok(client);
}

static void write_example(const struct st_offer *offer, const char *method, struct st_buf *out)
{
	st_buf_add_text(out, "suptree ");
	st_buf_add_text(out, method);
	for (unsigned int i = 0; i < offer->nr_params; i++) {
		st_buf_add_char(out, ' ');
		st_buf_add_text(out, st_param_metavar(&offer->params[i]));
	}
}

static void write_offering(struct st_daemon *daemon, const struct st_offering *offering,
			   struct st_json *json)
{
	const struct st_process *process =
		st_process_find(&daemon->processes, offering->generation);
	struct st_operation_row row = offering->offer->row;
	struct st_buf method = ST_BUF_INIT, example = ST_BUF_INIT;

	if (!process)
		return; /* its end is on the way */
	st_directory_write_method(&daemon->directory, offering, &method);
	write_example(offering->offer, st_buf_text(&method), &example);
	if (st_buf_get(&method, &row.name) || st_buf_get(&example, &row.example))
		json->out->failed = true; /* the answer is not whole */
	row.verb = row.name;
	st_json_begin_object(json);
	st_operation_write(&row, json);
	st_json_u64_field(json, "seq", offering->seq);
	st_directory_write(&daemon->directory, process, json);
	st_json_end_object(json);
	if (st_buf_error(&method) || st_buf_error(&example))
		json->out->failed = true;
	st_buf_done(&method);
	st_buf_done(&example);
}

static void write_all(struct st_daemon *daemon, uint64_t since, struct st_json *json)
{
	unsigned int nr = 0;
	struct st_list *pos;

	st_list_for_each(pos, &daemon->offers.list) {
		const struct st_offering *offering = st_list_entry(pos, struct st_offering, link);

		if (offering->seq <= since)
			continue;
		if (nr++ == ST_OFFER_MAX_LISTED)
			return;
		write_offering(daemon, offering, json);
	}
}

/* The map lists the newest first; they are written in the order of offering. */
static void write_those_of(struct st_daemon *daemon, uint64_t generation, uint64_t since,
			   struct st_json *json)
{
	const struct st_offering *of_process[ST_MAX_OFFERS];
	const struct st_offering *offering = st_map_get(&daemon->offers.by_generation, generation);
	size_t nr = 0;

	for (; offering && nr < ST_MAX_OFFERS; offering = offering->same_process)
		of_process[nr++] = offering;
	while (nr--)
		if (of_process[nr]->seq > since)
			write_offering(daemon, of_process[nr], json);
}

void st_handle_offered(struct st_daemon *daemon, struct st_client *client,
		       const struct st_rpc_request *request)
{
	uint64_t since = (uint64_t)st_rpc_integer(request, "since", 0);
	const struct st_process *process = NULL;
	struct st_buf text = ST_BUF_INIT;
	struct st_json json;

	if (st_rpc_text(request, "path", NULL)) {
		process = st_directory_find_process(&daemon->directory, client, request);
		if (!process)
			return;
	}
	st_json_init(&json, &text);
	st_json_begin_array(&json);
	if (process)
		write_those_of(daemon, process->generation, since, &json);
	else
		write_all(daemon, since, &json);
	st_json_end_array(&json);
	st_client_reply_result(client, &text);
	st_buf_done(&text);
}

void st_handle_operations(struct st_daemon *daemon, struct st_client *client,
			  const struct st_rpc_request *request)
{
	struct st_buf text = ST_BUF_INIT;
	struct st_json json;

	(void)request; /* it has no parameters */
	st_json_init(&json, &text);
	st_json_begin_array(&json);
	st_operations_write(&json);
	write_all(daemon, 0, &json);
	st_json_end_array(&json);
	st_client_reply_result(client, &text);
	st_buf_done(&text);
}

void st_handle_invoke(struct st_daemon *daemon, struct st_client *client,
		      const struct st_rpc_request *request)
{
	const char *method = st_rpc_text(request, "operation", "");
	json_t *params = json_incref(json_object_get(request->params, "params"));

	if (!params)
		params = json_object();
	if (params)
		st_relay_invoke(&daemon->relays, client, method, params);
	else
		st_client_reply_error(client, ST_ERROR_NO_MEMORY, NULL, "%s: no memory", method);
	json_decref(params);
}
