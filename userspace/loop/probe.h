/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which features of io_uring the running kernel has. Each one is tried on a small
 * ring. Version numbers would not do: distributions backport features, and
 * administrators forbid them. main() probes once; `--features` prints the table.
 */
#ifndef ST_LOOP_PROBE_H
#define ST_LOOP_PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"

/* X(name, text, first kernel, whether the daemon cannot run without, use) */
#define ST_FEATURES(X) \
	X(RING, "io_uring", "5.1", true, "the event loop") \
	X(NO_DROP, "no_drop", "5.5", true, "completions are kept when the queue is full") \
	X(WAIT_TIMEOUT, "wait_timeout", "5.11", true, "the one deadline") \
	X(POLL, "poll", "5.1", true, "the end of a process, on its pidfd") \
	X(POLL_MULTISHOT, "poll_multishot", "5.13", false, "signals, connections, readiness") \
	X(WRITE, "write", "5.6", true, "log files of children") \
	X(CANCEL, "cancel", "5.5", true, "ending an operation") \
	X(FUTEX_WAIT, "futex_wait", "6.7", false, "the end of an exec without a pipe") \
	X(SUBMIT_ALL, "submit_all", "5.18", false, "one bad request does not stop the batch") \
	X(COOP_TASKRUN, "coop_taskrun", "5.19", false, "no interrupt for a completion") \
	X(SINGLE_ISSUER, "single_issuer", "6.0", false, "one thread, fewer locks") \
	X(DEFER_TASKRUN, "defer_taskrun", "6.1", false, "completions are run when waited for")

enum st_feature {
#define ST_FEATURE_ENUM(name, text, version, needed, use) ST_FEATURE_##name,
	ST_FEATURES(ST_FEATURE_ENUM)
#undef ST_FEATURE_ENUM
	ST_FEATURE__MAX
};

/**
 * struct st_feature_info - what is known of a feature without asking the kernel
 * @name: for machines
 * @version: the first Linux that has it
 * @use: what for, in words
 * @is_needed: whether st_ring_init() fails without
 */
struct st_feature_info {
	const char *name;
	const char *version;
	const char *use;
	bool is_needed;
};

/**
 * struct st_probe - what the kernel has
 * @has: by enum st_feature
 * @setup_flags: the best flags that io_uring_setup(2) accepts here
 */
struct st_probe {
	bool has[ST_FEATURE__MAX];
	uint32_t setup_flags;
};

/**
 * st_probe_run() - try every feature
 * @ret_probe: the answers
 *
 * Return: 0; -ENOSYS: no io_uring in this kernel; -EPERM: forbidden here
 * (sysctl kernel.io_uring_disabled, or seccomp); -EMFILE, -ENOMEM or another
 * -errno: something could not be tried, and is not taken for missing.
 */
int st_probe_run(struct st_probe *ret_probe) __must_check;

/**
 * st_probe_missing() - the first needed feature that is not there
 * @probe: the answers
 *
 * Return: a feature, or ST_FEATURE__MAX if the daemon can run.
 */
enum st_feature st_probe_missing(const struct st_probe *probe);

/**
 * st_feature_info() - describe a feature
 * @feature: the feature
 *
 * Return: static data.
 */
const struct st_feature_info *st_feature_info(enum st_feature feature);

#endif
