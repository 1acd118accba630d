// SPDX-License-Identifier: GPL-2.0-only
/*
 * Long answers: written in slices, as the client reads them, and bounded for all clients
 * together; see client.h.
 *
 *	reply --head--> writing --slice, one a turn--> writing --last slice--> answered
 *	                   |--no room--> waits until the peer has read
 *	                   '--the client goes--> freed
 *
 * client.c calls it in the client's turn. It never waits, and it does not know what the answer
 * is about.
 */
#include "daemon/control/client_internal.h"

bool st_client_promise(struct st_client *client, size_t nr)
{
	struct st_client_host *host = client->host;
	const struct st_control_config *config = &host->config;
	bool is_admin = client->peer.role == ST_ROLE_ADMIN;
	size_t room = config->answers - (is_admin ? 0 : config->answers_of_admins);
	size_t nr_unsent = st_client_nr_unsent(client);

	if (client->nr_long > nr_unsent) { /* what was sent needs no promise any more */
		host->nr_long -= client->nr_long - nr_unsent;
		client->nr_long = nr_unsent;
	}
	if (host->nr_long + nr > room) {
		st_client_reply_error(client, ST_ERROR_LIMIT, NULL,
				      "the answer is long, and others that are long wait for their "
				      "clients to read them; ask again later, or for less");
		return false;
	}
	host->nr_long += nr;
	client->nr_long += nr;
	return true;
}

void st_client_forget_promise(struct st_client *client)
{
	if (client->slices)
		return;
	client->host->nr_long -= client->nr_long;
	client->nr_long = 0;
}

/* Return: how many bytes may be written before the peer reads. */
static size_t room_of(const struct st_client *client)
{
	size_t limit = client->host->config.output_limit, nr_unsent = st_client_nr_unsent(client);

	return nr_unsent < limit ? limit - nr_unsent : 0;
}

static void finish(struct st_client *client)
{
	st_rpc_write_result_tail(&client->out);
	st_buf_add(&client->out, client->after.data, client->after.len);
	if (client->after.failed)
		client->out.failed = true;
	st_client_free_slices(client);
	client->is_waiting = false;
}

static void write_slice(struct st_client *client, size_t room)
{
	if (client->slices->write(client->slices, &client->out, room))
		finish(client);
	st_client_send_soon(client);
}

void st_client_reply_slices(struct st_client *client, struct st_slices *slices)
{
	if (!client->id.text[0]) { /* a notification has no answer */
		slices->free(slices);
		client->is_waiting = false;
		return;
	}
	if (!st_client_promise(client, client->host->config.output_limit)) {
		slices->free(slices);
		return;
	}
	st_rpc_write_result_head(&client->out, &client->id);
	client->slices = slices;
	/* most answers have only one slice; what it is about may be gone in the next turn */
	write_slice(client, room_of(client));
}

void st_client_write_slice(struct st_client *client)
{
	size_t room = room_of(client);

	if (client->slices && !client->is_leaving && room)
		write_slice(client, room);
}

void st_client_free_slices(struct st_client *client)
{
	if (client->slices)
		client->slices->free(client->slices);
	client->slices = NULL;
	st_buf_done(&client->after);
}
