// SPDX-License-Identifier: GPL-2.0-only
/*
 * The limits of core/limits.h that core itself keeps: at each, and one beyond.
 * Those of single words are kept by the binder (tests/config).
 */
#include "kselftest_harness.h"

#include <errno.h>
#include <stdlib.h>

#include "core/limits.h"
#include "lib/play.h"

static struct st_child_spec *child_with(const char *id, struct st_sup_spec *sup)
{
	struct st_child_def def;

	st_child_def_init(&def);
	def.id = id;
	def.sup = sup;
	return st_child_spec_new(&def);
}

/* A supervisor with @nr children that are all the same spec. */
static struct st_sup_spec *sup_with(struct st_child_spec *child, uint32_t nr)
{
	struct st_child_spec **children = calloc(nr + 1, sizeof(struct st_child_spec *));
	struct st_sup_flags flags;
	struct st_sup_spec *spec;

	st_sup_flags_init(&flags);
	for (uint32_t i = 0; i < nr; i++)
		children[i] = child;
	spec = st_sup_spec_new(&flags, children, nr);
	free(children);
	return spec;
}

static int load(struct st_sup_spec *spec)
{
	struct st_tree *tree = NULL;
	int err = st_tree_new(spec, 1, &tree);

	st_tree_free(tree);
	return err;
}

/* @depth supervisors below each other, all called @id, with a worker at the end. */
static struct st_sup_spec *chain(uint32_t depth, const char *id, const char *worker)
{
	struct st_child_spec *child = child_with(worker, NULL);
	struct st_sup_spec *sup = sup_with(child, 1);

	while (--depth) {
		st_child_spec_put(child);
		child = child_with(id, sup);
		st_sup_spec_put(sup);
		sup = sup_with(child, 1);
	}
	st_child_spec_put(child);
	return sup;
}

static int load_chain(uint32_t depth, const char *id, const char *worker)
{
	struct st_sup_spec *spec = chain(depth, id, worker);
	int err = load(spec);

	st_sup_spec_put(spec);
	return err;
}

TEST(a_child_may_have_ST_MAX_DEPTH_supervisors_above_it)
{
	EXPECT_EQ(0, load_chain(ST_MAX_DEPTH, "s", "w"));
	EXPECT_EQ(-E2BIG, load_chain(ST_MAX_DEPTH + 1, "s", "w"));
}

TEST(a_tree_may_have_ST_MAX_NODES_children)
{
	struct st_child_spec *child = child_with("a", NULL);
	struct st_sup_spec *spec = sup_with(child, ST_MAX_NODES);

	EXPECT_EQ(0, load(spec));
	st_sup_spec_put(spec);
	spec = sup_with(child, ST_MAX_NODES + 1);
	EXPECT_EQ(-E2BIG, load(spec));
	st_sup_spec_put(spec);
	st_child_spec_put(child);
}

TEST(requests_can_not_make_a_tree_larger_than_that) /* [C1] */
{
	struct st_child_spec *child = child_with("a", NULL);
	struct st_sup_spec *spec = sup_with(child, ST_MAX_NODES - 2);
	struct st_child_spec *children[] = { child_with("s", spec), child_with("x", NULL) };
	struct st_request start = { .type = ST_REQUEST_START_CHILD, .sup = "/" };
	const struct st_event ask = { .type = ST_EV_REQUEST, .request = &start };
	struct st_effects effects;
	struct st_sup_flags flags;
	struct st_sup_spec *root;
	struct st_tree *tree;

	/* s ignores, so the tree is up without its many children */
	st_sup_flags_init(&flags);
	spec->init = ST_INIT_IGNORE;
	root = st_sup_spec_new(&flags, children, 1);
	ASSERT_EQ(0, st_tree_new(root, 1, &tree));
	st_step(tree, 0, &(struct st_event){ .type = ST_EV_BOOT }, &effects);
	start.start.spec = children[1];
	st_step(tree, 0, &ask, &effects);
	ASSERT_EQ(1, effects.nr);
	EXPECT_EQ(ST_FX_SPAWN, effects.items[0].type) TH_LOG("one more fits");
	st_step(tree, 0, &(struct st_event){ .type = ST_EV_READY, .generation = 3 }, &effects);
	start.start.spec = child;
	st_step(tree, 0, &ask, &effects);
	ASSERT_EQ(1, effects.nr);
	EXPECT_EQ(ST_REPLY_LIMIT, effects.items[0].reply);
	st_tree_free(tree);
	st_sup_spec_put(root);
	st_sup_spec_put(spec);
	st_child_spec_put(children[0]);
	st_child_spec_put(children[1]);
	st_child_spec_put(child);
}

