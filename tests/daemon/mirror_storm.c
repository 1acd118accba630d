// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module always has the tree as it is. The test makes thousands of random
 * steps, with changes of specifications among them. After each step it compares
 * the module's tree with core's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/mirror/mirror.h"
#include "kselftest_harness.h"
#include "lib/fake_module.h"
#include "lib/small_tree.h"
#include "loop/ring.h"

#define MAX_PROCESSES 256
#define NR_STEPS 4000

static const char *const sups[] = { "/", "p", "q", "q/r", "d" };
static const char *const ids[] = { "n", "a", "b", "t", "c", "r", "x", "y" };

struct storm {
	struct st_ring *ring;
	struct st_tree *tree;
	struct st_mirror mirror;
	uint64_t now_ns;
	uint64_t processes[MAX_PROCESSES]; /* generations */
	uint32_t nr_processes;
	unsigned int nr_added, nr_removed, nr_changed, nr_restarted; /* effects */
	unsigned int nr_names;
	bool has_halted;
	bool is_wrong;
};

static unsigned int dice(unsigned int sides)
{
	return (unsigned int)rand() % sides;
}

static struct st_sup_spec *random_pool(void)
{
	struct st_child_spec *children[] = { small_worker("template", ST_RESTART_TRANSIENT) };

	return small_sup_spec(ST_STRATEGY_SIMPLE_ONE_FOR_ONE, 2, children, 1);
}

static struct st_sup_spec *random_sup(unsigned int depth);

/* Of a few ids, each may be a worker, a supervisor, or not there. */
static struct st_child_spec *random_child(const char *id, unsigned int depth)
{
	enum st_restart restart = (enum st_restart)dice(3);

	if (!depth || dice(3))
		return small_worker(id, restart);
	return small_supervisor(id, restart,
				dice(3) ? ST_SHUTDOWN_INFINITY : ST_SHUTDOWN_BRUTAL_KILL,
				dice(4) ? random_sup(depth - 1) : random_pool());
}

static struct st_sup_spec *random_sup(unsigned int depth)
{
	struct st_child_spec *children[ST_ARRAY_SIZE(ids)];
	uint32_t nr = 0;

	for (size_t i = 0; i < ST_ARRAY_SIZE(ids); i++)
		if (dice(2))
			children[nr++] = random_child(ids[i], depth);
	return small_sup_spec((enum st_strategy)dice(3), 2, children, nr);
}

static struct st_tree *make_tree(void)
{
	struct st_child_spec *of_root[] = {
		small_supervisor("p", ST_RESTART_PERMANENT, ST_SHUTDOWN_INFINITY, random_sup(1)),
		small_supervisor("q", ST_RESTART_PERMANENT, ST_SHUTDOWN_INFINITY, random_sup(2)),
		small_supervisor("d", ST_RESTART_PERMANENT, ST_SHUTDOWN_INFINITY, random_pool()),
	};
	struct st_sup_spec *root = small_sup_spec(ST_STRATEGY_ONE_FOR_ONE, 1000000, of_root, 3);
	struct st_tree *tree;

	if (st_tree_new(root, 1, &tree))
		abort();
	st_sup_spec_put(root);
	return tree;
}

static void note(struct storm *storm, const struct st_effect *effect)
{
	storm->nr_added += effect->type == ST_FX_ADDED;
	storm->nr_removed += effect->type == ST_FX_REMOVED;
	storm->nr_changed += effect->type == ST_FX_CHANGED;
	storm->nr_restarted += effect->type == ST_FX_STARTED && effect->child->nr_restarts;
	storm->has_halted |= effect->type == ST_FX_HALTED;
	if (effect->type != ST_FX_SPAWN)
		return;
	if (storm->nr_processes == MAX_PROCESSES)
		abort();
	storm->processes[storm->nr_processes++] = effect->generation;
}

static void step(struct storm *storm, const struct st_event *event)
{
	struct st_effects effects;

	storm->now_ns += dice(3) * ST_NSEC_PER_SEC;
	st_step(storm->tree, storm->now_ns, event, &effects);
	st_mirror_follow(&storm->mirror, event, &effects);
	st_mirror_flush(&storm->mirror, storm->now_ns);
	for (uint32_t i = 0; i < effects.nr; i++)
		note(storm, &effects.items[i]);
	/* a step that ends early leaves the tree half-way, and the next one comes at once */
	if (!storm->is_wrong && st_next_deadline(storm->tree) != 0)
		storm->is_wrong = storm->mirror.state != ST_MIRROR_LINKED ||
				  fake_module_differs(storm->tree);
}

