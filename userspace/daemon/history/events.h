/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What has happened, numbered and kept: the events of the control protocol.
 *
 * Every effect that tells something becomes an event with the next number. The
 * last ones are kept in one ring of fixed size, in a compact form; JSON is made
 * when somebody reads. effects.c adds, the handlers of subscribe and tree read.
 *
 * A subscriber has a place in the ring and is given what lies behind it, a
 * slice a turn, as far as it reads: nobody who follows makes a restart slower,
 * and who reads slowly loses nothing before the ring has lost it. Then it gets
 * {"method":"resync","params":{"seq":N,"dropped":K}}: the events up to N are
 * gone, K of them it has not seen; read the tree again.
 *
 * An event, as notification and in a history:
 *	{"seq", "time_ns", "wall", "event", "path"?, "generation"?, "pid"?,
 *	 "reason"?, "how"?, "killed"?, "ran_ns"?, "took_ns"?, "rule"?, "cause"?,
 *	 "context"?, "sup"?, "count"?, "delay_ms"?}
 * "how" a process ended is {"exit":N} or {"signal":NAME,"core":BOOL}; "killed": by
 * its supervisor's SIGKILL. "rule" is the one of core/RULES.md that an end met;
 * "cause" {"rule","generation"?} the one that made it happen, and for whose end.
 * "event" is the name of the effect in core/effect.h; all but SPAWN, SIGNAL and
 * REPLY. A report about a child has its path, and the supervisor's as "sup"; one
 * about several has "sup" and "count". "wall" is UTC, by RFC 3339.
 *
 * Nothing here decides or executes anything. Next: events_record.h, the ring.
 */
#ifndef ST_DAEMON_HISTORY_EVENTS_H
#define ST_DAEMON_HISTORY_EVENTS_H

#include <stdint.h>

#include "base/compiler.h"
#include "core/effect.h"
#include "daemon/control/client.h"
#include "proto/json.h"

#define ST_EVENTS_MAX 10000 /* events kept */
#define ST_EVENTS_MAX_BYTES (8u << 20) /* and bytes; the ring is that large */

struct st_events;
struct st_events_ring;

/**
 * st_events_new() - make an empty ring
 * @ret_events: owned by the caller (st_events_free)
 *
 * Return: 0 or -ENOMEM.
 */
int st_events_new(struct st_events **ret_events) __must_check;
void st_events_free(struct st_events *events); /* NULL is allowed */

/**
 * st_events_add() - keep an effect as the next event
 * @events: the ring
 * @effect: any; SPAWN, SIGNAL and REPLY are left out. Call it before the next step
 * @now_ns: monotonic time of its step
 *
 * Allocates nothing, and sends nothing: that is st_events_pump().
 */
void st_events_add(struct st_events *events, const struct st_effect *effect, uint64_t now_ns);

/**
 * st_events_find_end() - how a process ended that is no more
 * @events: the events, of which only the last ones are kept
 * @generation: of the process
 * @ret_path: the path of its child is appended
 * @ret_reason: why, as JSON, is appended
 *
 * Return: false if that is not known any more, or never was.
 */
bool st_events_find_end(const struct st_events *events, uint64_t generation,
			struct st_buf *ret_path, struct st_buf *ret_reason);

/* What is kept, for why.c, which looks for causes. */
const struct st_events_ring *st_events_ring(const struct st_events *events);

/**
 * st_events_seq() - the number of the last event
 * @events: the ring
 *
 * Return: counted from 1; 0: none yet.
 */
uint64_t st_events_seq(const struct st_events *events);

/**
 * st_events_subscribe() - let a client follow
 * @events: the ring
 * @client: st_client_set_stream() was called; one that follows already now
 *	follows this instead
 * @path: of a child, which need not exist: it and all below, "/" is everything.
 *	A report counts for the child and for its supervisor. Copied
 * @since: a number: those after it first. Below 0: only new ones
 *
 * Nothing is sent before the next st_events_pump(), so the reply may be given
 * afterwards: {"seq": st_events_seq()}.
 *
 * Return: 0 or -ENOMEM.
 */
int st_events_subscribe(struct st_events *events, struct st_client *client, const char *path,
			int64_t since) __must_check;

/**
 * st_events_unsubscribe() - forget a client
 * @events: the ring
 * @client: may be one that does not follow
 */
void st_events_unsubscribe(struct st_events *events, struct st_client *client);

/**
 * st_events_pump() - give subscribers what they lack, as far as they take it
 * @events: the ring
 *
 * Call it once in each turn of the loop, at its end. It costs next to nothing
 * when there is nothing to give. What does not fit into this turn's slice goes
 * on in the next, which comes at once: giving makes the client ask for one.
 */
void st_events_pump(struct st_events *events);

/**
 * st_events_write_history() - write the newest events of a subtree
 * @events: the ring
 * @path: as for st_events_subscribe()
 * @max: how many at most
 * @json: gets one array as a value, newest last
 *
 * The one ring serves all supervisors: of a quiet one it may have less than the
 * journal keeps.
 */
void st_events_write_history(const struct st_events *events, const char *path, uint32_t max,
			     struct st_json *json);

#endif
