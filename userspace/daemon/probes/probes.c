// SPDX-License-Identifier: GPL-2.0-only
/*
 * When probes are made, and what comes of them; see probes.h.
 */
#include "daemon/probes/probes.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>

#include "base/alloc.h"
#include "core/step.h"
#include "core/types.h"
#include "daemon/descriptors.h"
#include "daemon/log.h"
#include "daemon/probes/socket_probe.h"
#include "daemon/process/command.h"
#include "daemon/shell.h"
#include "loop/deadline.h"
#include "loop/ring.h"

struct prober {
	struct st_list link; /* in probes->line */
	struct st_probes *probes;
	uint64_t generation;
	struct st_child_spec *spec; /* counted */
	struct st_deadline deadline; /* of the next probe, or the timeout of this one */
	struct st_command command;
	struct st_socket_probe socket;
	uint32_t nr_failures; /* in a row */
	uint32_t nr_tries; /* before it was READY */
	bool is_active; /* a probe is being made */
	bool is_started; /* its failures count */
	bool has_said_ready;
	bool is_over; /* it has been found unhealthy: nothing more to find out */
	bool has_ended; /* freed when its probe is over */
};

static const struct st_probe_spec *spec_of(const struct prober *prober)
{
	return prober->spec->def.process.probe;
}

static void free_prober(struct prober *prober)
{
	st_list_del(&prober->link);
	st_deadline_done(&prober->deadline);
	st_child_spec_put(prober->spec);
	st_free(prober);
}

/* With ready: probe the first pauses are short, and double until interval. */
static uint64_t pause_ns(struct prober *prober)
{
	uint64_t interval_ns = spec_of(prober)->interval_ms * ST_NSEC_PER_MSEC;
	uint64_t ns = ST_PROBES_FIRST_NS;

	if (prober->is_started || prober->spec->def.process.ready != ST_READY_PROBE)
		return interval_ns;
	for (uint32_t i = 0; i < prober->nr_tries && ns < interval_ns; i++)
		ns *= 2;
	prober->nr_tries++;
	return ns < interval_ns ? ns : interval_ns;
}

static void wait_for_next(struct prober *prober)
{
	st_deadline_set(&prober->deadline, st_clock_ns() + pause_ns(prober));
}

static void post(struct prober *prober, enum st_event_type type)
{
	const struct st_event event = { .type = type, .generation = prober->generation };

	st_shell_post(prober->probes->shell, &event);
}

/* The last thing done with a prober: an event may end it. */
static void conclude(struct prober *prober, bool is_well)
{
	const struct st_probe_spec *spec = spec_of(prober);

	if (is_well) {
		prober->nr_failures = 0;
		wait_for_next(prober);
		if (prober->has_said_ready || prober->spec->def.process.ready != ST_READY_PROBE)
			return;
		prober->has_said_ready = true;
		post(prober, ST_EV_READY);
		return;
	}
	if (!prober->is_started || !spec->failures || ++prober->nr_failures < spec->failures) {
		wait_for_next(prober);
		return;
	}
	prober->is_over = true;
	post(prober, ST_EV_UNHEALTHY);
}

static void begin_waiting(struct st_probes *probes);

/* A probe was made, or ended early. */
static void finish(struct prober *prober, bool is_well)
{
	struct st_probes *probes = prober->probes;

	prober->is_active = false;
	probes->nr_active--;
	st_descriptors_give_back(probes->descriptors);
	st_deadline_clear(&prober->deadline);
	if (prober->has_ended)
		free_prober(prober);
	else
		conclude(prober, is_well);
	begin_waiting(probes);
}

