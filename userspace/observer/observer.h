/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The observer as a supervised service: `suptree-observer --service`.
 *
 *	suptreed --ps, events--> known.c                which process is which child
 *	         --CALL processes {...}--> operations.c --> processes.c, inspect.c, machine.c
 *	/proc --> scan.c (all processes), reading.c (one process), parse.c
 *
 * It is a gen_server of libsuptree like the tracer, and the daemon passes requests of
 * clients on to it. It looks at all processes every interval, and again for each request,
 * so an answer is about now. It changes nothing: confine.c has the kernel see to that.
 */
#ifndef ST_OBSERVER_OBSERVER_H
#define ST_OBSERVER_OBSERVER_H

#include "libsuptree/suptree.h"
#include "observer/known.h"
#include "observer/scan.h"
#include "proto/json.h"

#define ST_OBSERVER_ROOM 60000 /* bytes of an answer, which is one message */
#define ST_OBSERVER_INTERVAL_MS 2000

/* Processor time of the machine, in ticks, in the order of /proc/stat. */
#define ST_TICK_LIST(X) \
	X(USER, "user") \
	X(NICE, "nice") \
	X(SYSTEM, "system") \
	X(IDLE, "idle") \
	X(IOWAIT, "iowait") \
	X(IRQ, "irq") \
	X(SOFTIRQ, "softirq") \
	X(STEAL, "steal")

#define ST_TICK_MEMBER(member, text) ST_TICK_##member,
enum st_tick {
	ST_TICK_LIST(ST_TICK_MEMBER) ST_TICK__MAX
};
#undef ST_TICK_MEMBER

/* What one look at the system has found. */
struct st_look {
	struct st_scan scan;
	uint64_t ticks[ST_TICK__MAX];
};

struct st_observer {
	struct st_known known;
	int proc; /* a descriptor of /proc; owned */
	/*
	 * now: the latest look; it is replaced for each request. looks[latest]: the latest
	 * one of the timer, and the other one is the one before: an interval begins at one
	 * of these.
	 */
	struct st_look now;
	struct st_look looks[2];
	unsigned int latest;
	uint64_t nr_scans;
	uint32_t interval_ms; /* as it was asked for */
	uint32_t actual_ms; /* longer, if a look costs much */
};

/**
 * st_observer_main() - run the service until it ends
 * @argc: of main()
 * @argv: of main(); $1 is --service
 * @interval_ms: from one look to the next
 *
 * Return: the exit status.
 */
int st_observer_main(int argc, char **argv, uint32_t interval_ms);

/**
 * st_observer_look() - look at the system now
 * @observer: gets it in ->now
 *
 * Return: 0; -errno: the daemon is lost, there is no memory, or /proc cannot be read.
 */
int st_observer_look(struct st_observer *observer) __must_check;

/* The look at which the interval that ends now began, borrowed; NULL: there is none. */
const struct st_look *st_observer_before(const struct st_observer *observer);

/* look.c */

/* Replace a look by one at this moment. Return: 0; -errno. */
int st_look_take(struct st_look *look, int proc) __must_check;
void st_look_done(struct st_look *look);

/* operations.c */

/**
 * st_observer_answer() - do what a client wants
 * @observer: the observer
 * @request: "processes {...}": the name of an operation and its parameters
 * @out: the answer is appended: JSON, or "KIND TEXT"; or it has failed
 *
 * Return: 0: the answer is a whole result; -errno: it is an error.
 */
int st_observer_answer(struct st_observer *observer, const char *request,
		       struct st_buf *out) __must_check;

/* Append an error, "KIND TEXT". Return: @err. */
int st_observer_refuse(struct st_buf *out, int err, const char *format, ...) __printf(3, 4);

/*
 * processes.c, inspect.c, machine.c: an operation each. The parameters were checked by the
 * daemon. Return: as st_observer_answer().
 */
int st_observer_processes(struct st_observer *observer, const json_t *params,
			  struct st_buf *out) __must_check;
int st_observer_inspect(struct st_observer *observer, const json_t *params,
			struct st_buf *out) __must_check;
int st_observer_machine(struct st_observer *observer, const json_t *params,
			struct st_buf *out) __must_check;

/* Ticks of the kernel, and pages, in the units of answers. */
uint64_t st_ticks_to_ms(uint64_t ticks);
uint64_t st_pages_to_kb(uint64_t pages);

#endif
