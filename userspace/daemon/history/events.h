/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The events of the control protocol: what has happened, numbered and kept.
 *
 * Every effect that reports something becomes an event with the next number.
 * The last events are kept in a compact form, in one ring of fixed size. They
 * become JSON when a client reads them. effects.c adds events; the handlers of
 * subscribe and tree read them.
 *
 * A subscriber has a position in the ring. In each turn it gets a slice of the
 * events after that position, as fast as it reads. So a follower never slows
 * down a restart. A slow reader loses an event only when the ring has dropped
 * it. Then it gets {"method":"resync","params":{"seq":N,"dropped":K}}: the
 * events up to N are gone, and the client has not seen K of them. It should
 * read the tree again.
 *
 * An event, as a notification and in a history:
 *	{"seq", "time_ns", "wall", "event", "path"?, "generation"?, "pid"?,
 *	 "reason"?, "how"?, "killed"?, "ran_ns"?, "spawned_ns"?, "took_ns"?, "rule"?,
 *	 "cause"?, "restarts"?, "budget"?, "usage"?, "asked_by"?, "sender"?,
 *	 "context"?, "sup"?, "count"?, "delay_ms"?}
 * "event" is the name of the effect in core/effect.h; SPAWN, SIGNAL and REPLY
 * make no event. "how" describes how a process ended: {"exit":N} or
 * {"signal":NAME,"core":BOOL}. "killed": its supervisor sent SIGKILL. "rule" is
 * the rule of core/RULES.md that was applied to an end. "cause"
 * {"rule","generation"?} is the rule that caused the event, and the process
 * whose end caused it. A start has "spawned_ns", when its process existed, and "took_ns",
 * when it was READY, both from the begin of the start. A start and an end have the "restarts"
 * of the child, and the "budget" {"used","intensity","period"} of its supervisor before it
 * decides about an end. "usage" {"utime_ns","stime_ns","maxrss_kb"} is what the process and
 * its reaped descendants have used. "asked_by" is the client whose request caused the event,
 * "sender" the process that sent the deadly signal, if it is known (sender.h). A report about
 * one child has the child's path, and its supervisor as "sup". A report about several children
 * has "sup" and "count".
 * "wall" is UTC in the form of RFC 3339.
 *
 * Nothing here decides or executes anything. Read next: events_ring.h.
 */
#ifndef ST_DAEMON_HISTORY_EVENTS_H
#define ST_DAEMON_HISTORY_EVENTS_H

#include <stdint.h>

#include "base/compiler.h"
#include "core/effect.h"
#include "daemon/control/client.h"
#include "proto/json.h"

#define ST_EVENTS_MAX 10000 /* events kept */
#define ST_EVENTS_MAX_BYTES (8u << 20) /* bytes kept; the size of the ring */

/* The same of the ring that a journal has for itself: 7 s at 50,000 events a second. */
#define ST_JOURNAL_MAX 350000
#define ST_JOURNAL_MAX_BYTES (64u << 20)

#define ST_BATCH_MAX (64u << 10) /* bytes of a batch of more than one event */

struct st_events;
struct st_events_ring;

struct st_history;

/**
 * st_events_new() - make an empty ring
 * @history: who asked for what, and which processes sent signals; must outlive the ring; NULL:
 *	nothing is known
 * @ret_events: owned by the caller (st_events_free)
 *
 * Return: 0 or -ENOMEM.
 */
int st_events_new(const struct st_history *history, struct st_events **ret_events) __must_check;
void st_events_free(struct st_events *events); /* NULL is allowed */

/**
 * st_events_add() - keep an effect as the next event
 * @events: the ring
 * @effect: any effect; SPAWN, SIGNAL and REPLY are left out. Call this before
 *	the next step
 * @now_ns: monotonic time of the effect's step
 *
 * Allocates nothing and sends nothing; st_events_pump() sends.
 */
void st_events_add(struct st_events *events, const struct st_effect *effect, uint64_t now_ns);

/**
 * st_events_input() - keep an event of core, if somebody follows the inputs
 * @events: the ring
 * @event: the event
 * @now_ns: monotonic time of its step; call it before the effects of the step are added
 */
void st_events_input(struct st_events *events, const struct st_event *event, uint64_t now_ns);

/**
 * st_events_find_end() - how a process that no longer exists has ended
 * @events: the events, of which only the last ones are kept
 * @generation: of the process
 * @ret_path: the path of its child is appended
 * @ret_reason: the reason of its end is appended, as JSON
 *
 * Return: false if its end is not among the kept events.
 */
bool st_events_find_end(const struct st_events *events, uint64_t generation,
			struct st_buf *ret_path, struct st_buf *ret_reason);

/* The kept events, for why.c, which looks for causes. */
const struct st_events_ring *st_events_ring(const struct st_events *events);

/**
 * st_events_seq() - the number of the last event
 * @events: the ring
 *
 * Return: the number, counted from 1; 0 if there is no event yet.
 */
uint64_t st_events_seq(const struct st_events *events);

/**
 * struct st_subscription - what a client wants to get
 * @path: of a child, which need not exist; the client gets the events of this
 *	child and of all below it. "/" is everything. A report counts for the
 *	child and for its supervisor. Copied
 * @since: the client gets the kept events after this number first. Below 0:
 *	only new events
 * @is_batched: several events come as one notification "events": a list of at most
 *	ST_BATCH_MAX bytes, or one event
 * @has_inputs: it gets the inputs of core, too: first the state of the tree, when all events
 *	until now are sent, then each event of core (core/event.h) before the events that come of
 *	it. If inputs are lost, a new state follows
 * @is_journal: it gets the large ring, whose memory is taken now and given back when the
 *	client leaves; only one client at a time can have it
 */
struct st_subscription {
	const char *path;
	int64_t since;
	bool is_batched;
	bool is_journal;
	bool has_inputs;
};

/**
 * st_events_subscribe() - let a client follow events
 * @events: the ring
 * @client: st_client_set_stream() was called. If the client follows already,
 *	this subscription replaces the old one
 * @how: what it is to get
 *
 * Nothing is sent before the next st_events_pump(), so the caller may send the
 * reply afterwards: {"seq": st_events_seq()}.
 *
 * Return: 0; -EBUSY: another client has the large ring; -ENOMEM, -EMFILE, -ENFILE: there is
 * no room for it. After an error nothing has changed.
 */
int st_events_subscribe(struct st_events *events, struct st_client *client,
			const struct st_subscription *how) __must_check;

/* Return: the client that has the large ring, borrowed; NULL: none has it. */
const struct st_client *st_events_journal(const struct st_events *events);

/**
 * st_events_unsubscribe() - forget a client
 * @events: the ring
 * @client: it may be a client that does not follow events
 */
void st_events_unsubscribe(struct st_events *events, struct st_client *client);

/**
 * st_events_pump() - send subscribers the events they lack, as far as they read
 * @events: the ring
 *
 * Call it once in each turn of the loop, at its end. It costs almost nothing
 * when there is nothing to send. Events that do not fit into this turn's slice
 * are sent in the next turn. That turn comes at once, because sending makes the
 * client ask for one.
 */
void st_events_pump(struct st_events *events);

/**
 * st_events_write_history() - write the newest events of a subtree
 * @events: the ring
 * @path: as for st_events_subscribe()
 * @max: the largest number of events to write
 * @json: gets one array as a value, newest last
 *
 * All supervisors share one ring, so it may hold fewer events of a quiet
 * supervisor than the journal does.
 */
void st_events_write_history(const struct st_events *events, const char *path, uint32_t max,
			     struct st_json *json);

#endif
