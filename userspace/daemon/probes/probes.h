/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Finds out whether children are well: a prober for each process whose specification has
 * `probe`. [X11]
 *
 *	spawned or started --> waits --> in line --> probes --outcome--> waits ... --> ended
 *
 * effects.c calls this when a process is spawned, is started and has ended. The outcome is
 * an event: READY when a probe has succeeded for the first time, with ready: probe;
 * UNHEALTHY when enough have failed in a row. Core decides what follows. Read next:
 * socket_probe.h, daemon/process/command.h.
 */
#ifndef ST_DAEMON_PROBES_PROBES_H
#define ST_DAEMON_PROBES_PROBES_H

#include "base/list.h"
#include "base/map.h"

struct st_child;
struct st_descriptors;
struct st_processes;
struct st_ring;
struct st_shell;
struct st_tree;

#define ST_PROBES_ACTIVE 64 /* probes that are made at the same time */
#define ST_PROBES_FIRST_NS (20 * ST_NSEC_PER_MSEC) /* the first pause with ready: probe */

struct st_probes {
	struct st_ring *ring;
	struct st_shell *shell; /* gets the events */
	const struct st_tree *tree;
	struct st_processes *processes; /* for commands */
	struct st_descriptors *descriptors; /* each probe borrows one */
	struct st_map by_generation;
	struct st_list line; /* probers whose probe is due, and that wait for a place */
	unsigned int nr_active;
};

/**
 * st_probes_init() - get ready
 * @probes: filled in
 * @ring: waits for deadlines and sockets; must outlive the probes
 * @shell: gets the events
 * @tree: knows the children
 * @processes: starts commands
 * @descriptors: lends one for each probe, from the part of clients; NULL: there is no limit
 */
void st_probes_init(struct st_probes *probes, struct st_ring *ring, struct st_shell *shell,
		    const struct st_tree *tree, struct st_processes *processes,
		    struct st_descriptors *descriptors);
void st_probes_done(struct st_probes *probes); /* nothing of it is armed on the ring */

/**
 * st_probes_spawned() - the process of a worker is being started
 * @probes: the probes
 * @child: with ready: probe it is probed from now on; else nothing happens
 */
void st_probes_spawned(struct st_probes *probes, const struct st_child *child);

/**
 * st_probes_started() - a child counts as started
 * @probes: the probes
 * @child: probes that fail count from now on; without a probe nothing happens
 */
void st_probes_started(struct st_probes *probes, const struct st_child *child);

/* The process of a generation has ended, or does not matter any more. */
void st_probes_ended(struct st_probes *probes, uint64_t generation);

#endif
