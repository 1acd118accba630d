/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What control.c, client.c and client_output.c share. Apart from these, only a
 * test includes it.
 *
 * control.c makes the host and the connections. client.c reads and serves.
 * client_output.c keeps and sends what the peer is to get.
 */
#ifndef ST_DAEMON_CONTROL_CLIENT_INTERNAL_H
#define ST_DAEMON_CONTROL_CLIENT_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"
#include "daemon/control/control.h"
#include "daemon/control/places.h"
#include "loop/poll.h"
#include "proto/frame.h"

#define ST_CLIENT_PORTION 65536 /* bytes read or sent by one system call */

/* The part that all clients share, embedded in struct st_control. */
struct st_client_host {
	struct st_ring *ring;
	struct st_control_config config; /* zeroes replaced by the defaults */
	const struct st_control_handler *handler;
	void *owner;
	struct st_list clients;
	uint32_t nr_clients;
	struct st_places places; /* each client has one */
	size_t nr_long; /* bytes of long answers, for which clients have a promise */
	char portion[ST_CLIENT_PORTION]; /* all clients read into it, one after the other */
	void (*on_freed)(struct st_client_host *host);
};

/* client_slices.c */

/* Promise bytes for a long answer. Return: false: there are none; it has the error. */
bool st_client_promise(struct st_client *client, size_t nr) __must_check;
void st_client_forget_promise(struct st_client *client); /* all of its output is sent */
void st_client_write_slice(struct st_client *client); /* if there is room */
void st_client_free_slices(struct st_client *client);

/* client_output.c */
void st_client_send_soon(struct st_client *client);
size_t st_client_nr_unsent(const struct st_client *client);

/* Where notifications go: after the answer that is being written, if there is one. */
struct st_buf *st_client_notifications(struct st_client *client);

/* Close the descriptor that waits to be passed to the peer, and give it back. */
void st_client_close_passed(struct st_client *client);

struct st_client {
	struct st_client_host *host;
	struct st_list link; /* in host->clients */
	struct st_poll poll;
	int fd;
	struct st_peer peer; /* who it is; after a login with another role */
	uint64_t place; /* the generation under which it has its place */
	void *data;

	struct st_frame in;
	struct st_rpc_id id; /* of the request that waits for its reply */
	bool is_waiting;
	bool is_known; /* on_request was called, so on_gone must be called */
	bool has_ended_input;
	bool is_served; /* the input has ended, and all of it was served */
	bool has_hung_up; /* the peer does not read any more */
	bool is_leaving; /* the poll is being cancelled */

	struct st_buf out;
	size_t sent; /* bytes of ->out that were sent */
	struct st_slices *slices; /* the answer that is being written; or NULL */
	struct st_buf after; /* notifications that come after it */
	size_t nr_long; /* the client's part of host->nr_long */
	int pass_fd; /* sent with the byte of ->out at pass_at; -1: none */
	size_t pass_at;
	bool is_stream;
	bool keeps_connections; /* it was given connections that it found by name */
	uint64_t nr_dropped;
	uint64_t dropped_seq; /* number of the last notification dropped */
};

/**
 * st_client_new() - serve a connection
 * @host: outlives the client
 * @fd: connected and non-blocking; taken on success
 * @peer: the process at the other end; copied
 *
 * Return: 0 or -ENOMEM.
 */
int st_client_new(struct st_client_host *host, int fd, const struct st_peer *peer) __must_check;

/**
 * st_client_close_all() - send what the peers take now, and disconnect all clients
 * @host: of the clients
 */
void st_client_close_all(struct st_client_host *host);

/**
 * st_client_flush() - send what the peer takes, within the share of a turn
 * @client: the client; it has hung up afterwards if the peer takes nothing any
 *	more
 */
void st_client_flush(struct st_client *client);

/**
 * st_client_refuse() - answer a line that is not a permitted request
 * @client: the client
 * @id: the id of the answer; an empty one gets no answer
 * @error: what is wrong
 */
void st_client_refuse(struct st_client *client, const struct st_rpc_id *id,
		      const struct st_rpc_error *error);

#endif
