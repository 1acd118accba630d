// SPDX-License-Identifier: GPL-2.0-only
/*
 * The cost of a reload grows with the number of children and not faster. It is
 * counted in comparisons of texts, so it is the same on each machine.
 */
#include <stdlib.h>
#include <string.h>

#include "core/step.h"
#include "daemon/operations/reload.h"
#include "daemon/requests/script.h"
#include "kselftest_harness.h"
#include "lib/fake_client.h"
#include "lib/small_tree.h"

#define NR 2000

static unsigned long nr_steps;

/* All calls of the program come here. */
int strcmp(const char *a, const char *b)
{
	nr_steps++;
	for (; *a && *a == *b; a++)
		b++;
	return (unsigned char)*a - (unsigned char)*b;
}

int strncmp(const char *a, const char *b, size_t len)
{
	nr_steps++;
	for (; len && *a && *a == *b; a++, len--)
		b++;
	return len ? (unsigned char)*a - (unsigned char)*b : 0;
}

/* @nr workers with ids from @first on, the last one first if @is_reversed. */
static struct st_sup_spec *spec_of(uint32_t nr, uint32_t first, bool is_reversed)
{
	struct st_child_spec **children = calloc(nr, sizeof(struct st_child_spec *));
	struct st_sup_spec *spec;

	if (!children)
		abort();
	for (uint32_t i = 0; i < nr; i++) {
		char id[32];

		snprintf(id, sizeof(id), "child%u", first + (is_reversed ? nr - 1 - i : i));
		children[i] = small_worker(id, ST_RESTART_PERMANENT);
	}
	spec = small_sup_spec(ST_STRATEGY_ONE_FOR_ONE, 1, children, nr);
	free(children);
	return spec;
}

/* The plan, and the change of the root as core makes it; the number of steps. */
static unsigned long steps_of(struct st_tree *tree, struct st_sup_spec *to)
{
	struct st_request change = { .type = ST_REQUEST_CHANGE,
				     .sup = "/",
				     .token = 1,
				     .change = { .to = to, .whole = true } };
	const struct st_event event = { .type = ST_EV_REQUEST, .request = &change };
	struct small_tree small = { .tree = tree, .now_ns = 2 * ST_NSEC_PER_SEC };
	struct st_script *script = st_script_new(NULL, ST_OPERATION_RELOAD, "test");
	struct st_buf why = ST_BUF_INIT;
	struct st_reload reload;

	nr_steps = 0;
	st_reload_init(&reload, tree->root->sup, to, ST_RELOAD_START_NEW);
	if (!script || st_reload_plan(&reload, script, &why))
		abort();
	small_tree_step(&small, &event);
	st_script_free(script);
	st_reload_done(&reload);
	return nr_steps;
}

static unsigned long steps_for(uint32_t nr, uint32_t first, bool is_reversed)
{
	struct st_sup_spec *from = spec_of(nr, 0, false), *to = spec_of(nr, first, is_reversed);
	struct small_tree small = { .now_ns = ST_NSEC_PER_SEC };
	static const struct st_event boot = { .type = ST_EV_BOOT };
	unsigned long steps;

	if (st_tree_new(from, 1, &small.tree))
		abort();
	small_tree_step(&small, &boot);
	for (uint32_t i = 0; i < nr; i++) {
		const struct st_event ready = {
			.type = ST_EV_READY,
			.generation = small.tree->last_generation,
		};

		small_tree_step(&small, &ready);
	}
	steps = steps_of(small.tree, to);
	st_tree_free(small.tree);
	st_sup_spec_put(from);
	st_sup_spec_put(to);
	return steps;
}

TEST(a_reload_of_unchanged_children_looks_at_each_a_few_times)
{
	EXPECT_GT(16 * NR, steps_for(NR, 0, false));
}

TEST(a_reload_in_another_order_looks_at_each_a_few_times)
{
	EXPECT_GT(16 * NR, steps_for(NR, 0, true));
}

TEST(a_reload_with_other_children_looks_at_each_a_few_times)
{
	EXPECT_GT(16 * NR, steps_for(NR, NR / 2, false));
	EXPECT_GT(16 * NR, steps_for(NR, NR, false));
}

TEST_HARNESS_MAIN