TEST(an_id_may_have_ST_MAX_ID_LEN_bytes) /* [V2] [I1] */
{
	struct st_request start = { .type = ST_REQUEST_START_CHILD, .sup = "/" };
	char id[ST_MAX_ID_LEN + 2];
	struct st_world world;

	memset(id, 'a', sizeof(id));
	id[ST_MAX_ID_LEN] = '\0';
	EXPECT_TRUE(st_id_is_valid(id));
	ASSERT_EQ(0, st_world_init(&world, "simple_one_for_one: w"));
	st_world_boot(&world);
	start.id = id;
	st_world_request(&world, &start);
	EXPECT_NE(NULL, st_tree_find(world.tree, id));
	id[ST_MAX_ID_LEN] = 'a';
	id[ST_MAX_ID_LEN + 1] = '\0';
	EXPECT_FALSE(st_id_is_valid(id));
	st_buf_reset(&world.transcript);
	st_world_request(&world, &start);
	EXPECT_STREQ("  reply 2 invalid_spec badarg\n", st_buf_text(&world.transcript));
	st_world_done(&world);
}

TEST(a_path_may_have_ST_MAX_PATH_LEN_bytes)
{
	char id[ST_MAX_ID_LEN + 1], worker[ST_MAX_ID_LEN + 1];

	memset(id, 's', sizeof(id));
	id[ST_MAX_ID_LEN] = '\0';
	memset(worker, 'w', sizeof(worker));
	/* 15 ids of 255 bytes and a '/' each leave 255 bytes */
	worker[ST_MAX_PATH_LEN - 15 * (ST_MAX_ID_LEN + 1)] = '\0';
	EXPECT_EQ(0, load_chain(16, id, worker));
	EXPECT_EQ(-E2BIG, load_chain(17, id, "w"));
}

TEST(a_request_can_not_make_a_longer_path) /* [C1] [I1] */
{
	struct st_request start = { .type = ST_REQUEST_START_CHILD };
	struct st_child_spec *child;
	struct st_sup_spec *chain_spec, *root;
	struct st_effects effects;
	struct st_event event = { .type = ST_EV_BOOT };
	char id[ST_MAX_ID_LEN + 1], path[ST_MAX_PATH_LEN + 1] = "";
	struct st_tree *tree;

	memset(id, 's', sizeof(id));
	id[ST_MAX_ID_LEN] = '\0';
	chain_spec = chain(15, id, "w");
	child = child_with(id, chain_spec);
	root = sup_with(child, 1);
	ASSERT_EQ(0, st_tree_new(root, 1, &tree));
	st_step(tree, 0, &event, &effects);
	event = (struct st_event){ .type = ST_EV_READY, .generation = tree->last_generation };
	st_step(tree, 0, &event, &effects);
	for (int i = 0; i < 15; i++)
		strcat(strcat(path, id), i < 14 ? "/" : "");
	event = (struct st_event){ .type = ST_EV_REQUEST, .request = &start };
	start.sup = path;
	start.start.spec = child_with(id, NULL);
	st_step(tree, 0, &event, &effects);
	ASSERT_EQ(1, effects.nr);
	EXPECT_EQ(ST_FX_SPAWN, effects.items[0].type) TH_LOG("it fits exactly");
	event = (struct st_event){ .type = ST_EV_READY, .generation = tree->last_generation };
	st_step(tree, 0, &event, &effects);
	st_child_spec_put(start.start.spec);
	event = (struct st_event){ .type = ST_EV_REQUEST, .request = &start };
	id[1] = '\0';
	start.start.spec = child_with("t", NULL);
	st_child_spec_put(start.start.spec);
	start.start.spec = child_with("t", chain_spec);
	st_step(tree, 0, &event, &effects);
	ASSERT_EQ(1, effects.nr);
	EXPECT_EQ(ST_REPLY_LIMIT, effects.items[0].reply);
	st_child_spec_put(start.start.spec);
	st_tree_free(tree);
	st_sup_spec_put(root);
	st_sup_spec_put(chain_spec);
	st_child_spec_put(child);
}