static void happen_to_process(struct storm *storm)
{
	static const int statuses[] = { 0, 1, 143, 160 };
	uint32_t at = dice(storm->nr_processes);
	struct st_event event = { .generation = storm->processes[at], .text = "no" };
	const struct st_child *child = st_tree_find_generation(storm->tree, storm->processes[at]);
	bool is_starting = child && child->state == ST_CHILD_STARTING;
	unsigned int number = dice(20);

	if (is_starting && !child->pid && number < 18) {
		event.type = ST_EV_SPAWNED;
		event.pid = (int32_t)(event.generation % 30000 + 2);
	} else if (is_starting && number < 15) {
		event.type = ST_EV_READY;
	} else if (is_starting && number < 16) {
		event.type = ST_EV_IGNORE;
	} else {
		event.type = is_starting && !child->pid ? ST_EV_SPAWN_FAILED : ST_EV_EXITED;
	}
	event.reason = st_reason_from_exit(statuses[dice(4)]);
	if (event.type == ST_EV_EXITED || event.type == ST_EV_SPAWN_FAILED)
		storm->processes[at] = storm->processes[--storm->nr_processes];
	step(storm, &event);
}

static void ask(struct storm *storm)
{
	static const enum st_request_type types[] = {
		ST_REQUEST_START_CHILD,	 ST_REQUEST_RESTART_CHILD, ST_REQUEST_TERMINATE_CHILD,
		ST_REQUEST_DELETE_CHILD, ST_REQUEST_STOP,	   ST_REQUEST_CHANGE,
	};
	const char *sup = sups[dice(ST_ARRAY_SIZE(sups))];
	char name[16]; /* of a pool's child: two with the same could not be told apart */
	struct st_request request = {
		.type = types[dice(ST_ARRAY_SIZE(types))],
		.token = 1,
		.sup = sup,
		.id = sup[0] == 'd' ? name : ids[dice(ST_ARRAY_SIZE(ids))],
	};
	const struct st_event event = { .type = ST_EV_REQUEST, .request = &request };

	if (request.type == ST_REQUEST_STOP)
		request.stop.reason = (struct st_reason){ .type = ST_REASON_NORMAL };
	(void)snprintf(name, sizeof(name), "i%u", ++storm->nr_names);
	if (sup[0] == 'd' && request.type == ST_REQUEST_TERMINATE_CHILD && storm->nr_processes)
		request.terminate.generation = storm->processes[dice(storm->nr_processes)];
	if (sup[0] == '/' && request.type != ST_REQUEST_START_CHILD)
		return;
	if (request.type == ST_REQUEST_START_CHILD && sup[0] != 'd')
		request.start.spec = random_child(request.id, 1);
	if (request.type == ST_REQUEST_CHANGE)
		request.change.to = sup[0] == 'd' ? random_pool() : random_sup(1);
	step(storm, &event);
	st_request_done(&request);
}

/* [A5] A start that fails now would end the tree before the storm has begun. */
static void be_ready(struct storm *storm)
{
	struct st_event event = { .type = ST_EV_SPAWNED };

	for (uint32_t i = 0; i < storm->nr_processes; i++) {
		event.generation = storm->processes[i];
		event.type = ST_EV_SPAWNED;
		event.pid = (int32_t)(event.generation % 30000 + 2);
		step(storm, &event);
		event.type = ST_EV_READY;
		step(storm, &event);
	}
}

static void run(struct storm *storm, unsigned int seed)
{
	static const struct st_event boot = { .type = ST_EV_BOOT }, stop = { .type = ST_EV_STOP };
	static const struct st_event tick = { .type = ST_EV_TICK };

	srand(seed);
	storm->tree = make_tree();
	storm->nr_processes = 0;
	fake_module_init(true);
	st_mirror_open(&storm->mirror, storm->ring, storm->tree);
	step(storm, &boot);
	be_ready(storm);
	for (int i = 0; i < NR_STEPS && !storm->is_wrong && !storm->has_halted; i++) {
		unsigned int number = dice(10);

		if (number == 0)
			step(storm, &tick);
		else if (number < 3)
			ask(storm);
		else if (storm->nr_processes)
			happen_to_process(storm);
	}
	step(storm, &stop);
	while (storm->nr_processes)
		happen_to_process(storm);
}

TEST(the_module_knows_the_tree_whatever_happens_to_it)
{
	static struct storm storm;
	struct st_probe probe;

	ASSERT_EQ(0, st_probe_run(&probe));
	for (unsigned int seed = 1; seed <= 8; seed++) {
		memset(&storm, 0, sizeof(storm));
		ASSERT_EQ(0, st_ring_new(&probe, &storm.ring));
		run(&storm, seed);
		st_mirror_close(&storm.mirror);
		while (st_ring_nr_armed(storm.ring))
			ASSERT_LE(0, st_ring_run_once(storm.ring, true));
		st_mirror_done(&storm.mirror);
		st_ring_free(storm.ring);
		fake_module_done();
		st_tree_free(storm.tree);
		ASSERT_FALSE(storm.is_wrong)
		TH_LOG("seed %u", seed);
		EXPECT_LT(5, storm.nr_added); /* there was a storm */
		EXPECT_LT(5, storm.nr_removed);
		EXPECT_LT(5, storm.nr_changed);
		EXPECT_LT(50, storm.nr_restarted);
		EXPECT_EQ(0, fake_module_count());
	}
}

TEST_HARNESS_MAIN
