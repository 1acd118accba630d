// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copies of a tree: exact, and with nothing in common that one of them writes.
 * tools/storm compares copies with their trees at random moments (st-storm --copy).
 */
#include "core/copy.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "kselftest_harness.h"
#include "lib/play.h"

#define NEVER 2000 /* more allocations than a copy of this tree makes */

static const char spec[] =
	"rest_for_one 5/10: a, s {one_for_all 3/5: b, c, d temporary}, p {simple_one_for_one: w},"
	" t {one_for_one: x, u {one_for_one 2/5: y, z}}";

FIXTURE(copy)
{
	struct st_world world;
	struct st_tree *copy;
};

static void request(struct st_world *world, enum st_request_type type, const char *sup,
		    const char *id)
{
	struct st_request request = { .type = type, .sup = sup, .id = id };

	st_world_request(world, &request);
}

/*
 * A tree that is busy everywhere: s waits in a round for c, with a request, a change and a
 * death in its mailbox, u has restarted a child, y could not be started, and settle waits.
 */
FIXTURE_SETUP(copy)
{
	struct st_world *world = &self->world;
	struct st_request start = { .type = ST_REQUEST_START_CHILD, .sup = "p", .id = "one" };
	const char *args[] = { "more" };
	struct st_request change = { .type = ST_REQUEST_CHANGE, .sup = "s" };

	start.start.args = args;
	start.start.nr_args = 1;
	ASSERT_EQ(0, st_world_init(world, spec));
	st_world_boot(world);
	st_world_request(world, &start);
	st_world_exit(world, "t/u/z", "1");
	request(world, ST_REQUEST_TERMINATE_CHILD, "t/u", "y");
	st_world_habit(world, "y", ST_HABIT_FAILING, NULL);
	request(world, ST_REQUEST_RESTART_CHILD, "t/u", "y");
	st_world_habit(world, "c", ST_HABIT_HELD, NULL);
	st_world_exit(world, "s/b", "2");
	request(world, ST_REQUEST_COUNT_CHILDREN, "s", NULL);
	change.change.to = st_words_sup("one_for_one 9/9: b, n {one_for_one: m}");
	change.change.whole = true;
	ASSERT_NE(NULL, change.change.to);
	st_world_request(world, &change);
	st_request_done(&change);
	request(world, ST_REQUEST_SETTLE, "/", NULL);
	self->copy = NULL;
}

FIXTURE_TEARDOWN(copy)
{
	st_world_done(&self->world);
	st_tree_free(self->copy);
}

static uint64_t exit_of(struct st_tree *tree, const char *path)
{
	struct st_child *child = st_tree_find(tree, path);
	const struct st_event event = {
		.type = ST_EV_EXITED,
		.generation = child ? child->generation : 0,
		.reason = { .type = ST_REASON_SHUTDOWN },
	};
	struct st_effects effects;

	st_step(tree, tree->now_ns, &event, &effects);
	return st_tree_hash(tree);
}

TEST_F(copy, a_copy_is_in_the_state_of_its_tree)
{
	struct st_buf why = ST_BUF_INIT;
	uint64_t hash = st_tree_hash(self->world.tree);

	ASSERT_EQ(0, st_tree_copy(self->world.tree, &self->copy));
	EXPECT_EQ(hash, st_tree_hash(self->copy));
	EXPECT_EQ(hash, st_tree_hash(self->world.tree));
	EXPECT_TRUE(st_tree_check(self->copy, &why)) TH_LOG("%s", st_buf_text(&why));
	EXPECT_EQ(st_next_deadline(self->world.tree), st_next_deadline(self->copy));
	st_buf_done(&why);
}

TEST_F(copy, memory_may_be_touched_before_while_the_tree_grows)
{
	struct st_request start = { .type = ST_REQUEST_START_CHILD, .sup = "p", .id = "two" };
	struct st_copy_room *room = NULL;
	int nr = 0;

	ASSERT_EQ(0, st_copy_room_new(self->world.tree, &room));
	for (int i = 0; i < 40; i++)
		st_world_request(&self->world, &start);
	while (!st_copy_room_touch(room))
		ASSERT_GT(100, ++nr);
	ASSERT_EQ(0, st_copy_room_take(room, self->world.tree, &self->copy));
	EXPECT_EQ(st_tree_hash(self->world.tree), st_tree_hash(self->copy));
	ASSERT_EQ(0, st_copy_room_new(self->world.tree, &room));
	st_copy_room_free(room);
	st_copy_room_free(NULL);
}

