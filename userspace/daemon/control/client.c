// SPDX-License-Identifier: GPL-2.0-only
/*
 * One connection: its input and its life; see client.h.
 *
 * A client has one operation on the ring: an edge-triggered poll for both
 * directions. In its turn it first sends what the socket takes. Then it reads
 * and serves requests until the socket is empty, a request has to wait, the
 * output is full, or its share of the turn is used up. In the last case it asks
 * for another turn. The client is freed where its poll ends, and nowhere else.
 */
#include "daemon/control/client.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/alloc.h"
#include "daemon/control/client_internal.h"
#include "os/foreign.h"

const struct st_peer *st_client_peer(const struct st_client *client)
{
	return &client->peer;
}

uint64_t st_client_incarnation(const struct st_client *client)
{
	return client->host->config.incarnation;
}

void st_client_set_data(struct st_client *client, void *data)
{
	client->data = data;
}

void *st_client_data(const struct st_client *client)
{
	return client->data;
}

static void leave(struct st_client *client)
{
	if (client->is_leaving)
		return;
	client->is_leaving = true;
	shutdown(client->fd, SHUT_RDWR);
	st_op_cancel(&client->poll.op);
	if (client->is_known)
		client->host->handler->on_gone(client->host->owner, client);
}

static void free_client(struct st_client *client)
{
	struct st_client_host *host = client->host;

	st_list_del(&client->link);
	host->nr_clients--;
	st_foreign_close(&client->fd);
	st_client_close_passed(client);
	client->peer.generation = client->place;
	st_places_give_back(&host->places, &client->peer);
	st_frame_done(&client->in);
	st_client_free_slices(client);
	st_client_forget_promise(client);
	st_buf_done(&client->out);
	st_free(client);
	host->on_freed(host);
}

static bool is_permitted(const struct st_client *client, const struct st_rpc_request *request,
			 struct st_rpc_error *error)
{
	const struct st_operation_row *row = &st_operations[request->op];

	if (client->peer.role >= row->role)
		return true;
	if (client->peer.generation && (row->flags & ST_FOR_CHILDREN))
		return true;
	if (client->peer.role && (row->flags & ST_FOR_ANYONE))
		return true;
	st_rpc_fail(error, ST_ERROR_REFUSED, "",
		    "%s: refused: the role %s is needed, and uid %u has the role %s", row->name,
		    st_role_text[row->role], client->peer.uid, st_role_text[client->peer.role]);
	return false;
}

static void serve_line(struct st_client *client, const char *line, size_t len)
{
	struct st_rpc_request request;
	struct st_rpc_error error;

	if (st_rpc_parse(line, len, &request, &error) || !is_permitted(client, &request, &error)) {
		st_client_refuse(client, &request.id, &error);
	} else {
		client->id = request.id;
		client->is_waiting = true;
		client->is_known = true;
		client->host->handler->on_request(client->host->owner, client, &request);
	}
	st_rpc_request_done(&request);
}

static void serve_too_long(struct st_client *client)
{
	static const struct st_rpc_id null_id = { "null" };
	struct st_rpc_error error;

	st_rpc_fail(&error, ST_ERROR_INVALID_REQUEST, "",
		    "request: the line is longer than %u bytes", ST_FRAME_LIMIT);
	st_client_refuse(client, &null_id, &error);
}

/* Return: false if there is nothing to read now. */
static bool read_portion(struct st_client *client)
{
	char *portion = client->host->portion;
	ssize_t nr = client->peer.role == ST_ROLE_ADMIN ?
			     recv(client->fd, portion, ST_CLIENT_PORTION, MSG_DONTWAIT) :
			     st_foreign_recv(client->fd, portion, ST_CLIENT_PORTION, 0);

	if (nr > 0) {
		if (!st_frame_feed(&client->in, portion, (size_t)nr))
			return true;
		client->has_hung_up = true; /* no memory: a part of the input is lost */
	} else if (nr < 0 && errno == EINTR) {
		return true;
	} else if (nr < 0 && errno == EAGAIN) {
		return false;
	} else if (nr < 0) {
		client->has_hung_up = true;
	}
	client->has_ended_input = true;
	st_frame_finish(&client->in);
	return true;
}

static bool can_serve(const struct st_client *client)
{
	return !client->is_waiting && !client->is_leaving && !client->is_served &&
	       st_client_nr_unsent(client) <= client->host->config.output_limit;
}

/*
 * Read and serve within the share of a turn; each line and each portion counts
 * one.
 */
static void serve(struct st_client *client)
{
	uint32_t left = client->host->config.requests_per_turn;

	for (; can_serve(client); left--) {
		const char *line;
		size_t len;
		int ret;

		if (!left) {
			st_poll_again(&client->poll);
			return;
		}
		ret = st_frame_next(&client->in, &line, &len);
		if (ret > 0)
			serve_line(client, line, len);
		else if (ret < 0)
			serve_too_long(client);
		else if (client->has_ended_input)
			client->is_served = true;
		else if (!read_portion(client))
			return;
	}
}

/* No more can be done: all is answered and sent, or the peer does not read. */
static bool is_finished(const struct st_client *client)
{
	if (client->has_hung_up)
		return client->is_waiting || client->has_ended_input;
	return client->is_served && !client->is_waiting && !client->is_stream &&
	       !st_client_nr_unsent(client);
}

static void on_turn(struct st_poll *poll, int result)
{
	struct st_client *client = container_of(poll, struct st_client, poll);

	if (result < 0) {
		leave(client);
		free_client(client);
		return;
	}
	if (client->is_leaving)
		return;
	if (result & (POLLHUP | POLLERR))
		client->has_hung_up = true;
	st_client_flush(client);
	st_client_write_slice(client);
	serve(client);
	if (!client->is_leaving && is_finished(client))
		leave(client);
}

void st_client_log_in(struct st_client *client, enum st_role role)
{
	client->peer.role = role;
	client->peer.generation = 0;
}

int st_client_new(struct st_client_host *host, int fd, const struct st_peer *peer)
{
	struct st_client *client = st_alloc(sizeof(*client));

	if (!client)
		return -ENOMEM;
	client->host = host;
	client->fd = fd;
	client->pass_fd = -1;
	client->peer = *peer;
	client->place = peer->generation;
	st_frame_init(&client->in, ST_FRAME_LIMIT);
	st_list_add_tail(&client->link, &host->clients);
	host->nr_clients++;
	st_poll_watch_patiently(host->ring, &client->poll, fd, POLLIN | POLLOUT | POLLRDHUP,
				on_turn);
	return 0;
}

void st_client_close_all(struct st_client_host *host)
{
	struct st_list *pos, *next;

	st_list_for_each_safe(pos, next, &host->clients) {
		struct st_client *client = st_list_entry(pos, struct st_client, link);

		if (client->is_leaving)
			continue;
		st_client_flush(client);
		leave(client);
	}
}
