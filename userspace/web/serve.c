// SPDX-License-Identifier: GPL-2.0-only
/*
 * HTTP; see serve.h. MHD parses, and calls these functions from MHD_run().
 */
#include "web/serve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/alloc.h"
#include "web/exchange.h"
#include "web/stream.h"

#define BODY_NS (30 * ST_NSEC_PER_SEC) /* for a whole request */
#define BACKLOG 128

/* A TCP connection: how long has it been sending a request? */
struct st_peer_connection {
	struct st_list link; /* in web->peers */
	int fd;
	uint64_t begin_ns; /* of the connection, or of its silence after an answer */
	bool has_headers; /* a request is under way, and its headers are there */
};

static void write_peer(const struct sockaddr *address, char *text, size_t size)
{
	const struct sockaddr_in *four = (const void *)address;
	const struct sockaddr_in6 *six = (const void *)address;
	char host[INET6_ADDRSTRLEN] = "?";

	if (address->sa_family == AF_INET6) {
		(void)inet_ntop(AF_INET6, &six->sin6_addr, host, sizeof(host));
		(void)snprintf(text, size, "[%s]:%u", host, ntohs(six->sin6_port));
	} else {
		(void)inet_ntop(AF_INET, &four->sin_addr, host, sizeof(host));
		(void)snprintf(text, size, "%s:%u", host, ntohs(four->sin_port));
	}
}

static struct st_peer_connection *peer_of(struct MHD_Connection *http)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(http, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info ? info->socket_context : NULL;
}

static void on_connection(void *context, struct MHD_Connection *http, void **ret_peer,
			  enum MHD_ConnectionNotificationCode what)
{
	struct st_peer_connection *peer = *ret_peer;
	struct st_web *web = context;

	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		const union MHD_ConnectionInfo *info =
			MHD_get_connection_info(http, MHD_CONNECTION_INFO_CONNECTION_FD);

		peer = st_alloc(sizeof(*peer));
		*ret_peer = peer;
		web->counts.connections++;
		if (!peer)
			return; /* it has only MHD's own timeout */
		peer->fd = info ? info->connect_fd : -1;
		peer->begin_ns = st_web_clock_ns();
		st_list_add_tail(&peer->link, &web->peers);
		if (peer->begin_ns + ST_WEB_HEADER_NS < web->next_look_ns)
			web->next_look_ns = peer->begin_ns + ST_WEB_HEADER_NS;
	} else if (peer) {
		st_list_del(&peer->link);
		st_free(peer);
		*ret_peer = NULL;
	}
}

uint64_t st_serve_look(struct st_web *web, uint64_t now_ns)
{
	struct st_list *pos;

	if (now_ns < web->next_look_ns)
		return web->next_look_ns;
	web->next_look_ns = ST_NO_DEADLINE;
	st_list_for_each(pos, &web->peers) {
		struct st_peer_connection *peer =
			st_list_entry(pos, struct st_peer_connection, link);
		uint64_t end_ns = peer->begin_ns + ST_WEB_HEADER_NS;

		if (peer->has_headers)
			end_ns = now_ns + ST_WEB_HEADER_NS; /* look again */
		else if (now_ns >= end_ns)
			(void)shutdown(peer->fd, SHUT_RDWR); /* MHD finds it closed */
		if (end_ns > now_ns && end_ns < web->next_look_ns)
			web->next_look_ns = end_ns;
	}
	return web->next_look_ns;
}