TEST_F(copy, a_copy_of_a_copy_is_in_the_same_state)
{
	struct st_tree *second = NULL;

	ASSERT_EQ(0, st_tree_copy(self->world.tree, &self->copy));
	ASSERT_EQ(0, st_tree_copy(self->copy, &second));
	EXPECT_EQ(st_tree_hash(self->copy), st_tree_hash(second));
	st_tree_free(second);
}

TEST_F(copy, what_a_copy_does_never_touches_its_tree)
{
	uint64_t before = st_tree_hash(self->world.tree);

	ASSERT_EQ(0, st_tree_copy(self->world.tree, &self->copy));
	/* c ends: the round goes on, then the request, the change and the death are taken */
	EXPECT_NE(before, exit_of(self->copy, "s/c"));
	for (int i = 0; i < 20; i++)
		exit_of(self->copy, i % 2 ? "s/b" : "p/one");
	EXPECT_EQ(before, st_tree_hash(self->world.tree));
}

TEST_F(copy, a_change_that_waits_is_made_in_a_copy_without_writing_its_number) /* [K9] */
{
	const struct st_sup *sup = st_tree_find(self->world.tree, "s")->sup;
	uint64_t before, after;

	ASSERT_EQ(0, st_tree_copy(self->world.tree, &self->copy));
	self->copy->nr_changes = 1000; /* the number that it would write is another one */
	before = st_tree_hash(self->world.tree);
	exit_of(self->copy, "s/c");
	for (int i = 0; i < 10; i++)
		exit_of(self->copy, "s/b");
	after = st_tree_hash(self->world.tree);
	EXPECT_EQ(before, after);
	EXPECT_LT(1000, self->copy->nr_changes) TH_LOG("the change was never made");
	EXPECT_EQ(ST_JOB_ROUND_STOP, sup->job);
}

TEST_F(copy, a_copy_lives_longer_than_its_tree)
{
	uint64_t hash;

	ASSERT_EQ(0, st_tree_copy(self->world.tree, &self->copy));
	hash = st_tree_hash(self->copy);
	st_tree_free(self->world.tree);
	self->world.tree = NULL;
	EXPECT_EQ(hash, st_tree_hash(self->copy));
	EXPECT_NE(hash, exit_of(self->copy, "s/c"));
}

TEST_F(copy, a_copy_that_lacks_memory_leaves_nothing_behind)
{
	uint64_t before = st_tree_hash(self->world.tree);
	unsigned long nth = 0;
	int err;

	do {
		st_alloc_fail_at(++nth);
		err = st_tree_copy(self->world.tree, &self->copy);
		if (err) {
			ASSERT_EQ(-ENOMEM, err);
			ASSERT_EQ(NULL, self->copy);
			ASSERT_EQ(before, st_tree_hash(self->world.tree));
		}
	} while (err && nth < NEVER);
	st_alloc_fail_at(0);
	EXPECT_LT(20, nth) TH_LOG("each supervisor should need memory");
	ASSERT_EQ(0, err);
	EXPECT_EQ(before, st_tree_hash(self->copy));
}

TEST_F(copy, children_added_to_a_copy_are_freed_with_it) /* [C1] */
{
	struct st_request start = { .type = ST_REQUEST_START_CHILD, .sup = "p", .id = "two" };
	const struct st_event event = { .type = ST_EV_REQUEST, .request = &start };
	struct st_effects effects;
	uint32_t nr;

	ASSERT_EQ(0, st_tree_copy(self->world.tree, &self->copy));
	nr = self->copy->nr_nodes;
	st_step(self->copy, self->copy->now_ns, &event, &effects);
	EXPECT_EQ(nr + 1, self->copy->nr_nodes);
	EXPECT_NE(NULL, st_tree_find(self->copy, "p/two"));
	EXPECT_EQ(NULL, st_tree_find(self->world.tree, "p/two"));
}

TEST_HARNESS_MAIN
