// SPDX-License-Identifier: GPL-2.0-only
/*
 * The output of a client. Answers are always kept; notifications are kept as
 * far as there is room. Sending is left to the client's next turn, so all
 * output of one turn of the loop is sent in one piece. Nothing here ever waits.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "daemon/control/client_internal.h"
#include "daemon/descriptors.h"
#include "daemon/log.h"
#include "os/fd.h"
#include "os/foreign.h"
#include "proto/json.h"

#define SENDS_PER_TURN 4 /* portions */
#define KEEP_CAP 4096 /* an empty output frees memory above this size */
#define SHORT 4096 /* an answer up to this size does not count as long */

size_t st_client_nr_unsent(const struct st_client *client)
{
	return client->out.len - client->sent;
}

size_t st_client_unsent(const struct st_client *client)
{
	return client->slices ? SIZE_MAX / 2 : st_client_nr_unsent(client);
}

struct st_buf *st_client_notifications(struct st_client *client)
{
	return client->slices ? &client->after : &client->out;
}

void st_client_send_soon(struct st_client *client)
{
	/* without memory for the answer the client would wait for ever */
	if (st_buf_error(&client->out)) {
		client->has_hung_up = true;
		client->has_ended_input = true;
	}
	if (!client->is_leaving)
		st_poll_again(&client->poll);
}

static void forget_output(struct st_client *client)
{
	client->sent = 0;
	st_client_forget_promise(client);
	if (client->out.cap > KEEP_CAP)
		st_buf_done(&client->out);
	else
		st_buf_reset(&client->out);
}

/*
 * The output of a client that reads slowly but always may never become empty.
 */
static void forget_sent(struct st_client *client)
{
	if (client->sent < ST_CLIENT_PORTION || client->sent < st_client_nr_unsent(client))
		return;
	st_buf_consume(&client->out, client->sent);
	if (client->pass_fd >= 0)
		client->pass_at -= client->sent;
	client->sent = 0;
}

static void add_resync(struct st_client *client)
{
	struct st_buf params = ST_BUF_INIT;
	struct st_json json;

	st_json_init(&json, &params);
	st_json_begin_object(&json);
	st_json_u64_field(&json, "seq", client->dropped_seq);
	st_json_u64_field(&json, "dropped", client->nr_dropped);
	st_json_u64_field(&json, "incarnation", st_client_incarnation(client));
	st_json_end_object(&json);
	if (st_buf_error(&params))
		client->out.failed = true;
	else
		st_rpc_write_notification(&client->out, "resync", params.data, params.len);
	st_buf_done(&params);
	client->nr_dropped = 0;
}

void st_client_close_passed(struct st_client *client)
{
	if (client->pass_fd < 0)
		return;
	st_foreign_close(&client->pass_fd); /* the process at its other end may have sent some */
	st_descriptors_give_back(client->host->config.descriptors);
}

/* Call send(2); the descriptor goes with the first byte. */
static ssize_t send_with_fd(struct st_client *client, char *data, size_t len)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { .header = { .cmsg_len = CMSG_LEN(sizeof(int)),
				  .cmsg_level = SOL_SOCKET,
				  .cmsg_type = SCM_RIGHTS } };
	struct iovec part = { .iov_base = data, .iov_len = len };
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	ssize_t nr;

	memcpy(CMSG_DATA(&control.header), &client->pass_fd, sizeof(client->pass_fd));
	nr = sendmsg(client->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (nr > 0)
		st_client_close_passed(client);
	return nr;
}

