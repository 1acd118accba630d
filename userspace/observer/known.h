/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the daemon knows: its children, and which process is which child.
 *
 * The whole tree is asked for when it is needed and an event says that it has changed, so
 * a restart costs the daemon nothing here. Between two looks a pid may have become another
 * process; the scan tells by the start time, and the next look corrects the class.
 */
#ifndef ST_OBSERVER_KNOWN_H
#define ST_OBSERVER_KNOWN_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/compiler.h"
#include "base/map.h"
#include "observer/scan.h"
#include "proto/conn.h"
#include "proto/ops.h"

#define ST_CLASS_LIST(X) \
	X(SUPERVISOR, "supervisor") \
	X(GEN_SERVER, "gen_server") \
	X(WORKER, "worker") \
	X(SERVICE, "service") \
	X(SYSTEM, "system")

#define ST_CLASS_MEMBER(member, text) ST_CLASS_##member,
enum st_class {
	ST_CLASS_LIST(ST_CLASS_MEMBER) ST_CLASS__MAX
};
#undef ST_CLASS_MEMBER

extern const char *const st_class_text[ST_CLASS__MAX];

/* A child; its texts belong to the rows. */
struct st_known_child {
	const char *path;
	enum st_class class;
	uint64_t generation;
};

struct st_known {
	struct st_conn *conn; /* owned */
	json_t *rows; /* of the operation ps; owned */
	struct st_known_child *children; /* one for each row with a process */
	size_t nr;
	struct st_map by_pid; /* of struct st_known_child */
	struct st_known_child daemon;
	pid_t daemon_pid;
	bool is_old; /* an event has come since the rows were read */
};

/**
 * st_known_open() - connect to the daemon that supervises this process, and read its tree
 * @known: all zero
 *
 * Return: 0; -errno: the daemon does not answer. st_known_close() is needed in any case.
 */
int st_known_open(struct st_known *known) __must_check;
void st_known_close(struct st_known *known);

/**
 * st_known_heed() - take the events that have come
 * @known: what is known
 *
 * Return: 0; -errno: the connection is lost.
 */
int st_known_heed(struct st_known *known) __must_check;

/* Read the tree again if it has changed. Return: as st_known_open(). */
int st_known_refresh(struct st_known *known) __must_check;

/* Call an operation of the daemon. Return: as st_conn_call(). */
int st_known_call(const struct st_known *known, const char *method,
		  json_t **ret_result) __must_check;

/* Return: the child of a pid, borrowed; for the daemon's own one with the path /; or NULL. */
const struct st_known_child *st_known_find(const struct st_known *known, pid_t pid);

/* Return: the class of a process. */
enum st_class st_known_class(const struct st_known *known, pid_t pid);

/* Return: the pid of a child; 0: no child has this path, or it has no process. */
pid_t st_known_pid(const struct st_known *known, const char *path);

/**
 * st_known_above() - find the nearest ancestor that is a child
 * @known: what is known
 * @scan: says who is whose parent
 * @pid: the process; not its own child
 *
 * Return: a child, borrowed; NULL: there is none.
 */
const struct st_known_child *st_known_above(const struct st_known *known,
					    const struct st_scan *scan, pid_t pid);

#endif
