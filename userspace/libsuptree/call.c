// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls, casts and messages to processes, by name.
 *
 * Nothing is ever sent twice to a process that may have had it: only a packet that
 * the kernel refused, because its connection had broken before, goes to the next
 * incarnation.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "base/buf.h"
#include "libsuptree/internal.h"

/* The process ended before this was sent. */
static bool is_broken(int error)
{
	return error == -EPIPE || error == -ECONNRESET || error == -ENOTCONN ||
	       error == -ECONNREFUSED;
}

static int explain_send(struct suptree *self, int error)
{
	if (error == -EAGAIN)
		return st_fail(self, error, "mailbox_full");
	return st_fail(self, error, "%s", strerror(-error));
}

/* A server that waits for itself waits for ever [gen:call/4, calling_self]. */
static bool would_wait_for_itself(const struct suptree *self, const struct st_packet_header *header,
				  const struct st_route *route)
{
	return header->ref && route->generation && route->generation == self->generation;
}

/* *ret_route is where it went. */
static int send_packet(struct suptree *self, const char *name,
		       const struct st_packet_header *header, const void *data, size_t len,
		       struct st_route **ret_route)
{
	if (len > SUPTREE_MAX_MESSAGE)
		return st_fail(self, -EMSGSIZE, "too_long");
	for (;;) {
		int ret = st_route_find(self, name, ret_route);

		if (ret)
			return ret;
		if (would_wait_for_itself(self, header, *ret_route))
			return st_fail(self, -EDEADLK, "calling_self");
		ret = st_packet_send((*ret_route)->fd, header, data, len, MSG_DONTWAIT);
		if (!is_broken(ret))
			return ret ? explain_send(self, ret) : 0;
		st_route_drop(self, *ret_route);
	}
}

int st_send_to(struct suptree *self, const char *name, enum st_packet_type type, const void *data,
	       size_t len)
{
	const struct st_packet_header header = { .type = (uint8_t)type };
	struct st_route *route;

	return send_packet(self, name, &header, data, len, &route);
}

static void set_timeout(struct st_route *route, int timeout_ms)
{
	/* 0 would mean for ever to the kernel */
	int known_ms = timeout_ms ? timeout_ms : 1;
	struct timeval timeout = { 0 };

	if (known_ms == route->timeout_ms)
		return;
	if (known_ms > 0) {
		timeout.tv_sec = known_ms / 1000;
		timeout.tv_usec = known_ms % 1000 * 1000;
	}
	if (!setsockopt(route->fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout)))
		route->timeout_ms = known_ms;
}

static int take_reply(struct suptree *self, struct st_route *route, uint64_t ref,
		      uint64_t deadline_ns, size_t *ret_len)
{
	struct st_packet *packet = &self->reply;

	for (;;) {
		int timeout_ms = st_timeout_until(deadline_ns);
		int ret;

		if (!timeout_ms)
			return -ETIMEDOUT;
		set_timeout(route, timeout_ms);
		ret = st_peer_receive(route->fd, packet, 0, ret_len);
		if (ret == -EINTR || ret == -EAGAIN)
			continue;
		if (ret)
			return ret;
		if (packet->header.ref == ref && packet->header.type == ST_PACKET_REPLY)
			return 0;
		if (packet->header.ref == ref && packet->header.type == ST_PACKET_ERROR)
			return -EREMOTEIO;
		/* the late answer to a call that was given up */
	}
}

/* The outcome of a request that was sent. */
static int finish(struct suptree *self, struct st_route *route, int ret, uint64_t deadline_ns)
{
	uint64_t generation = route->generation;

	switch (ret) {
	case 0:
		return 0;
	case -ETIMEDOUT:
		return st_fail(self, ret, "timeout");
	case -EREMOTEIO:
		return st_fail(self, ret, "%s", self->reply.payload);
	case -EPROTO:
		st_route_drop(self, route);
		return st_fail(self, ret, "the answer is none of the protocol");
	default:
		st_route_drop(self, route);
		return is_broken(ret) ? st_watch_explain(self, generation, deadline_ns) :
					st_fail(self, ret, "%s", strerror(-ret));
	}
}

int st_call_server(struct suptree *self, const char *name, enum st_packet_type type,
		   const struct suptree_bytes *request, int timeout_ms, size_t *ret_len)
{
	const struct st_packet_header header = { .type = (uint8_t)type, .ref = ++self->last_ref };
	uint64_t deadline_ns = st_deadline_after(timeout_ms);
	struct st_route *route;
	int ret = send_packet(self, name, &header, request->data, request->len, &route);

	if (ret)
		return ret;
	ret = take_reply(self, route, header.ref, deadline_ns, ret_len);
	return finish(self, route, ret, deadline_ns);
}

int suptree_call_bytes(struct suptree *self, const char *name, const struct suptree_bytes *request,
		       int timeout_ms, struct suptree_bytes *ret_reply)
{
	*ret_reply = (struct suptree_bytes){ .data = self->reply.payload };
	return st_call_server(self, name, ST_PACKET_CALL, request, timeout_ms, &ret_reply->len);
}

/* The answer is a text. @ret_reply: may be NULL. */
static int call_text(struct suptree *self, const char *name, enum st_packet_type type,
		     const char *text, int timeout_ms, const char **ret_reply)
{
	const struct suptree_bytes request = { text, strlen(text) };
	size_t len;
	int ret = st_call_server(self, name, type, &request, timeout_ms, &len);

	if (ret_reply)
		*ret_reply = ret ? NULL : self->reply.payload;
	return ret;
}

int suptree_call(struct suptree *self, const char *name, const char *request, int timeout_ms,
		 const char **ret_reply)
{
	return call_text(self, name, ST_PACKET_CALL, request, timeout_ms, ret_reply);
}

int suptree_get_state(struct suptree *self, const char *name, int timeout_ms,
		      const char **ret_state)
{
	return call_text(self, name, ST_PACKET_SYSTEM, "get_state", timeout_ms, ret_state);
}

int suptree_replace_state(struct suptree *self, const char *name, const char *state, int timeout_ms)
{
	struct st_buf request = ST_BUF_INIT;
	int ret;

	st_buf_add_text(&request, "replace_state ");
	st_buf_add_text(&request, state);
	if (st_buf_error(&request))
		ret = st_fail(self, -ENOMEM, "no memory");
	else
		ret = call_text(self, name, ST_PACKET_SYSTEM, st_buf_text(&request), timeout_ms,
				NULL);
	st_buf_done(&request);
	return ret;
}

int suptree_cast_bytes(struct suptree *self, const char *name, const void *data, size_t len)
{
	return st_send_to(self, name, ST_PACKET_CAST, data, len);
}

int suptree_cast(struct suptree *self, const char *name, const char *text)
{
	return st_send_to(self, name, ST_PACKET_CAST, text, strlen(text));
}

int suptree_send_bytes(struct suptree *self, const char *name, const void *data, size_t len)
{
	return st_send_to(self, name, ST_PACKET_INFO, data, len);
}

int suptree_send(struct suptree *self, const char *name, const char *text)
{
	return st_send_to(self, name, ST_PACKET_INFO, text, strlen(text));
}
