// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every combination of strategy, restart type, end and shutdown, judged by a
 * few lines that say the rules once more. [B1] [B2] [D1]..[D5] [G2]..[G4]
 */
#include "kselftest_harness.h"

#include "lib/play.h"

static const char *const strategies[] = { "one_for_one", "one_for_all", "rest_for_one" };
static const char *const restarts[] = { "permanent", "transient", "temporary" };
static const char *const shutdowns[] = { "brutal_kill", "0ms", "5000ms", "infinity" };
static const char *const ends[] = { "normal", "shutdown", "shutdown:7", "killed", "3", "SEGV" };

enum {
	NORMAL_ENDS = 3
}; /* of the ends, the first ones */

/* b, between a and c, which are transient, ends by itself. */
struct combination {
	size_t strategy, restart, shutdown, end;
};

static bool is_restarted(const struct combination *of)
{
	return of->restart == 0 || (of->restart == 1 && of->end >= NORMAL_ENDS);
}

static bool is_reported(const struct combination *of)
{
	return is_restarted(of) || of->end >= NORMAL_ENDS;
}

static bool is_sibling_restarted(const struct combination *of, char sibling)
{
	if (!is_restarted(of))
		return false;
	return of->strategy == 1 || (of->strategy == 2 && sibling == 'c');
}

static uint64_t generation_of(const struct st_world *world, const char *path)
{
	const struct st_child *child = st_tree_find(world->tree, path);

	return child && child->state == ST_CHILD_RUNNING ? child->generation : 0;
}

static bool has_signal(const struct st_world *world, const char *child, const char *signal)
{
	char line[32];

	snprintf(line, sizeof(line), "  signal %s %s\n", child, signal);
	return strstr(st_buf_text(&world->transcript), line) != NULL;
}

static void show(const struct combination *of, const struct st_world *world)
{
	fprintf(stderr, "# %s, b %s, siblings %s, b ends with %s:\n%s", strategies[of->strategy],
		restarts[of->restart], shutdowns[of->shutdown], ends[of->end],
		st_buf_text(&world->transcript));
}

static bool is_stopped_as_told(const struct combination *of, const struct st_world *world,
			       const char *child, bool stopped)
{
	bool term = stopped && of->shutdown != 0, kill = stopped && of->shutdown < 2;

	return has_signal(world, child, "TERM") == term && has_signal(world, child, "KILL") == kill;
}

static bool is_right(const struct combination *of, const struct st_world *world)
{
	bool with_a = is_sibling_restarted(of, 'a'), with_c = is_sibling_restarted(of, 'c');
	bool reported = strstr(st_buf_text(&world->transcript), "child_terminated b #3") != NULL;

	if (reported != is_reported(of))
		return false;
	if ((generation_of(world, "b") > 4) != is_restarted(of))
		return false;
	if ((st_tree_find(world->tree, "b") == NULL) != (of->restart == 2))
		return false;
	if ((generation_of(world, "a") != 2) != with_a ||
	    (generation_of(world, "c") != 4) != with_c)
		return false;
	return is_stopped_as_told(of, world, "a #2", with_a) &&
	       is_stopped_as_told(of, world, "c #4", with_c);
}

static bool play(const struct combination *of)
{
	struct st_world world;
	char spec[128];
	bool right;

	snprintf(spec, sizeof(spec), "%s 1/5: a transient %s, b %s, c transient %s",
		 strategies[of->strategy], shutdowns[of->shutdown], restarts[of->restart],
		 shutdowns[of->shutdown]);
	if (st_world_init(&world, spec))
		return false;
	st_world_boot(&world);
	st_world_exit(&world, "b", ends[of->end]);
	right = is_right(of, &world);
	if (!right)
		show(of, &world);
	st_world_done(&world);
	return right;
}

static void next(struct combination *of)
{
	if (++of->end < ST_ARRAY_SIZE(ends))
		return;
	of->end = 0;
	if (++of->shutdown < ST_ARRAY_SIZE(shutdowns))
		return;
	of->shutdown = 0;
	if (++of->restart < ST_ARRAY_SIZE(restarts))
		return;
	of->restart = 0;
	of->strategy++;
}

TEST(every_end_of_every_kind_of_child_under_every_strategy) /* [B1] [B2] [D1] [D2] [D3] */
{
	uint32_t nr = 0;

	for (struct combination of = { 0 }; of.strategy < ST_ARRAY_SIZE(strategies); next(&of)) {
		EXPECT_TRUE(play(&of));
		nr++;
	}
	EXPECT_EQ(3 * 3 * 4 * 6, nr);
}

/* Whether the end of x ends its supervisor, y being another significant child. */
static bool ends_supervisor(const char *mode, const char *restart, const char *end)
{
	struct st_world world;
	char spec[128];
	bool halted;

	snprintf(spec, sizeof(spec),
		 "one_for_one 1/5 %s: x %s significant, y transient significant", mode, restart);
	if (st_world_init(&world, spec))
		return false;
	st_world_boot(&world);
	st_world_exit(&world, "x", end);
	halted = world.tree->halted;
	st_world_done(&world);
	return halted;
}

TEST(every_end_of_a_significant_child_in_every_mode) /* [H1] [H2] [H3] */
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(ends); i++) {
		bool normal = i < NORMAL_ENDS;

		EXPECT_EQ(normal, ends_supervisor("any_significant", "transient", ends[i]));
		EXPECT_TRUE(ends_supervisor("any_significant", "temporary", ends[i]));
		EXPECT_FALSE(ends_supervisor("all_significant", "transient", ends[i]));
		EXPECT_FALSE(ends_supervisor("all_significant", "temporary", ends[i]));
	}
}

TEST_HARNESS_MAIN
