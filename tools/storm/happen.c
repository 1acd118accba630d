// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random events of processes and of time.
 *
 * A process does whatever the kernel allows: it may be slow, ignore SIGTERM, die of any
 * cause at any time, or its last message may arrive after SIGKILL was sent. It never
 * lives on after its death was reported.
 */
#include <signal.h>

#include "base/compiler.h"
#include "storm.h"

static struct st_reason random_end(struct st_random *random)
{
	static const uint8_t signals[] = { SIGTERM, SIGKILL, SIGKILL, SIGSEGV, SIGABRT, SIGHUP };
	static const uint8_t statuses[] = { 0, 0, 0, 1, 3, 143, 160, 175, 255 };

	if (st_random_percent(random, 50))
		return st_reason_from_signal(
			signals[st_random_below(random, ST_ARRAY_SIZE(signals))]);
	return st_reason_from_exit(statuses[st_random_below(random, ST_ARRAY_SIZE(statuses))]);
}

static void end(struct st_storm *storm, const struct st_process *process, struct st_reason reason)
{
	const struct st_event event = {
		.type = ST_EV_EXITED,
		.generation = process->generation,
		.reason = reason,
	};

	st_storm_step(storm, &event);
}

static void say(struct st_storm *storm, struct st_process *process, enum st_event_type type)
{
	const struct st_event event = {
		.type = type,
		.generation = process->generation,
		.text = "bind: Address already in use",
	};

	process->said = true;
	process->ready = type == ST_EV_READY;
	st_storm_step(storm, &event);
}

static void start_up(struct st_storm *storm, struct st_process *process)
{
	const struct st_event spawned = {
		.type = ST_EV_SPAWNED,
		.generation = process->generation,
		.pid = (int32_t)(1 + process->generation % 4194304),
	};
	uint32_t dice = st_random_below(&storm->random, 100);

	if (dice < 10 && !process->exists) {
		process->exists = true;
		st_storm_step(storm, &spawned);
	} else if (dice < 13 && !process->exists) {
		say(storm, process, ST_EV_SPAWN_FAILED);
	} else if (dice < 17) {
		say(storm, process, ST_EV_IGNORE);
	} else if (dice < 21) {
		say(storm, process, ST_EV_ERROR);
	} else if (dice < 27) {
		end(storm, process, random_end(&storm->random));
	} else {
		say(storm, process, ST_EV_READY);
	}
}

/* @hurry: do not wait for a reason to do something. Returns false if nothing was done. */
bool st_happen_process(struct st_storm *storm, struct st_process *process, bool hurry)
{
	struct st_random *random = &storm->random;

	if (process->killed) {
		if (!process->said && st_random_percent(random, 10))
			say(storm, process, ST_EV_READY); /* it was on its way */
		else if (st_random_percent(random, 95))
			end(storm, process, (struct st_reason){ .type = ST_REASON_KILLED });
		else
			end(storm, process, random_end(random)); /* it was faster */
		return true;
	}
	if (!process->said) {
		start_up(storm, process);
		return true;
	}
	if (process->termed || !process->ready) {
		if (!hurry && st_random_percent(random, 40))
			return false; /* it takes its time */
		end(storm, process,
		    st_random_percent(random, 70) ? st_reason_from_signal(SIGTERM) :
						    random_end(random));
		return true;
	}
	if (!hurry && st_random_percent(random, 80))
		return false;
	end(storm, process, random_end(random));
	return true;
}

/* Its probe has failed too often, if it has one. [X11] */
static void be_unhealthy(struct st_storm *storm, struct st_process *process)
{
	const struct st_event event = {
		.type = ST_EV_UNHEALTHY,
		.generation = process->generation,
	};

	st_storm_step(storm, &event);
}

static struct st_process *any_process(struct st_storm *storm)
{
	if (!storm->nr_processes)
		return NULL;
	return storm->processes[st_random_below(&storm->random, storm->nr_processes)];
}

static void let_processes_act(struct st_storm *storm)
{
	for (uint32_t i = 0; i < 6; i++) {
		struct st_process *process = any_process(storm);

		if (process && st_random_percent(&storm->random, 5)) {
			be_unhealthy(storm, process);
			return;
		}
		if (process && st_happen_process(storm, process, false))
			return;
	}
}

/* Several deaths with nothing between them. [M7] */
static void die_together(struct st_storm *storm)
{
	uint32_t nr = 2 + st_random_below(&storm->random, 4);

	for (struct st_process *process; nr && (process = any_process(storm)); nr--)
		end(storm, process, random_end(&storm->random));
}

/* News about a process that was dead before, or never was. [M4] */
static void say_something_stale(struct st_storm *storm)
{
	static const uint8_t types[] = { ST_EV_SPAWNED, ST_EV_READY,	    ST_EV_IGNORE,
					 ST_EV_ERROR,	ST_EV_SPAWN_FAILED, ST_EV_EXITED };
	const struct st_event event = {
		.type = types[st_random_below(&storm->random, ST_ARRAY_SIZE(types))],
		.generation =
			st_random_below(&storm->random, (uint32_t)storm->last_generation + 20),
		.reason = random_end(&storm->random),
		.text = "late",
	};

	if (!st_map_get(&storm->by_generation, event.generation))
		st_storm_step(storm, &event);
}

static void let_time_pass(struct st_storm *storm)
{
	const struct st_event tick = { .type = ST_EV_TICK };
	uint64_t deadline_ns = st_next_deadline(storm->tree);
	uint32_t dice = st_random_below(&storm->random, 10);

	if (dice < 6 && deadline_ns != ST_NO_DEADLINE && deadline_ns > storm->now_ns)
		storm->now_ns = deadline_ns;
	else if (dice < 9)
		storm->now_ns += st_random_below(&storm->random, 500) * ST_NSEC_PER_MSEC;
	else
		storm->now_ns += st_random_below(&storm->random, 5000) * ST_NSEC_PER_MSEC;
	st_storm_step(storm, &tick);
}

static void happen_to_the_root(struct st_storm *storm)
{
	static const uint8_t types[] = { ST_EV_BOOT, ST_EV_BOOT, ST_EV_STOP, ST_EV_KILL };
	const struct st_event event = {
		.type = types[st_random_below(&storm->random, ST_ARRAY_SIZE(types))],
	};

	st_storm_step(storm, &event);
}

void st_happen(struct st_storm *storm)
{
	uint32_t dice = st_random_below(&storm->random, 1000);

	storm->now_ns += st_random_below(&storm->random, 1000000);
	if (dice < 760)
		let_processes_act(storm);
	else if (dice < 780)
		die_together(storm);
	else if (dice < 810)
		say_something_stale(storm);
	else if (dice < 860)
		let_time_pass(storm);
	else if (dice < 999)
		st_ask(storm);
	else
		happen_to_the_root(storm);
}