/* The request line has come. MHD keeps the result for the request. */
static void *on_target(void *context, const char *target, struct MHD_Connection *http)
{
	struct st_exchange *exchange = st_alloc(sizeof(*exchange));
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(http, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

	if (!exchange)
		return NULL;
	exchange->web = context;
	exchange->http = http;
	exchange->hangup.fd = -1;
	exchange->begin_ns = st_web_clock_ns();
	exchange->target = strdup(target);
	st_buf_init(&exchange->body);
	st_list_init(&exchange->wait.link);
	st_list_add_tail(&exchange->link, &exchange->web->exchanges);
	if (info)
		write_peer(info->client_addr, exchange->peer, sizeof(exchange->peer));
	return exchange;
}

const char *st_exchange_header(const struct st_exchange *exchange, const char *name)
{
	return MHD_lookup_connection_value(exchange->http, MHD_HEADER_KIND, name);
}

static enum MHD_Result send_answer(struct st_exchange *exchange)
{
	return MHD_queue_response(exchange->http, exchange->status, exchange->response);
}

static void begin(struct st_exchange *exchange, const char *method)
{
	struct st_peer_connection *peer = peer_of(exchange->http);

	if (peer)
		peer->has_headers = true;
	exchange->state = ST_EXCHANGE_READING;
	if (strlen(method) < sizeof(exchange->method))
		strcpy(exchange->method, method);
	if (!exchange->target)
		st_answer_no_memory(exchange);
	else
		st_act_on_headers(exchange);
}

/* NOLINTNEXTLINE(readability-function-size): the parameters are those of the library's callback */
static enum MHD_Result on_request(void *context, struct MHD_Connection *http, const char *url,
				  const char *method, const char *version, const char *data,
				  size_t *len, void **ret_exchange)
{
	struct st_exchange *exchange = *ret_exchange;

	(void)context;
	(void)url;
	(void)version;
	if (!exchange)
		return MHD_NO; /* there was no memory */
	if (exchange->state == ST_EXCHANGE_NEW) {
		begin(exchange, method);
		return exchange->state == ST_EXCHANGE_ANSWERED ? send_answer(exchange) : MHD_YES;
	}
	if (*len) {
		bool fits = exchange->body.len + *len <= ST_WEB_MAX_BODY;

		if (fits && exchange->state == ST_EXCHANGE_READING)
			st_buf_add(&exchange->body, data, *len);
		else if (exchange->state == ST_EXCHANGE_READING)
			st_answer_problem(exchange,
					  &(struct st_problem){
						  .status = 413,
						  .kind = ST_ERROR_INVALID_REQUEST,
						  .detail = "the body has more than 65536 bytes" });
		*len = 0;
		return MHD_YES;
	}
	if (exchange->state == ST_EXCHANGE_READING) {
		exchange->state = ST_EXCHANGE_ACTING;
		st_act_on_request(exchange);
	}
	if (exchange->state == ST_EXCHANGE_ANSWERED)
		return send_answer(exchange);
	exchange->state = ST_EXCHANGE_WAITING;
	MHD_suspend_connection(http);
	return MHD_YES;
}

static void on_completed(void *context, struct MHD_Connection *http, void **ret_exchange,
			 enum MHD_RequestTerminationCode why)
{
	struct st_exchange *exchange = *ret_exchange;
	struct st_peer_connection *peer = peer_of(http);
	struct st_web *web = context;

	(void)why;
	if (peer) {
		peer->has_headers = false;
		peer->begin_ns = st_web_clock_ns();
		if (peer->begin_ns + ST_WEB_HEADER_NS < web->next_look_ns)
			web->next_look_ns = peer->begin_ns + ST_WEB_HEADER_NS;
	}
	if (!exchange)
		return;
	st_log_request(exchange);
	if (exchange->status >= 100 && exchange->status < 600)
		web->counts.requests[exchange->status / 100]++;
	st_call_cancel(exchange);
	st_stream_forget(exchange);
	st_list_del(&exchange->link);
	st_list_del(&exchange->wait.link);
	if (exchange->response && !exchange->has_shared_response)
		MHD_destroy_response(exchange->response);
	st_uri_done(&exchange->uri);
	json_decref(exchange->params);
	st_buf_done(&exchange->body);
	free(exchange->target);
	explicit_bzero(exchange->secret, sizeof(exchange->secret));
	st_free(exchange);
	*ret_exchange = NULL;
}

static void on_ready(struct st_source *source, uint32_t events)
{
	struct st_web_listener *listener = container_of(source, struct st_web_listener, source);

	(void)events;
	(void)MHD_run(listener->http);
}

void st_serve_run(struct st_web *web)
{
	while (web->must_run) {
		web->must_run = false;
		for (unsigned int i = 0; i < web->nr_listeners; i++)
			(void)MHD_run(web->listeners[i].http);
	}
}

static int bind_socket(const struct st_web_listen *listen_at, int *ret_fd)
{
	int fd = socket(listen_at->address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			0),
	    one = 1, err;

	if (fd < 0)
		return -errno;
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (listen_at->address.ss_family == AF_INET6)
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one));
	if (bind(fd, (const struct sockaddr *)&listen_at->address, listen_at->len) ||
	    listen(fd, BACKLOG)) {
		err = -errno;
		close(fd);
		return err;
	}
	*ret_fd = fd;
	return 0;
}

