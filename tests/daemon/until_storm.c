// SPDX-License-Identifier: GPL-2.0-only
/*
 * The daemon checks a wait only when a step's effects have touched its path.
 * Here a tree makes thousands of random steps, while there is a wait for every
 * state of every path. After each step the test checks all of them: none may
 * hold and be unanswered.
 */
#include "daemon/history/until.h"

#include <stdio.h>
#include <stdlib.h>

#include "daemon/history/condition.h"
#include "kselftest_harness.h"
#include "lib/fake_client.h"
#include "lib/small_tree.h"
#include "loop/ring.h"

#define MAX_PROCESSES 64
#define NR_STEPS 4000

static const char *const paths[] = {
	"/", "p", "p/a", "p/b", "p/t", "q", "q/c", "q/r", "q/r/x", "q/r/y", "d", "d/i", "n",
};

static const char *const sups[] = { "/", "p", "q", "q/r", "d" };
static const char *const ids[] = { "n", "a", "b", "t", "c", "r", "x", "y" };

#define NR_WAITS (ST_ARRAY_SIZE(paths) * ST_UNTIL__MAX)

struct storm {
	struct st_tree *tree;
	struct st_untils *untils;
	uint64_t now_ns;
	uint64_t processes[MAX_PROCESSES]; /* generations */
	bool has_talked[MAX_PROCESSES]; /* so its spawn has not failed */
	uint32_t nr_processes;
	struct st_condition conditions[NR_WAITS];
	struct st_client clients[NR_WAITS];
	bool waits[NR_WAITS];
	unsigned int nr_answered;
	unsigned int nr_missed;
};

static unsigned int dice(unsigned int sides)
{
	return (unsigned int)rand() % sides;
}

static struct st_tree *make_tree(void)
{
	struct st_child_spec *of_p[] = {
		small_worker("a", ST_RESTART_PERMANENT),
		small_worker("b", ST_RESTART_TRANSIENT),
		small_worker("t", ST_RESTART_TEMPORARY),
	};
	struct st_child_spec *of_r[] = {
		small_worker("x", ST_RESTART_PERMANENT),
		small_worker("y", ST_RESTART_PERMANENT),
	};
	struct st_child_spec *of_q[] = {
		small_worker("c", ST_RESTART_PERMANENT),
		small_supervisor("r", ST_RESTART_PERMANENT, ST_SHUTDOWN_BRUTAL_KILL,
				 small_sup_spec(ST_STRATEGY_ONE_FOR_ONE, 2, of_r, 2)),
	};
	struct st_child_spec *of_d[] = { small_worker("template", ST_RESTART_TRANSIENT) };
	struct st_child_spec *of_root[] = {
		small_supervisor("p", ST_RESTART_PERMANENT, ST_SHUTDOWN_INFINITY,
				 small_sup_spec(ST_STRATEGY_ONE_FOR_ALL, 2, of_p, 3)),
		small_supervisor("q", ST_RESTART_TRANSIENT, ST_SHUTDOWN_INFINITY,
				 small_sup_spec(ST_STRATEGY_REST_FOR_ONE, 2, of_q, 2)),
		small_supervisor("d", ST_RESTART_PERMANENT, ST_SHUTDOWN_INFINITY,
				 small_sup_spec(ST_STRATEGY_SIMPLE_ONE_FOR_ONE, 2, of_d, 1)),
	};
	struct st_sup_spec *root = small_sup_spec(ST_STRATEGY_ONE_FOR_ONE, 1000000, of_root, 3);
	struct st_tree *tree;

	if (st_tree_new(root, 1, &tree))
		abort();
	st_sup_spec_put(root);
	return tree;
}

static void wait_for(struct storm *storm, size_t i)
{
	bool is_undecided;

	storm->clients[i].nr_answers = 0;
	storm->waits[i] = !st_condition_holds(&storm->conditions[i], storm->tree, &is_undecided);
	if (storm->waits[i] &&
	    st_untils_add(storm->untils, &storm->clients[i], &storm->conditions[i], ST_NO_DEADLINE))
		abort();
}

/* Between being added and being started, within one call [C1]. */
static bool is_on_its_way(const struct storm *storm, const struct st_condition *condition)
{
	const struct st_child *child = st_tree_find(storm->tree, condition->path);

	return child && child->parent && child->parent->job == ST_JOB_CALL_START;
}

static void look(struct storm *storm)
{
	for (size_t i = 0; i < NR_WAITS; i++) {
		bool is_undecided;
		bool is_true =
			st_condition_holds(&storm->conditions[i], storm->tree, &is_undecided);
		bool is_answered = storm->clients[i].nr_answers;

		if (storm->waits[i] && is_true != is_answered &&
		    !is_on_its_way(storm, &storm->conditions[i])) {
			storm->nr_missed++;
			fprintf(stderr, "# missed %s=%s\n", storm->conditions[i].path,
				st_until_text[storm->conditions[i].until]);
		}
		storm->nr_answered += is_answered;
		if (storm->waits[i] && !is_answered)
			continue;
		wait_for(storm, i);
	}
}

