/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Following the daemon: what comes over the connection goes into the store.
 *
 *	daemon --status, events, inputs, resync--> follow --rows--> store
 *	                   <--status, subscribe, settle--
 *
 * Numbers that do not come are a gap, and this file knows why: the journal did not run,
 * or it was too slow and the daemon's buffer was full, or the file was lost. The lines
 * since the last commit are kept. If the store fails (a full disk), they wait, nothing
 * more is read, and they are stored first when there is room: meanwhile the daemon keeps
 * the newest events in its buffer.
 *
 * service.c calls it; it never waits, and it reads no clock but for the begin of a boot.
 */
#ifndef ST_JOURNAL_FOLLOW_H
#define ST_JOURNAL_FOLLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "journal/link.h"
#include "journal/store.h"

#define ST_PAST_FOLLOW_ROWS 1000 /* of a transaction */
#define ST_PAST_FOLLOW_TREE 100000 /* events, then the whole tree is stored again */

struct st_past_follow {
	struct st_store *store;
	struct st_past_link link;
	const char *gap_why; /* of numbers that are missed from now on; static */
	bool is_subscribed;
	bool is_stuck; /* the store has failed: the lines wait */
	int64_t incarnation; /* of the daemon */
	uint64_t tree_seq; /* at which the tree was stored last */
	const char *boot_id; /* of the kernel; borrowed; NULL: not known */
	struct st_buf status; /* the line with the daemon's first answer */
	struct st_buf why; /* the daemon refuses */
	struct st_buf lines; /* since the last commit, each with its newline */
	struct st_buf tree; /* the lines of the state that is coming */
	uint64_t tree_at; /* number of the event before it */
	uint64_t nr_missing; /* numbers that did not come, since the start */
	uint64_t synced_seq; /* the daemon had given out this number when it was asked last */
	int64_t asked_id, answered_id; /* of questions for that number */
};

/**
 * st_past_follow_start() - connect, and ask what there is
 * @follow: the follower; store is set
 * @socket: of the daemon
 * @gap_why: why earlier numbers may be missing; static
 *
 * Return: 0 or -errno of st_past_link_open() or st_past_link_ask().
 */
int st_past_follow_start(struct st_past_follow *follow, const char *socket,
			 const char *gap_why) __must_check;
void st_past_follow_done(struct st_past_follow *follow);

/**
 * st_past_follow_read() - store what has come
 * @follow: the follower
 * @max_lines: of the daemon; each may have 64 KiB of events
 * @ret_has_more: there may be more lines already
 *
 * Return: 0; -EPIPE: the daemon is gone; -EREMOTEIO: it refuses, as st_past_follow_why() says;
 * -EPROTO: it sends something else; -ENOMEM; or -errno of database.h: is_stuck is set.
 */
int st_past_follow_read(struct st_past_follow *follow, unsigned int max_lines,
			bool *ret_has_more) __must_check;

/* Return: what the daemon has refused, in words; borrowed; "": nothing. */
const char *st_past_follow_why(const struct st_past_follow *follow);

/** st_past_follow_commit() - commit what was stored. Return: 0 or -errno of database.h. */
int st_past_follow_commit(struct st_past_follow *follow) __must_check;

/**
 * st_past_follow_retry() - store again the lines that wait
 * @follow: is_stuck is set; the store was loaded again, or is another one
 *
 * Return: 0: they are committed; or -errno of database.h: they still wait.
 */
int st_past_follow_retry(struct st_past_follow *follow) __must_check;

/**
 * st_past_follow_again() - store from the daemon's oldest event on: the store is a new one
 * @follow: the follower; lines that wait are given up
 *
 * Return: 0 or -errno of st_past_link_ask(). Call st_past_follow_retry() next.
 */
int st_past_follow_again(struct st_past_follow *follow) __must_check;

/**
 * st_past_follow_sync() - ask the daemon for its newest number
 * @follow: the follower
 * @ret_id: of the question; it is answered when answered_id has reached it
 *
 * The daemon knows every end that could be known before, when it answers.
 *
 * Return: 0 or -errno of st_past_link_ask().
 */
int st_past_follow_sync(struct st_past_follow *follow, int64_t *ret_id) __must_check;

/**
 * st_past_follow_line() - store one line of the daemon
 * @follow: the follower
 * @line: the line; it need not be whole JSON
 * @len: its length
 *
 * st_past_follow_read() uses it; so does the fuzzer.
 *
 * Return: as st_past_follow_read().
 */
int st_past_follow_line(struct st_past_follow *follow, const char *line, size_t len) __must_check;

#endif
