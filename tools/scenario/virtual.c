// SPDX-License-Identifier: GPL-2.0-only
/*
 * Virtual processes; see virtual.h. They do what st-worker does in real time.
 */
#include "virtual.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "workers/behaviour.h"

struct st_virtual_process {
	struct st_list list;
	uint64_t generation;
	json_t *json; /* its BEHAVIOUR */
	struct st_behaviour behaviour;
	bool is_ready;
	bool is_asleep; /* takes notice of SIGKILL only */
};

void st_virtual_init(struct st_virtual *world)
{
	memset(world, 0, sizeof(*world));
	st_agenda_init(&world->agenda);
	st_list_init(&world->processes);
	world->attempts = st_need(json_object());
}

void st_virtual_done(struct st_virtual *world)
{
	struct st_list *pos, *tmp;

	st_list_for_each_safe(pos, tmp, &world->processes) {
		struct st_virtual_process *process =
			st_list_entry(pos, struct st_virtual_process, list);

		json_decref(process->json);
		free(process);
	}
	st_agenda_done(&world->agenda);
	st_map_done(&world->alive);
	json_decref(world->attempts);
}

static struct st_virtual_process *find(const struct st_virtual *world, uint64_t generation)
{
	return st_map_get(&world->alive, generation);
}

bool st_virtual_is_alive(const struct st_virtual *world, uint64_t generation)
{
	return find(world, generation) != NULL;
}

static struct st_reason reason_of(const struct st_worker_end *end)
{
	return end->by_signal ? st_reason_from_signal(end->number) :
				st_reason_from_exit(end->number);
}

static void plan_end(struct st_virtual *world, const struct st_virtual_process *process,
		     const struct st_worker_end *end, uint64_t at_ns)
{
	const struct st_agenda_item item = {
		.at_ns = at_ns,
		.generation = process->generation,
		.what = ST_HAPPENING_END,
		.reason = reason_of(end),
	};

	st_agenda_add(&world->agenda, &item);
}

unsigned int st_virtual_attempt(struct st_virtual *world, const struct st_child *child)
{
	struct st_buf path = ST_BUF_INIT;
	json_int_t inc;

	st_child_write_path(child, &path);
	inc = json_integer_value(json_object_get(world->attempts, st_buf_text(&path))) + 1;
	st_put(world->attempts, st_buf_text(&path), json_integer(inc));
	st_buf_done(&path);
	return (unsigned int)inc;
}

/* A worker's behaviour is its last argument. */
static const char *last_argument(const struct st_child *child)
{
	const struct st_process_spec *spec = &child->spec->def.process;

	if (child->instance && child->instance->nr_args)
		return child->instance->args[child->instance->nr_args - 1];
	return spec->argv[spec->nr_args - 1];
}

static struct st_virtual_process *add_process(struct st_virtual *world, uint64_t generation)
{
	struct st_virtual_process *process = st_need(calloc(1, sizeof(*process)));

	process->generation = generation;
	st_list_add_tail(&process->list, &world->processes);
	if (st_map_reserve(&world->alive, world->nr_alive + 1))
		st_die("out of memory");
	st_map_put(&world->alive, generation, process);
	world->nr_alive++;
	return process;
}

void st_virtual_spawn(struct st_virtual *world, const struct st_child *child, uint64_t now_ns)
{
	struct st_virtual_process *process = add_process(world, child->generation);
	const char *text = last_argument(child);
	struct st_agenda_item item = {
		.generation = child->generation,
		.what = ST_HAPPENING_OUTCOME,
	};

	process->json = json_loads(text, 0, NULL);
	if (!process->json || !st_behaviour_read(process->json, st_virtual_attempt(world, child),
						 &process->behaviour))
		st_die("no behaviour: %s", text);
	item.at_ns = now_ns + process->behaviour.start_delay_ms * ST_NSEC_PER_MSEC;
	st_agenda_add(&world->agenda, &item);
}

void st_virtual_signal(struct st_virtual *world, uint64_t generation, int signo, uint64_t now_ns)
{
	static const struct st_worker_end killed = { true, SIGKILL };
	struct st_virtual_process *process = find(world, generation);
	const struct st_behaviour *behaviour = process ? &process->behaviour : NULL;

	if (!process)
		return;
	if (signo == SIGKILL) {
		plan_end(world, process, &killed, now_ns);
	} else if (!process->is_asleep && !behaviour->ignores_stop) {
		process->is_asleep = true;
		plan_end(world, process, &behaviour->stop_end,
			 now_ns + behaviour->stop_delay_ms * ST_NSEC_PER_MSEC);
	}
}

void st_virtual_end(struct st_virtual *world, uint64_t generation, const json_t *reason,
		    uint64_t now_ns)
{
	struct st_virtual_process *process = find(world, generation);
	struct st_worker_end end;

	if (!st_behaviour_end(reason, &end))
		st_die("no reason to end with");
	if (process && (!process->is_asleep || (end.by_signal && end.number == SIGKILL)))
		plan_end(world, process, &end, now_ns);
}

/* It sends READY, or an error and ends. */
static void come_out(struct st_virtual *world, struct st_virtual_process *process, uint64_t now_ns,
		     struct st_event *event)
{
	static const struct st_worker_end quietly = { false, 0 };
	const struct st_behaviour *behaviour = &process->behaviour;

	process->is_ready = behaviour->start == ST_WORKER_READY;
	if (!process->is_ready)
		plan_end(world, process, &quietly, now_ns);
	else if (behaviour->ends)
		plan_end(world, process, &behaviour->end,
			 now_ns + behaviour->ends_after_ms * ST_NSEC_PER_MSEC);
	event->text = behaviour->error;
	event->type = process->is_ready			   ? ST_EV_READY :
		      behaviour->start == ST_WORKER_IGNORE ? ST_EV_IGNORE :
							     ST_EV_ERROR;
}

bool st_virtual_next(struct st_virtual *world, uint64_t now_ns, struct st_event *ret_event)
{
	struct st_agenda_item item = st_agenda_take(&world->agenda);
	struct st_virtual_process *process = find(world, item.generation);

	if (!process)
		return false;
	*ret_event = (struct st_event){ .type = ST_EV_EXITED, .generation = item.generation };
	if (item.what == ST_HAPPENING_OUTCOME && process->behaviour.start != ST_WORKER_EXIT) {
		come_out(world, process, now_ns, ret_event);
		return true;
	}
	ret_event->reason = item.what == ST_HAPPENING_END ?
				    item.reason :
				    reason_of(&process->behaviour.start_end);
	st_map_remove(&world->alive, item.generation);
	world->nr_alive--;
	return true;
}