TEST(a_child_may_be_given_ST_MAX_ARGS_arguments) /* [I1] */
{
	static const char *args[ST_MAX_ARGS + 1];
	struct st_request start = {
		.type = ST_REQUEST_START_CHILD, .sup = "/", .id = "x", .start.args = args
	};
	struct st_world world;

	for (size_t i = 0; i < ST_ARRAY_SIZE(args); i++)
		args[i] = "a";
	ASSERT_EQ(0, st_world_init(&world, "simple_one_for_one: w"));
	st_world_boot(&world);
	start.start.nr_args = ST_MAX_ARGS;
	st_world_request(&world, &start);
	EXPECT_EQ(ST_MAX_ARGS, st_tree_find(world.tree, "x")->instance->nr_args);
	st_buf_reset(&world.transcript);
	start.start.nr_args = ST_MAX_ARGS + 1;
	st_world_request(&world, &start);
	EXPECT_STREQ("  reply 2 limit\n", st_buf_text(&world.transcript));
	st_world_done(&world);
}

TEST(ST_MAX_CALLS_requests_may_wait) /* [C6] */
{
	const struct st_request request = { .type = ST_REQUEST_COUNT_CHILDREN, .sup = "/" };
	const struct st_event ask = { .type = ST_EV_REQUEST, .request = &request };
	struct st_effects effects;
	struct st_world world;

	ASSERT_EQ(0, st_world_init(&world, "one_for_one: a"));
	st_world_boot(&world);
	st_world_habit(&world, "a", ST_HABIT_HELD, NULL);
	st_world_exit(&world, "a", "3");
	for (int i = 0; i < ST_MAX_CALLS; i++) {
		st_step(world.tree, world.now_ns, &ask, &effects);
		ASSERT_EQ(0, effects.nr);
	}
	st_step(world.tree, world.now_ns, &ask, &effects);
	ASSERT_EQ(1, effects.nr);
	EXPECT_EQ(ST_REPLY_LIMIT, effects.items[0].reply);
	st_world_done(&world);
}

TEST(an_error_text_keeps_ST_MAX_ERROR_LEN_bytes) /* [B3] */
{
	char text[ST_MAX_ERROR_LEN + 2];
	struct st_event error = { .type = ST_EV_SPAWN_FAILED, .generation = 2, .text = text };
	struct st_effects effects;
	struct st_world world;

	memset(text, 'e', sizeof(text));
	for (size_t len = ST_MAX_ERROR_LEN; len <= ST_MAX_ERROR_LEN + 1; len++) {
		text[len] = '\0';
		ASSERT_EQ(0, st_world_init(&world, "one_for_one: a"));
		st_world_habit(&world, "a", ST_HABIT_HELD, NULL);
		st_world_event(&world, &(struct st_event){ .type = ST_EV_BOOT });
		st_step(world.tree, world.now_ns, &error, &effects);
		EXPECT_EQ(ST_MAX_ERROR_LEN, strlen(effects.items[0].reason.text));
		st_world_done(&world);
		text[len] = 'e';
	}
}

