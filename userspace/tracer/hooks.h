/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hooks: which BPF program sees what, and whether this kernel takes it. That is
 * found out by looking at the kernel's BTF and then by loading it, never by version.
 */
#ifndef ST_TRACER_HOOKS_H
#define ST_TRACER_HOOKS_H

#include <linux/types.h>
#include <stdbool.h>

#include "base/compiler.h"

#include "record.h"

#define ST_HOOKS_MAX 64 /* a bit each */

enum st_tier {
	ST_TIER_TRACEPOINT,
	ST_TIER_FUNCTION,
	ST_TIER__MAX
};

struct st_hook {
	const char *program; /* its name in bpf/ */
	enum st_record_kind kind;
	__u32 sights; /* bits of enum st_sight: what it sees of its kind */
	enum st_tier tier;
	const char *target;
	bool inherits; /* needed for all kinds: it keeps which processes are watched */
	unsigned int nr_parameters; /* that the program reads */
	bool exact; /* the kernel may lack it */
};

/* What a hook can see. A kind is complete if each of its sights has a hook. */
enum st_sight {
	ST_SIGHT_FORK = 1,
	ST_SIGHT_EXEC = 2,
	ST_SIGHT_EXIT = 4,

	ST_SIGHT_SENT = 1,
	ST_SIGHT_DELIVERED = 2,

	ST_SIGHT_STREAM_SENT = 1,
	ST_SIGHT_STREAM_RECEIVED = 2,
	ST_SIGHT_DGRAM_SENT = 4,
	ST_SIGHT_DGRAM_RECEIVED = 8,
	ST_SIGHT_DGRAM_TO = 16, /* which socket is the receiver */

	ST_SIGHT_PIPE_SENT = 1,
	ST_SIGHT_PIPE_RECEIVED = 2,
	ST_SIGHT_PIPE_URING = 4, /* either, by io_uring */

	ST_SIGHT_OUT = 1, /* of the other kinds */
	ST_SIGHT_IN = 2,
};

extern const struct st_hook st_hooks[];
extern const unsigned int st_nr_hooks; /* at most ST_HOOKS_MAX */

struct btf;

/**
 * st_hook_shape() - check that the kernel has what a hook needs
 * @hook: one of st_hooks
 * @kernel: the kernel's types
 *
 * Return: NULL: yes; otherwise a text that says why not.
 */
const char *st_hook_shape(const struct st_hook *hook, const struct btf *kernel);

#endif
