/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The gateway's one copy of the tree, and the newest events.
 *
 * One connection to the daemon, as a viewer, carries both: `subscribe` for
 * events, and `tree` when somebody wants to see the tree and an event has come
 * since, a write of any client of the gateway has ended, or a second has gone
 * by. All who ask meanwhile get the same answer, so the daemon has one client,
 * however many browsers there are. So a client sees each write that was
 * answered to it. What others have changed is seen when its event has come,
 * and what changes without an event (uptimes, status texts) after a second.
 *
 * A version of a child is the number of the newest event about it or below it;
 * with the incarnation of the daemon it is an ETag. A tree is handed out when
 * the events before it have come, so its versions are never older than it is.
 * If the daemon goes, the copy is empty until it is back.
 */
#ifndef ST_WEB_COPY_H
#define ST_WEB_COPY_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"
#include "web/loop.h"
#include "web/pass.h"

#define ST_COPY_EVENTS 4096 /* that are kept for streams that connect again */
#define ST_COPY_TAG_SIZE 48 /* "\"INCARNATION-SEQ\"" */

struct st_copy_event {
	uint64_t seq;
	char *path; /* owned */
	char *text; /* its params as JSON, owned */
};

/**
 * struct st_copy_handler - what the owner of the copy does
 * @on_event: an event has come, or several were lost
 * @on_change: the tree is not what it was, so no answer made of it is valid any more
 */
struct st_copy_handler {
	void (*on_event)(void *owner);
	void (*on_change)(void *owner);
};

/**
 * struct st_copy_wait - somebody who wants to see the tree; embed it
 * @link: in a list of the copy
 * @on_tree: called once; the tree is in the copy, or NULL if the daemon is gone
 */
struct st_copy_wait {
	struct st_list link;
	void (*on_tree)(struct st_copy_wait *wait);
};

struct st_copy {
	struct st_web_loop *loop;
	const char *socket;
	const char *secret; /* to log in with; NULL: the gateway's user is a viewer */
	const struct st_copy_handler *handler;
	void *owner;
	struct st_pass *pass; /* NULL: the daemon is gone */
	bool is_ready; /* subscribed */
	uint64_t retry_ns; /* when to connect again */
	uint64_t incarnation;
	uint64_t seq; /* of the newest event */
	uint64_t floor; /* version of a child without an event */
	json_t *versions; /* path -> number */
	struct st_copy_event ring[ST_COPY_EVENTS]; /* event seq is at seq % ST_COPY_EVENTS */
	uint64_t oldest; /* number of the oldest event that is kept; above seq: none is */
	json_t *root; /* the tree; NULL: none */
	json_t *by_path; /* path -> node of the tree */
	uint64_t tree_seq, tree_seq_end;
	uint64_t tree_ns; /* when it was asked for */
	bool is_current; /* no event and no write since */
	bool is_expired; /* a write has ended since it was asked for */
	bool is_late; /* it is there, but not all events that it was made after */
	struct st_list served; /* by the request under way */
	struct st_list waiting; /* for the next one */
};

/**
 * st_copy_init() - make an empty copy
 * @copy: the copy; loop, socket, secret, handler and owner are set
 *
 * Return: 0 or -ENOMEM.
 */
int st_copy_init(struct st_copy *copy) __must_check;
void st_copy_done(struct st_copy *copy);

/**
 * st_copy_look() - connect if it is time for it
 * @copy: the copy
 * @now_ns: the time
 *
 * Return: when to call it again; ST_NO_DEADLINE: there is no need.
 */
uint64_t st_copy_look(struct st_copy *copy, uint64_t now_ns);

/**
 * st_copy_wait() - see the tree as it is now
 * @copy: the copy
 * @wait: called when the tree is there, maybe at once; st_list_del() forgets it
 */
void st_copy_wait(struct st_copy *copy, struct st_copy_wait *wait);

/** st_copy_expire() - a write has ended: what is asked for from now on shows it */
void st_copy_expire(struct st_copy *copy);

/** st_copy_find() - find a node of the tree. Return: borrowed; NULL: there is none. */
json_t *st_copy_find(const struct st_copy *copy, const char *path);

/**
 * st_copy_find_pid() - find the child that has a process
 * @copy: the copy
 * @pid: of the process
 *
 * Return: its path, borrowed; NULL: there is none.
 */
const char *st_copy_find_pid(const struct st_copy *copy, int64_t pid);

/**
 * st_copy_tag() - make the ETag of a child and all below it
 * @copy: the copy
 * @path: of the child
 * @ret_tag: the tag, in quotes
 */
void st_copy_tag(const struct st_copy *copy, const char *path, char ret_tag[ST_COPY_TAG_SIZE]);

/** st_copy_event() - get an event. Return: borrowed; NULL: it is not kept. */
const struct st_copy_event *st_copy_event(const struct st_copy *copy, uint64_t seq);

#endif