static void on_command(struct st_command *command, int status)
{
	finish(container_of(command, struct prober, command),
	       WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void on_socket(struct st_socket_probe *socket, bool is_well)
{
	finish(container_of(socket, struct prober, socket), is_well);
}

static int start(struct prober *prober)
{
	const struct st_probe_spec *spec = spec_of(prober);
	const struct st_child *child;

	if (spec->type != ST_PROBE_COMMAND)
		return st_socket_probe_start(&prober->socket, prober->probes->ring, spec,
					     on_socket);
	child = st_tree_find_generation(prober->probes->tree, prober->generation);
	if (!child)
		return -ESRCH; /* its end is on its way */
	return st_command_start(&prober->command, prober->probes->processes, child, spec->argv,
				spec->nr_args, on_command);
}

static void begin(struct prober *prober)
{
	int err = -EMFILE;

	/* a socket, or the pidfd of a command: as one of a client, so no restart lacks it */
	if (st_descriptors_lend(prober->probes->descriptors, false)) {
		err = start(prober);
		if (err)
			st_descriptors_give_back(prober->probes->descriptors);
	}

	if (err) {
		/* the daemon lacks what it needs for it, which says nothing about the child */
		wait_for_next(prober);
		return;
	}
	prober->is_active = true;
	prober->probes->nr_active++;
	st_deadline_set(&prober->deadline,
			st_clock_ns() + spec_of(prober)->timeout_ms * ST_NSEC_PER_MSEC);
}

static void begin_waiting(struct st_probes *probes)
{
	while (probes->nr_active < ST_PROBES_ACTIVE && !st_list_is_empty(&probes->line)) {
		struct prober *prober = st_list_entry(probes->line.next, struct prober, link);

		st_list_del(&prober->link);
		begin(prober);
	}
}

static void cancel(struct prober *prober)
{
	st_command_kill(&prober->command);
	st_socket_probe_cancel(&prober->socket);
}

static void on_due(struct st_deadline *deadline)
{
	struct prober *prober = container_of(deadline, struct prober, deadline);

	if (prober->is_active) {
		cancel(prober); /* it took too long: finish() is called soon */
		return;
	}
	st_list_add_tail(&prober->link, &prober->probes->line);
	begin_waiting(prober->probes);
}

static struct prober *new_prober(struct st_probes *probes, const struct st_child *child)
{
	struct prober *prober = st_alloc(sizeof(*prober));
	int err = prober ? st_map_reserve(&probes->by_generation, probes->by_generation.nr + 1) :
			   -ENOMEM;

	if (!err)
		err = st_deadline_init(&prober->deadline, probes->ring, on_due);
	if (err) {
		st_log("probe %s: out of memory; it is not probed", st_child_name(child));
		st_free(prober);
		return NULL;
	}
	prober->probes = probes;
	prober->generation = child->generation;
	prober->spec = st_child_spec_get(child->spec);
	st_list_init(&prober->link);
	st_map_put(&probes->by_generation, prober->generation, prober);
	return prober;
}

void st_probes_init(struct st_probes *probes, struct st_ring *ring, struct st_shell *shell,
		    const struct st_tree *tree, struct st_processes *processes,
		    struct st_descriptors *descriptors)
{
	*probes = (struct st_probes){
		.ring = ring,
		.shell = shell,
		.tree = tree,
		.processes = processes,
		.descriptors = descriptors,
	};
	st_list_init(&probes->line);
}

void st_probes_done(struct st_probes *probes)
{
	st_map_done(&probes->by_generation);
}

void st_probes_spawned(struct st_probes *probes, const struct st_child *child)
{
	struct prober *prober;

	if (child->spec->def.process.ready != ST_READY_PROBE || !child->spec->def.process.probe)
		return;
	prober = new_prober(probes, child);
	if (prober)
		wait_for_next(prober);
}

void st_probes_started(struct st_probes *probes, const struct st_child *child)
{
	struct prober *prober;

	if (child->sup || !child->spec->def.process.probe)
		return;
	prober = st_map_get(&probes->by_generation, child->generation);
	if (!prober)
		prober = new_prober(probes, child);
	if (!prober)
		return;
	prober->is_started = true;
	if (!prober->is_active)
		wait_for_next(prober);
}

void st_probes_ended(struct st_probes *probes, uint64_t generation)
{
	struct prober *prober = st_map_get(&probes->by_generation, generation);

	if (!prober)
		return;
	st_map_remove(&probes->by_generation, generation);
	prober->has_ended = true;
	if (prober->is_active)
		cancel(prober);
	else
		free_prober(prober);
}