static void step(struct storm *storm, const struct st_event *event)
{
	struct st_effects effects;

	storm->now_ns += dice(3) * ST_NSEC_PER_SEC;
	st_step(storm->tree, storm->now_ns, event, &effects);
	st_untils_check(storm->untils, &effects);
	for (uint32_t i = 0; i < effects.nr; i++) {
		if (effects.items[i].type != ST_FX_SPAWN)
			continue;
		if (storm->nr_processes == MAX_PROCESSES)
			abort();
		storm->has_talked[storm->nr_processes] = false;
		storm->processes[storm->nr_processes++] = effects.items[i].generation;
	}
	look(storm);
}

static void happen_to_process(struct storm *storm)
{
	static const int statuses[] = { 0, 1, 143, 160 };
	uint32_t at = dice(storm->nr_processes);
	struct st_event event = { .generation = storm->processes[at], .text = "no" };
	const struct st_child *child = st_tree_find_generation(storm->tree, storm->processes[at]);
	bool is_starting = child && child->state == ST_CHILD_STARTING;
	unsigned int number = dice(20);

	if (is_starting && number < 15)
		event.type = ST_EV_READY;
	else if (is_starting && number < 16)
		event.type = ST_EV_IGNORE;
	else if (is_starting && number < 17)
		event.type = ST_EV_ERROR;
	else if (!storm->has_talked[at] && number < 18)
		event.type = ST_EV_SPAWN_FAILED;
	else
		event.type = ST_EV_EXITED;
	event.reason = st_reason_from_exit(statuses[dice(4)]);
	storm->has_talked[at] = true;
	if (event.type == ST_EV_EXITED || event.type == ST_EV_SPAWN_FAILED) {
		storm->processes[at] = storm->processes[--storm->nr_processes];
		storm->has_talked[at] = storm->has_talked[storm->nr_processes];
	}
	step(storm, &event);
}

static void ask(struct storm *storm)
{
	static const enum st_request_type types[] = {
		ST_REQUEST_START_CHILD,	    ST_REQUEST_RESTART_CHILD, ST_REQUEST_RESTART_CHILD,
		ST_REQUEST_TERMINATE_CHILD, ST_REQUEST_DELETE_CHILD,  ST_REQUEST_STOP,
		ST_REQUEST_WHICH_CHILDREN,
	};
	const char *sup = sups[dice(ST_ARRAY_SIZE(sups))];
	struct st_request request = {
		.type = types[dice(ST_ARRAY_SIZE(types))],
		.token = 1,
		.sup = sup,
		.id = sup[0] == 'd' ? "i" : ids[dice(ST_ARRAY_SIZE(ids))],
	};
	const struct st_event event = { .type = ST_EV_REQUEST, .request = &request };

	if (request.type == ST_REQUEST_STOP && sup[0] == '/')
		return;
	if (request.type == ST_REQUEST_STOP)
		request.stop.reason = (struct st_reason){ .type = ST_REASON_NORMAL };
	if (request.type == ST_REQUEST_START_CHILD && sup[0] != 'd')
		request.start.spec = small_worker(request.id, (enum st_restart)dice(3));
	step(storm, &event);
	st_request_done(&request);
}

/* [A5] A start that fails now would end the tree before the storm has begun. */
static void boot(struct storm *storm)
{
	struct st_event event = { .type = ST_EV_BOOT };

	step(storm, &event);
	event.type = ST_EV_READY;
	for (uint32_t i = 0; i < storm->nr_processes; i++) {
		event.generation = storm->processes[i];
		storm->has_talked[i] = true;
		step(storm, &event);
	}
}

static void run(struct storm *storm, struct st_ring *ring, unsigned int seed)
{
	static const struct st_event stop = { .type = ST_EV_STOP };
	static const struct st_event tick = { .type = ST_EV_TICK };

	srand(seed);
	memset(storm, 0, sizeof(*storm));
	storm->tree = make_tree();
	if (st_untils_new(ring, storm->tree, &storm->untils))
		abort();
	for (size_t i = 0; i < NR_WAITS; i++) {
		char text[64];

		snprintf(text, sizeof(text), "%s=%s", paths[i / ST_UNTIL__MAX],
			 st_until_text[i % ST_UNTIL__MAX]);
		if (st_condition_parse(text, &storm->conditions[i]))
			abort();
		fake_client_init(&storm->clients[i]);
		wait_for(storm, i);
	}
	boot(storm);
	for (int i = 0; i < NR_STEPS && !storm->nr_missed; i++) {
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
	st_untils_free(storm->untils);
	st_tree_free(storm->tree);
}

TEST(no_wait_is_forgotten_whatever_happens_to_the_tree)
{
	static struct storm storm;
	struct st_probe probe;
	struct st_ring *ring;

	ASSERT_EQ(0, st_probe_run(&probe));
	ASSERT_EQ(0, st_ring_new(&probe, &ring));
	for (unsigned int seed = 1; seed <= 8; seed++) {
		run(&storm, ring, seed);
		ASSERT_EQ(0, storm.nr_missed)
		TH_LOG("seed %u", seed);
		EXPECT_LT(1000, storm.nr_answered); /* there was a storm */
	}
	st_ring_free(ring);
}

TEST_HARNESS_MAIN
