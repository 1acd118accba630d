/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the gateway is made of. main.c puts it together; each part gets its own
 * struct, and only the parts that act for a request get this one.
 */
#ifndef ST_WEB_WEB_H
#define ST_WEB_WEB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"
#include "web/copy.h"
#include "web/guard.h"
#include "web/loop.h"
#include "web/options.h"
#include "web/sessions.h"

#define ST_WEB_MAX_CONNECTIONS 256
#define ST_WEB_MAX_PASSES 48 /* the daemon gives 64 connections to a user */
#define ST_WEB_MAX_STREAMS 200
#define ST_WEB_MAX_BODY 65536
#define ST_WEB_HEADER_NS (10 * ST_NSEC_PER_SEC) /* for a whole request line and headers */
#define ST_WEB_URL_SIZE 80
#define ST_WEB_MEMORY 16384 /* of a connection: at most half of it are headers */

struct MHD_Daemon;

struct st_web_counts {
	uint64_t requests[6]; /* by the first digit of the status */
	uint64_t passes;
	uint64_t copied; /* requests answered from the copy */
	uint64_t connections;
};

struct st_web_listener {
	struct st_source source; /* MHD's own epoll */
	struct MHD_Daemon *http;
};

struct st_web {
	const struct st_web_options *options;
	struct st_web_loop loop;
	struct st_web_listener listeners[ST_WEB_MAX_LISTEN];
	unsigned int nr_listeners;
	char url[ST_WEB_URL_SIZE]; /* of the first listener */
	struct st_guard guard;
	struct st_sessions sessions;
	struct st_rate strangers; /* requests without a valid secret */
	struct st_copy copy;
	struct st_list peers; /* struct st_peer_connection: TCP connections */
	uint64_t next_look_ns; /* when the next of them may be late */
	struct st_list streams; /* struct st_stream */
	struct st_list exchanges; /* struct st_exchange: requests that have no answer yet */
	unsigned int nr_passes;
	unsigned int nr_streams;
	bool must_run; /* a connection was resumed */
	struct st_web_counts counts;
};

#endif
