/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The behaviour of a test worker: a BEHAVIOUR of tests/otp/FORMAT.md, as JSON.
 *
 * A list in it is indexed by the number of the start attempt ("inc"); its last element
 * holds for all later attempts. st-worker.c (a real process) and tools/scenario (a
 * virtual one) use it. This file only parses.
 */
#ifndef ST_WORKERS_BEHAVIOUR_H
#define ST_WORKERS_BEHAVIOUR_H

#include <jansson.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>

#define ST_WORKER_SHUTDOWN_BASE 160 /* exit status 160+T is {shutdown,T} */

/* A way to end: an exit status, or a signal that one dies of. */
struct st_worker_end {
	bool by_signal;
	int number;
};

enum st_worker_start {
	ST_WORKER_READY,
	ST_WORKER_IGNORE,
	ST_WORKER_ERROR,
	ST_WORKER_EXIT, /* it ends before READY */
};

struct st_behaviour {
	enum st_worker_start start;
	unsigned int start_delay_ms;
	const char *error; /* ERROR; borrowed from the JSON */
	struct st_worker_end start_end; /* EXIT */

	bool ends; /* by itself, once READY */
	unsigned int ends_after_ms;
	struct st_worker_end end;

	bool ignores_stop; /* SIGTERM does nothing */
	unsigned int stop_delay_ms;
	struct st_worker_end stop_end;
};

static inline int st_behaviour_signal(const char *name)
{
	for (int signo = 1; signo < NSIG; signo++) {
		const char *known = sigabbrev_np(signo);

		if (known && name && !strcmp(known, name))
			return signo;
	}
	return 0;
}

/**
 * st_behaviour_end() - read a REASON
 * @reason: "normal", "shutdown", "killed", {"shutdown":T}, {"code":N} or
 *          {"signal":NAME}
 * @ret_end: how a process ends so
 *
 * Return: false if it is none of these.
 */
static inline bool st_behaviour_end(const json_t *reason, struct st_worker_end *ret_end)
{
	const char *word = json_string_value(reason);
	const json_t *term = json_object_get(reason, "shutdown");
	const json_t *code = json_object_get(reason, "code");
	const char *name = json_string_value(json_object_get(reason, "signal"));

	if (word && !strcmp(word, "normal"))
		*ret_end = (struct st_worker_end){ false, 0 };
	else if (word && !strcmp(word, "shutdown"))
		*ret_end = (struct st_worker_end){ true, SIGTERM };
	else if (word && !strcmp(word, "killed"))
		*ret_end = (struct st_worker_end){ true, SIGKILL };
	else if (term)
		*ret_end = (struct st_worker_end){ false, ST_WORKER_SHUTDOWN_BASE +
								  (int)json_integer_value(term) };
	else if (code)
		*ret_end = (struct st_worker_end){ false, (int)json_integer_value(code) };
	else if (st_behaviour_signal(name))
		*ret_end = (struct st_worker_end){ true, st_behaviour_signal(name) };
	else
		return false;
	return true;
}

/* Element @inc, from 1, of a list; NULL if there is no list. */
static inline const json_t *st_behaviour_nth(const json_t *behaviour, const char *key,
					     unsigned int inc)
{
	const json_t *list = json_object_get(behaviour, key);
	size_t nr = json_array_size(list);

	return nr ? json_array_get(list, inc <= nr ? inc - 1 : nr - 1) : NULL;
}

static inline unsigned int st_behaviour_ms(const json_t *value)
{
	json_int_t ms = json_integer_value(value); /* 0 if there is none */

	return ms > 0 ? (unsigned int)ms : 0;
}

static inline bool st_behaviour_read_start(const json_t *start, struct st_behaviour *behaviour)
{
	const char *word = start ? json_string_value(start) : "ok";

	behaviour->error = json_string_value(json_object_get(start, "error"));
	if (word && !strcmp(word, "ok"))
		behaviour->start = ST_WORKER_READY;
	else if (word && !strcmp(word, "ignore"))
		behaviour->start = ST_WORKER_IGNORE;
	else if (behaviour->error)
		behaviour->start = ST_WORKER_ERROR;
	else
		behaviour->start = ST_WORKER_EXIT;
	return behaviour->start != ST_WORKER_EXIT ||
	       st_behaviour_end(json_object_get(start, "exit"), &behaviour->start_end);
}

/**
 * st_behaviour_read() - read what to do in one start attempt
 * @json: the BEHAVIOUR; what @ret_behaviour points to stays in it
 * @inc: the ordinal of the attempt
 * @ret_behaviour: written, at least in part, also on failure
 *
 * Return: false if it can not be understood.
 */
static inline bool st_behaviour_read(const json_t *json, unsigned int inc,
				     struct st_behaviour *ret_behaviour)
{
	const json_t *after = st_behaviour_nth(json, "after_start", inc);
	const json_t *on_stop = json_object_get(json, "on_stop");
	const json_t *end = json_object_get(after, "exit");
	const json_t *stop_end = json_object_get(on_stop, "exit");
	struct st_behaviour behaviour = { .stop_end = { true, SIGTERM } };
	bool ok = st_behaviour_read_start(st_behaviour_nth(json, "start", inc), &behaviour);

	behaviour.start_delay_ms = st_behaviour_ms(st_behaviour_nth(json, "start_delay_ms", inc));
	behaviour.ends = end != NULL;
	behaviour.ends_after_ms = st_behaviour_ms(json_object_get(after, "after_ms"));
	behaviour.ignores_stop = json_is_true(json_object_get(on_stop, "ignore"));
	behaviour.stop_delay_ms = st_behaviour_ms(json_object_get(on_stop, "delay_ms"));
	if (end)
		ok = st_behaviour_end(end, &behaviour.end) && ok;
	if (stop_end)
		ok = st_behaviour_end(stop_end, &behaviour.stop_end) && ok;
	*ret_behaviour = behaviour;
	return ok;
}

#endif
