/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The daemon: the struct that holds all its parts.
 *
 *   signals.c  control.c  process.c          what happens outside
 *        \         |         /
 *         v        v        v    events
 *               shell.c  --------> core       the only caller of st_step()
 *                  |      <------- effects
 *               effects.c                     the only executor
 *              /    |    \
 *     process.c  reply.c  events.c, until.c   start, answer, report
 *
 * dispatch.c passes each request to its handler in operations/. There it
 * becomes an event, and it is answered when the effect of that event comes back
 * (reply.c). There is one thread, and it waits only in the ring.
 */
#ifndef ST_DAEMON_DAEMON_H
#define ST_DAEMON_DAEMON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"
#include "core/step.h"
#include "daemon/control/control.h"
#include "daemon/descriptors.h"
#include "daemon/history/history.h"
#include "daemon/history/transcript.h"
#include "daemon/history/until.h"
#include "daemon/identity.h"
#include "daemon/logins.h"
#include "daemon/mirror/mirror.h"
#include "daemon/names/monitors.h"
#include "daemon/names/names.h"
#include "daemon/names/offers.h"
#include "daemon/options.h"
#include "daemon/output/output.h"
#include "daemon/own_service.h"
#include "daemon/probes/probes.h"
#include "daemon/process/process.h"
#include "daemon/requests/directory.h"
#include "daemon/requests/pending.h"
#include "daemon/requests/relay.h"
#include "daemon/shell.h"
#include "daemon/variables.h"
#include "loop/deadline.h"
#include "loop/poll.h"
#include "loop/ring.h"

struct st_daemon {
	struct st_options options;
	struct st_descriptors descriptors;
	struct st_own_service own_service;
	uint64_t started_ns;
	struct st_probe probe;
	struct st_ring *ring;
	struct st_tree *tree;
	struct st_shell shell;
	struct st_processes processes;
	struct st_probes probes;
	struct st_identities identities;
	struct st_variables variables;
	struct st_control *control;
	struct st_history history;
	struct st_outputs *outputs;
	struct st_untils *untils;
	struct st_names names; /* registered names */
	struct st_names groups;
	struct st_directory directory; /* finds processes in the tree, names and processes */
	struct st_offers offers;
	struct st_logins logins;
	struct st_relays relays;
	struct st_monitors monitors;
	struct st_transcript *transcript; /* NULL without --transcript */
	struct st_mirror mirror;

	int signal_fd;
	struct st_poll signal_poll;
	struct st_poll log_poll; /* lines wait for room on standard error */
	struct st_deadline sweep; /* a SIGCHLD came: look for orphans */

	struct st_requests requests;
	struct st_list aheads; /* requests that wait for what is looked up beside us (ahead.h) */
	uint32_t nr_aheads;
	bool is_again; /* one of them is being carried out */
	struct st_script *reload; /* the one under way, or NULL */
	struct st_list stop_waiters; /* struct st_pending: wait for the daemon's end */
	unsigned int nr_stops; /* times that the daemon was asked to stop */
	bool has_halted; /* the root supervisor has ended */
	bool is_closing; /* and all clients that asked something have their answer */
	int exit_status;
};

/**
 * st_daemon_stop() - ask the daemon to stop: all trees in order, then itself
 * @daemon: the daemon
 *
 * A second call kills all trees.
 */
void st_daemon_stop(struct st_daemon *daemon);

/**
 * st_daemon_halted() - note that the root of the tree has ended
 * @daemon: the daemon; it closes when core has nothing more to report, and runs
 *	on until its last operation on the ring is done
 * @reason: why the root has ended; if nobody asked for the stop, the daemon has
 *	failed
 */
void st_daemon_halted(struct st_daemon *daemon, const struct st_reason *reason);

#endif
