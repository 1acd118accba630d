/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The scenarios: all that os/ and loop/ offer, each verb called at least once.
 */
#ifndef ST_TESTS_FAULTS_SCENARIOS_H
#define ST_TESTS_FAULTS_SCENARIOS_H

#include "each.h"

/* spawn.c: with an open gate, with a closed one, and with a pipe */
extern const struct scenario open_spawn, gated_spawn, piped_spawn, abandoned_spawn;

/* subtrees.c */
extern const struct scenario descendants_list, descendants_children, descendants_kill;
extern const struct scenario marks;
extern const struct scenario cgroup_of_own, cgroup_life, orphans;

/* verbs.c */
extern const struct scenario credentials_by_name, credentials_by_number;
extern const struct scenario privileges, capabilities, paths, folders, pidrefs, aside, pipes,
	signals, nofile, low_fds;
extern const struct scenario ready_socket, stale_ready_socket, ready_message, channel;

/* files.c */
extern const struct scenario growing_file, datagrams, nowait, oom_score, holdings;

/* netlink.c */
extern const struct scenario netlink_batch, netlink_news;

/* ring.c */
extern const struct scenario probe, modern_ring, old_ring, many_operations;

#endif
