/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One tracing session: the attached BPF programs, as far as this kernel supports them,
 * and the ring with their records.
 *
 * The descriptors of this process hold everything that a session has in the kernel. So
 * nothing stays attached when the process ends, however it ends. A session prints nothing
 * and does not interpret what it reads. Read bpf/record.h first.
 */
#ifndef ST_TRACER_SESSION_H
#define ST_TRACER_SESSION_H

#include <linux/types.h>
#include <stdbool.h>
#include <sys/types.h>

#include "base/compiler.h"
#include "tracer/hooks.h"

#include "record.h"

struct bpf_object_skeleton;
struct st_session;

/* A hook as this kernel has it. */
struct st_hook_state {
	const char *name; /* the BPF program */
	const char *kind;
	const char *tier; /* "tracepoint" or "function" */
	const char *target; /* in the kernel */
	const char *reason; /* why it does not work; NULL: it does */
	bool chosen; /* it works, and no better one does */
};

/* How much is traced; 0 means no limit, except for kinds and payload_max. */
struct st_session_limits {
	__u32 kinds; /* 1 << enum st_record_kind */
	__u32 payload_max; /* bytes of each message, up to ST_RECORD_PAYLOAD_MAX */
	__u32 ring_bytes; /* a power of two, at least a page; 0: 4 MiB */
	__u64 rate; /* records a second */
	__u64 count; /* records in all */
	__u64 duration_ns;
	bool all; /* every process, not only those of st_session_watch() */
	__u32 required; /* kinds that must have a hook at least */
	__u32 tiers; /* 1 << enum st_tier; 0: all */
	/* Told of each hook without which some of its kind is not seen; or NULL. */
	void (*missing)(void *context, const struct st_hook_state *state);
	void *context; /* handed on */
};

/* The counters of records. */
struct st_session_counts {
	struct st_record_counter kinds[ST_RECORD_KIND__MAX];
	__u64 missed; /* an event inside of the same hook, on the same CPU */
	__u64 unwatched_children; /* forked, but not followed: no memory */
};

/**
 * st_session_new() - load and attach what the kernel supports; nothing is traced yet
 * @limits: see there; not used after this returns
 * @ret_session: the session, to be freed by st_session_free()
 *
 * Return: 0; -errno: -EPERM without the right to, -ENOENT: no hook at all works, or
 * none of a kind that is required.
 */
int __must_check st_session_new(const struct st_session_limits *limits,
				struct st_session **ret_session);

/**
 * st_session_free() - detach everything
 * @session: or NULL
 */
void st_session_free(struct st_session *session);

/**
 * st_session_watch() - trace a process, or never trace it
 * @session: the session
 * @pid: any pid; the word ends with the process
 * @word: bits of enum st_watch
 *
 * Return: 0; -errno: -ESRCH: there is no such process.
 */
int __must_check st_session_watch(struct st_session *session, pid_t pid, __u32 word);

/**
 * st_session_start() - from now on, and for limits.duration_ns
 * @session: a new session
 */
void st_session_start(struct st_session *session);

/**
 * st_session_stop() - no more records; those in the ring can still be read
 * @session: the session
 */
void st_session_stop(struct st_session *session);

/**
 * st_session_fd() - readable (poll) when a good part of the ring is full
 * @session: the session, which keeps the descriptor
 *
 * Records can be read at any time, also before that.
 *
 * Return: the descriptor.
 */
int st_session_fd(const struct st_session *session);

/**
 * st_session_read() - read the records in the ring
 * @session: the session
 * @take: called for each record; the payload, record->captured bytes, follows it; both
 *	are valid until it returns
 * @context: passed to @take
 *
 * Return: the number of records; -errno.
 */
int __must_check st_session_read(struct st_session *session,
				 void (*take)(void *context, const struct st_record *record),
				 void *context);

/**
 * st_session_counts() - read the counters
 * @session: the session
 * @ret_counts: filled in
 *
 * Return: 0; -errno.
 */
int __must_check st_session_counts(const struct st_session *session,
				   struct st_session_counts *ret_counts);

/**
 * st_session_skeleton() - get the maps, programs and links, to show or pin them
 * @session: the session, which keeps them
 *
 * Return: the skeleton of bpf/suptree.bpf.c.
 */
const struct bpf_object_skeleton *st_session_skeleton(const struct st_session *session);

/**
 * st_session_examine() - try each hook by itself
 * @see: called for each, in order
 * @context: handed on
 *
 * Return: how many work; -errno if none could even be tried.
 */
int __must_check st_session_examine(void (*see)(void *context, const struct st_hook_state *state),
				    void *context);

#endif