/* The names of a listener: its address, and localhost, each with its port. */
static int allow_names(struct st_web *web, int fd)
{
	struct sockaddr_storage address;
	socklen_t len = sizeof(address);
	char name[ST_EXCHANGE_PEER_SIZE], local[ST_EXCHANGE_PEER_SIZE];

	if (getsockname(fd, (struct sockaddr *)&address, &len))
		return -errno;
	write_peer((const struct sockaddr *)&address, name, sizeof(name));
	(void)snprintf(local, sizeof(local), "localhost%s", strrchr(name, ':'));
	fprintf(stderr, "suptree-web: listens at http://%s\n", name);
	if (!*web->url)
		(void)snprintf(web->url, sizeof(web->url), "http://%s", name);
	return st_guard_add(&web->guard, name) || st_guard_add(&web->guard, local) ? -ENOSPC : 0;
}

int st_serve_open(struct st_web *web, struct st_buf *why)
{
	for (unsigned int i = 0; i < web->options->nr_listen; i++) {
		const struct st_web_listen *listen_at = &web->options->listen[i];
		char name[ST_EXCHANGE_PEER_SIZE];
		int fd = -1, ret = bind_socket(listen_at, &fd);

		/* a machine without IPv6 has no ::1 */
		if (ret == -EAFNOSUPPORT || ret == -EADDRNOTAVAIL) {
			if (i + 1 < web->options->nr_listen || web->nr_listeners)
				continue;
		}
		if (!ret) {
			web->listeners[web->nr_listeners++].source.fd = fd;
			ret = allow_names(web, fd);
		}
		if (!ret)
			continue;
		write_peer((const struct sockaddr *)&listen_at->address, name, sizeof(name));
		st_buf_add_text(why, "listen at ");
		st_buf_add_text(why, name);
		st_buf_add_text(why, ": ");
		st_buf_add_text(why, strerror(-ret));
		return ret;
	}
	return 0;
}

static struct MHD_Daemon *start(struct st_web *web, int fd)
{
	return MHD_start_daemon(
		MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_request, web,
		MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT,
		ST_WEB_MAX_CONNECTIONS / web->nr_listeners, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		(size_t)ST_WEB_MEMORY, MHD_OPTION_CONNECTION_TIMEOUT,
		(unsigned int)(BODY_NS / ST_NSEC_PER_SEC), MHD_OPTION_URI_LOG_CALLBACK, on_target,
		web, MHD_OPTION_NOTIFY_COMPLETED, on_completed, web, MHD_OPTION_NOTIFY_CONNECTION,
		on_connection, web, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
}

int st_serve_start(struct st_web *web, struct st_buf *why)
{
	for (unsigned int i = 0; i < web->nr_listeners; i++) {
		struct st_web_listener *listener = &web->listeners[i];
		const union MHD_DaemonInfo *info;
		int ret;

		listener->http = start(web, listener->source.fd);
		info = listener->http ?
			       MHD_get_daemon_info(listener->http, MHD_DAEMON_INFO_EPOLL_FD) :
			       NULL;
		if (!info) {
			st_buf_add_text(why, "start libmicrohttpd");
			return -ENOMEM;
		}
		listener->source.fd = info->epoll_fd;
		listener->source.on_ready = on_ready;
		ret = st_web_loop_add(&web->loop, &listener->source, EPOLLIN);
		if (ret) {
			st_buf_add_text(why, "watch libmicrohttpd");
			return ret;
		}
	}
	return 0;
}

/* MHD must not be stopped while connections are suspended. */
static void answer_all(struct st_web *web)
{
	struct st_list *pos;

	st_streams_end(web, NULL);
	st_list_for_each(pos, &web->exchanges) {
		struct st_exchange *exchange = st_list_entry(pos, struct st_exchange, link);

		st_call_cancel(exchange);
		st_list_del(&exchange->wait.link);
		st_list_init(&exchange->wait.link);
		if (exchange->state == ST_EXCHANGE_WAITING)
			st_answer_failure(exchange, ST_ERROR_SHUTTING_DOWN,
					  "suptree-web is stopping");
	}
	st_serve_run(web);
}

void st_serve_close(struct st_web *web)
{
	answer_all(web);
	for (unsigned int i = 0; i < web->nr_listeners; i++)
		if (web->listeners[i].http)
			MHD_stop_daemon(web->listeners[i].http);
}
