// SPDX-License-Identifier: GPL-2.0-only
/*
 * From packets to callbacks, and from replies to packets.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "libsuptree/server.h"

#define MAX_IN_A_ROW 16 /* packets of one caller before others have their turn */

/* Handle the result of a callback. A stop without suptree_stop() also ends the server. */
static void heed_next(struct st_server *server, enum suptree_next next)
{
	if (next == SUPTREE_STOP)
		server->is_stopping = true;
}

void st_deliver_info(struct st_server *server, const struct suptree_info *info)
{
	server->nr_infos++;
	if (server->callbacks->handle_info)
		heed_next(server,
			  server->callbacks->handle_info(&server->self, server->state, info));
}

static struct suptree_message message_of(const struct st_server *server,
					 const struct st_caller *caller, size_t len)
{
	return (struct suptree_message){
		.data = server->packet.payload,
		.len = len,
		.path = caller->path ? caller->path : "",
		.pid = caller->pid,
		.uid = caller->uid,
		.generation = caller->generation,
	};
}

static void handle_call(struct st_server *server, const struct suptree_message *message,
			struct suptree_from from)
{
	const struct suptree_gen_server *callbacks = server->callbacks;

	server->nr_calls++;
	if (callbacks->handle_call)
		heed_next(server,
			  callbacks->handle_call(&server->self, server->state, message, from));
	else
		suptree_reply_error(&server->self, from, "unknown_call");
}

static void handle_cast(struct st_server *server, const struct suptree_message *message)
{
	const struct suptree_gen_server *callbacks = server->callbacks;

	server->nr_casts++;
	if (callbacks->handle_cast)
		heed_next(server, callbacks->handle_cast(&server->self, server->state, message));
}

/* Only for whom the daemon vouches as an operator. */
static void handle_system(struct st_server *server, const struct st_caller *caller,
			  struct suptree_from from)
{
	if (caller->is_operator)
		st_system_handle(server, from, server->packet.payload);
	else
		suptree_reply_error(&server->self, from, "refused");
}

/* What is not accepted ends the connection: the daemon told the caller that before. */
static int handle_link(struct st_server *server, const struct st_caller *caller)
{
	if (!caller->may_link)
		return -EACCES;
	st_watch_linked(&server->self, caller->generation);
	return 0;
}

/* A callback may remove the caller. */
static int handle_packet(struct st_server *server, struct st_caller *caller, uint64_t id,
			 size_t len)
{
	const struct st_packet_header *header = &server->packet.header;
	struct suptree_from from = { .connection = id, .ref = header->ref };
	struct suptree_info info = { .type = SUPTREE_INFO_MESSAGE };

	if ((header->type == ST_PACKET_HELLO) == caller->has_hello)
		return -EPROTO; /* the daemon's HELLO comes first, and only once */
	info.message = message_of(server, caller, len);
	switch ((enum st_packet_type)header->type) {
	case ST_PACKET_HELLO:
		return st_accept_hello(server, caller, server->packet.payload, len);
	case ST_PACKET_CALL:
		handle_call(server, &info.message, from);
		return 0;
	case ST_PACKET_CAST:
		handle_cast(server, &info.message);
		return 0;
	case ST_PACKET_INFO:
		st_deliver_info(server, &info);
		return 0;
	case ST_PACKET_SYSTEM:
		handle_system(server, caller, from);
		return 0;
	case ST_PACKET_LINK:
		return handle_link(server, caller);
	case ST_PACKET_UNLINK:
		if (caller->generation)
			st_watch_unlinked(&server->self, caller->generation);
		return 0;
	case ST_PACKET_REPLY:
	case ST_PACKET_ERROR:
	case ST_PACKET__MAX:
		break;
	}
	return -EPROTO; /* no request was sent on this connection */
}

void st_deliver(struct st_server *server, uint64_t id)
{
	struct st_caller *caller;
	size_t len;
	int ret = 0;

	for (int i = 0; i < MAX_IN_A_ROW && !ret && !server->is_stopping; i++) {
		caller = st_caller_find(server, id);
		if (!caller)
			return;
		ret = st_peer_receive(caller->fd, &server->packet, MSG_DONTWAIT, &len);
		if (ret)
			break;
		ret = handle_packet(server, caller, id, len);
		/* the caller waits for the answer: there is nothing more to read */
		if (server->packet.header.type == ST_PACKET_CALL)
			break;
	}
	caller = st_caller_find(server, id);
	if (caller && ret && ret != -EAGAIN && ret != -EINTR)
		st_caller_close(server, caller);
}

void st_answer(struct st_server *server, struct suptree_from from, enum st_packet_type type,
	       const void *data, size_t len)
{
	const struct st_packet_header header = { .type = (uint8_t)type, .ref = from.ref };
	struct st_caller *caller = st_caller_find(server, from.connection);

	if (caller && st_packet_send(caller->fd, &header, data, len, MSG_DONTWAIT))
		st_caller_close(server, caller);
}

void suptree_reply_bytes(struct suptree *self, struct suptree_from from, const void *data,
			 size_t len)
{
	if (len > SUPTREE_MAX_MESSAGE)
		suptree_reply_error(self, from, "too_long");
	else
		st_answer(st_server_of(self), from, ST_PACKET_REPLY, data, len);
}

static void __printf(4, 0) answer_text(struct suptree *self, struct suptree_from from,
				       enum st_packet_type type, const char *format, va_list args)
{
	char *text;
	int len = vasprintf(&text, format, args);

	if (len < 0) {
		st_answer(st_server_of(self), from, ST_PACKET_ERROR, "no memory", 9);
		return;
	}
	if (len > SUPTREE_MAX_MESSAGE)
		suptree_reply_error(self, from, "too_long");
	else
		st_answer(st_server_of(self), from, type, text, (size_t)len);
	free(text);
}

void suptree_reply(struct suptree *self, struct suptree_from from, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	answer_text(self, from, ST_PACKET_REPLY, format, args);
	va_end(args);
}

void suptree_reply_error(struct suptree *self, struct suptree_from from, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	answer_text(self, from, ST_PACKET_ERROR, format, args);
	va_end(args);
}