static ssize_t send_some(struct st_client *client, size_t len)
{
	char *data = client->out.data + client->sent;

	if (client->pass_fd >= 0 && client->sent == client->pass_at)
		return send_with_fd(client, data, len);
	if (client->pass_fd >= 0 && len > client->pass_at - client->sent)
		len = client->pass_at - client->sent;
	return send(client->fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* Return: false if the socket takes no more now. */
static bool send_portion(struct st_client *client)
{
	size_t len = st_client_nr_unsent(client);
	ssize_t nr;

	if (len > ST_CLIENT_PORTION)
		len = ST_CLIENT_PORTION;
	nr = send_some(client, len);
	if (nr >= 0)
		client->sent += (size_t)nr;
	else if (errno != EAGAIN && errno != EINTR)
		client->has_hung_up = true;
	return nr >= 0 || errno == EINTR;
}

void st_client_flush(struct st_client *client)
{
	st_log_flush(); /* what is reported of a request is written before its answer */
	for (int left = SENDS_PER_TURN; !client->has_hung_up; left--) {
		if (!st_client_unsent(client) && client->nr_dropped)
			add_resync(client);
		if (!st_client_nr_unsent(client))
			break;
		if (!left) {
			st_client_send_soon(client);
			return;
		}
		if (!send_portion(client) && !client->has_hung_up)
			return;
		forget_sent(client);
	}
	forget_output(client);
}

void st_client_reply_result(struct st_client *client, const struct st_buf *result)
{
	if (st_buf_error(result)) {
		st_client_reply_error(client, ST_ERROR_NO_MEMORY, NULL, "no memory for the answer");
		return;
	}
	if (result->len > SHORT && !st_client_promise(client, result->len))
		return;
	client->is_waiting = false;
	st_rpc_write_result(&client->out, &client->id, result->data, result->len);
	st_client_send_soon(client);
}

void st_client_reply_with_fd(struct st_client *client, const struct st_buf *result, int fd)
{
	st_cleanup(st_foreign_close) int owned = fd;

	if (client->pass_fd >= 0) {
		st_client_reply_error(client, ST_ERROR_LIMIT, NULL,
				      "the descriptor of an earlier answer has not been received");
		return;
	}
	if (!st_descriptors_lend(client->host->config.descriptors,
				 client->peer.role == ST_ROLE_ADMIN)) {
		st_client_reply_error(client, ST_ERROR_LIMIT, NULL,
				      "the descriptors for clients are in use; close connections, "
				      "or raise the daemon's limit (ulimit -n)");
		return;
	}
	if (st_buf_error(result)) {
		st_descriptors_give_back(client->host->config.descriptors);
	} else {
		client->pass_at = client->out.len;
		client->pass_fd = st_fd_take(&owned);
		client->keeps_connections = true;
	}
	st_client_reply_result(client, result);
}

void st_client_reply_ok(struct st_client *client)
{
	static const char ok[] = "{\"ok\":true}";

	client->is_waiting = false;
	st_rpc_write_result(&client->out, &client->id, ok, sizeof(ok) - 1);
	st_client_send_soon(client);
}

void st_client_reply_error(struct st_client *client, enum st_error kind, const char *otp,
			   const char *format, ...)
{
	struct st_rpc_error error = { .kind = kind };
	va_list args;

	va_start(args, format);
	vsnprintf(error.message, sizeof(error.message), format, args);
	va_end(args);
	client->is_waiting = false;
	st_rpc_write_error(&client->out, &client->id, &error, otp);
	st_client_send_soon(client);
}

void st_client_reply_failure(struct st_client *client, const struct st_rpc_error *error)
{
	client->is_waiting = false;
	st_rpc_write_error(&client->out, &client->id, error, NULL);
	st_client_send_soon(client);
}

void st_client_refuse(struct st_client *client, const struct st_rpc_id *id,
		      const struct st_rpc_error *error)
{
	st_rpc_write_error(&client->out, id, error, NULL);
	st_client_send_soon(client);
}

void st_client_set_stream(struct st_client *client, bool is_stream)
{
	client->is_stream = is_stream;
	if (!is_stream)
		client->nr_dropped = 0;
}

void st_client_push(struct st_client *client, const char *method, const struct st_buf *params)
{
	if (client->is_leaving)
		return;
	if (st_buf_error(params))
		client->out.failed = true;
	else
		st_rpc_write_notification(st_client_notifications(client), method, params->data,
					  params->len);
	st_client_send_soon(client);
}

void st_client_tell_renamed(struct st_client *client, const struct st_buf *params)
{
	if (!client->keeps_connections)
		return;
	if (st_client_nr_unsent(client) + client->after.len + params->len >
	    client->host->config.stream_limit)
		client->out.failed = true;
	st_client_push(client, "renamed", params);
}

void st_client_notify(struct st_client *client, uint64_t seq, const struct st_buf *line)
{
	size_t limit = client->host->config.stream_limit;

	if (!client->is_stream || client->is_leaving)
		return;
	if (client->nr_dropped || st_client_unsent(client) + line->len > limit) {
		client->nr_dropped++;
		client->dropped_seq = seq;
		return;
	}
	st_buf_add(&client->out, line->data, line->len);
	st_client_send_soon(client);
}