TEST(the_longest_times_and_the_highest_numbers_are_kept_exactly) /* [E1] [G3] */
{
	struct st_world world;
	char spec[200];

	snprintf(spec, sizeof(spec),
		 "one_for_one %u/%u: a %ums start_timeout=%u, b backoff=%u/%u, s {one_for_one}",
		 ST_MAX_INTENSITY, ST_MAX_PERIOD_S, ST_MAX_TIMEOUT_MS, ST_MAX_TIMEOUT_MS,
		 ST_MAX_TIMEOUT_MS, ST_MAX_TIMEOUT_MS);
	ASSERT_EQ(0, st_world_init(&world, spec));
	st_world_habit(&world, "a", ST_HABIT_HELD, NULL);
	st_world_event(&world, &(struct st_event){ .type = ST_EV_BOOT });
	EXPECT_EQ(world.now_ns + ST_MAX_TIMEOUT_MS * ST_NSEC_PER_MSEC,
		  st_next_deadline(world.tree));
	st_world_event(&world, &(struct st_event){ .type = ST_EV_READY, .generation = 2 });
	st_world_exit(&world, "b", "3");
	EXPECT_EQ(world.now_ns + ST_MAX_TIMEOUT_MS * ST_NSEC_PER_MSEC,
		  st_next_deadline(world.tree));
	st_world_event(&world, &(struct st_event){ .type = ST_EV_STOP });
	EXPECT_EQ(world.now_ns + ST_MAX_TIMEOUT_MS * ST_NSEC_PER_MSEC,
		  st_next_deadline(world.tree));
	st_world_done(&world);
}

TEST(the_name_of_a_dynamic_child_may_be_too_long_for_its_path) /* [I1] */
{
	char id[ST_MAX_ID_LEN + 1], path[ST_MAX_PATH_LEN + 1] = "";
	struct st_request start = { .type = ST_REQUEST_START_CHILD, .sup = path };
	struct st_sup_spec *sup = st_words_sup("simple_one_for_one: w");
	struct st_event event = { .type = ST_EV_BOOT };
	struct st_effects effects;
	struct st_tree *tree;

	memset(id, 's', sizeof(id));
	id[ST_MAX_ID_LEN] = '\0';
	for (int i = 0; i < 16; i++) {
		struct st_child_spec *child = child_with(i ? id : "t", sup);

		st_sup_spec_put(sup);
		sup = sup_with(child, 1);
		st_child_spec_put(child);
		strcat(path, i ? id : "");
		strcat(path, i ? "/" : "");
	}
	strcat(path, "t");
	ASSERT_EQ(0, st_tree_new(sup, 1, &tree));
	st_sup_spec_put(sup);
	st_step(tree, 0, &event, &effects);
	event = (struct st_event){ .type = ST_EV_REQUEST, .request = &start };
	id[254] = '\0';
	start.id = id; /* with 15 * 256 + 2 bytes before it, one too long */
	st_step(tree, 0, &event, &effects);
	ASSERT_EQ(1, effects.nr);
	EXPECT_EQ(ST_REPLY_LIMIT, effects.items[0].reply);
	id[253] = '\0';
	st_step(tree, 0, &event, &effects);
	ASSERT_EQ(1, effects.nr);
	EXPECT_EQ(ST_FX_SPAWN, effects.items[0].type);
	st_tree_free(tree);
}

static struct st_child_spec *worker(const char *id, enum st_output out, enum st_ready ready)
{
	const char *argv[] = { "true" };
	struct st_child_def def;

	st_child_def_init(&def);
	def.id = id;
	def.process.argv = argv;
	def.process.nr_args = 1;
	def.process.out = out;
	def.process.ready = ready;
	return st_child_spec_new(&def);
}

/* Ask the root for one more child; what it answers, and ST_REPLY__MAX: it is being started. */
static enum st_reply start_one(struct st_tree *tree, struct st_child_spec *spec)
{
	struct st_request start = { .type = ST_REQUEST_START_CHILD,
				    .sup = "/",
				    .start.spec = spec };
	const struct st_event event = { .type = ST_EV_REQUEST, .request = &start };
	struct st_effects effects;

	start.id = "";
	st_step(tree, 0, &event, &effects);
	st_child_spec_put(spec);
	return effects.items[0].type == ST_FX_REPLY ? effects.items[0].reply : ST_REPLY__MAX;
}

