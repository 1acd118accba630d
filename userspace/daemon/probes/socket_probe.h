/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One try of a server: a connection, and for HTTP the first line of an answer.
 *
 *	start --> connected --> request sent --> status read --> on_done
 *
 * The owner limits the time: st_socket_probe_cancel(). What the server sends is read only
 * as far as the status, and never kept.
 */
#ifndef ST_DAEMON_PROBES_SOCKET_PROBE_H
#define ST_DAEMON_PROBES_SOCKET_PROBE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "core/spec.h"
#include "loop/poll.h"

#define ST_STATUS_LEN 13 /* "HTTP/1.1 200 ", where the last may be an end of line */

/* All zero: idle. */
struct st_socket_probe {
	struct st_ring *ring;
	struct st_poll poll;
	int fd;
	bool is_refused; /* connect(2) has failed at once */
	struct st_buf request; /* for HTTP */
	size_t nr_sent;
	char status[ST_STATUS_LEN];
	size_t nr_read;
	void (*on_done)(struct st_socket_probe *socket, bool is_well);
};

/**
 * st_socket_probe_start() - begin a try
 * @socket: idle; must stay where it is until @on_done
 * @ring: the ring
 * @spec: of the type TCP or HTTP
 * @on_done: called once, from a turn of the ring, when @socket is idle again
 *
 * Return: 0: @on_done will be called; -errno: it could not be tried (-EMFILE, -ENOMEM).
 */
int st_socket_probe_start(struct st_socket_probe *socket, struct st_ring *ring,
			  const struct st_probe_spec *spec,
			  void (*on_done)(struct st_socket_probe *socket,
					  bool is_well)) __must_check;

/* End a try early; @on_done comes later, as after a failure. */
void st_socket_probe_cancel(struct st_socket_probe *socket);

#endif
