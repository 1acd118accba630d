/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What control.c, client.c and client_output.c share; of all others, only a test includes it.
 *
 * control.c makes the host and the connections, client.c reads and serves,
 * client_output.c keeps and sends what the peer is to get.
 */
#ifndef ST_DAEMON_CONTROL_CLIENT_INTERNAL_H
#define ST_DAEMON_CONTROL_CLIENT_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"
#include "daemon/control/control.h"
#include "loop/poll.h"
#include "proto/frame.h"

#define ST_CLIENT_PORTION 65536 /* bytes read or sent by one system call */

/* The common part of all clients, embedded in struct st_control. */
struct st_client_host {
	struct st_ring *ring;
	struct st_control_config config; /* zeroes replaced */
	const struct st_control_handler *handler;
	void *owner;
	struct st_list clients;
	uint32_t nr_clients;
	char portion[ST_CLIENT_PORTION]; /* where they read to, one after the other */
	void (*on_freed)(struct st_client_host *host);
};

struct st_client {
	struct st_client_host *host;
	struct st_list link; /* in host->clients */
	struct st_poll poll;
	int fd;
	struct st_peer peer;
	void *data;

	struct st_frame in;
	struct st_rpc_id id; /* of the request that waits for its reply */
	bool is_waiting;
	bool is_known; /* on_request was called, so on_gone is due */
	bool has_ended_input;
	bool is_served; /* the input has ended, and all of it was served */
	bool has_hung_up; /* nobody reads what is sent */
	bool is_leaving; /* the poll is being cancelled */

	struct st_buf out;
	size_t sent; /* bytes of ->out */
	int pass_fd; /* goes with the byte of ->out at pass_at; or -1 */
	size_t pass_at;
	bool is_stream;
	bool keeps_connections; /* it was given some, found by name */
	uint64_t nr_dropped;
	uint64_t dropped_seq; /* the last one */
};

/**
 * st_client_new() - serve a connection
 * @host: outlives the client
 * @fd: connected and non-blocking; taken on success
 * @peer: who it is; copied
 *
 * Return: 0 or -ENOMEM.
 */
int st_client_new(struct st_client_host *host, int fd, const struct st_peer *peer) __must_check;

/**
 * st_client_close_all() - send what the peers take now, and let all clients go
 * @host: of the clients
 */
void st_client_close_all(struct st_client_host *host);

/**
 * st_client_flush() - send what the peer takes, within a turn's share
 * @client: the client; hung up afterwards if the peer takes nothing any more
 */
void st_client_flush(struct st_client *client);

/**
 * st_client_refuse() - answer a line that is no permitted request
 * @client: the client
 * @id: what to answer with; an empty one is not answered
 * @error: what is wrong
 */
void st_client_refuse(struct st_client *client, const struct st_rpc_id *id,
		      const struct st_rpc_error *error);

#endif