TEST(a_tree_has_no_more_workers_than_it_has_descriptors_for) /* [X12] */
{
	const struct st_event boot = { .type = ST_EV_BOOT };
	struct st_sup_spec *sup = sup_with(NULL, 0);
	struct st_effects effects;
	struct st_tree *tree;

	ASSERT_EQ(0, st_tree_new(sup, 1, &tree));
	st_sup_spec_put(sup);
	EXPECT_EQ(0, tree->nr_fds);
	tree->max_fds = 4;
	st_step(tree, 0, &boot, &effects);
	EXPECT_EQ(ST_REPLY__MAX, start_one(tree, worker("a", ST_OUTPUT_RING, ST_READY_EXEC)));
	EXPECT_EQ(3, tree->nr_fds);
	st_step(tree, 0, &(struct st_event){ .type = ST_EV_READY, .generation = 2 }, &effects);
	EXPECT_EQ(ST_REPLY_LIMIT, start_one(tree, worker("b", ST_OUTPUT_RING, ST_READY_EXEC)));
	EXPECT_EQ(3, tree->nr_fds) TH_LOG("nothing has changed");
	EXPECT_EQ(ST_REPLY__MAX, start_one(tree, worker("b", ST_OUTPUT_NULL, ST_READY_EXEC)));
	EXPECT_EQ(4, tree->nr_fds);
	st_tree_free(tree);
}

TEST(what_a_worker_needs_depends_on_its_pipes_its_log_and_how_it_becomes_ready) /* [X12] */
{
	static const struct {
		enum st_output out;
		enum st_ready ready;
		enum st_log_to log;
		uint32_t nr;
		const char *stderr_path;
	} cases[] = {
		{ ST_OUTPUT_NULL, ST_READY_EXEC, ST_LOG_FILE, 1, NULL },
		{ ST_OUTPUT_INHERIT, ST_READY_NOTIFY, ST_LOG_NONE, 1, NULL },
		{ ST_OUTPUT_NULL, ST_READY_FD, ST_LOG_UNSET, 2, NULL },
		{ ST_OUTPUT_RING, ST_READY_EXEC, ST_LOG_UNSET, 3, NULL },
		{ ST_OUTPUT_RING, ST_READY_EXEC, ST_LOG_JOURNAL, 3, NULL },
		{ ST_OUTPUT_RING, ST_READY_EXEC, ST_LOG_FOLDER, 4, NULL },
		{ ST_OUTPUT_RING, ST_READY_FD, ST_LOG_FILE, 5, NULL },
		{ ST_OUTPUT_NULL, ST_READY_FD, ST_LOG_FILE, 2, "/err" },
		{ ST_OUTPUT_RING, ST_READY_FD, ST_LOG_FOLDER, 6, "/err" },
	};

	for (size_t i = 0; i < ST_ARRAY_SIZE(cases); i++) {
		const struct st_log_spec log = {
			.to = cases[i].log,
			.path = "/log",
			.stderr_path = cases[i].stderr_path,
		};
		struct st_child_spec *child = worker("a", cases[i].out, cases[i].ready);
		struct st_sup_spec *sup = sup_with(child, 1);
		struct st_tree *tree;

		st_child_spec_put(child);
		ASSERT_EQ(0, st_sup_spec_set_log(sup, &log));
		ASSERT_EQ(0, st_tree_new(sup, 1, &tree));
		st_sup_spec_put(sup);
		EXPECT_EQ(cases[i].nr, tree->nr_fds) TH_LOG("case %zu", i);
		st_tree_free(tree);
	}
}

/* A cgroup, and a descendant whose end is waited for. [G9] */
TEST(a_worker_that_ends_with_its_descendants_needs_two_more) /* [X12] */
{
	const char *argv[] = { "true" };
	struct st_child_def def;
	struct st_tree *tree;

	st_child_def_init(&def);
	def.id = "a";
	def.process.argv = argv;
	def.process.nr_args = 1;
	def.process.kill_subtree = true;
	struct st_child_spec *child = st_child_spec_new(&def);
	struct st_sup_spec *sup = sup_with(child, 1);

	st_child_spec_put(child);
	ASSERT_EQ(0, st_tree_new(sup, 1, &tree));
	st_sup_spec_put(sup);
	EXPECT_EQ(5, tree->nr_fds);
	st_tree_free(tree);
}

TEST_HARNESS_MAIN
