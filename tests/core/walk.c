// SPDX-License-Identifier: GPL-2.0-only
/*
 * Walks that outlive steps: a child that stays is visited once, and a removed one never.
 */
#include "core/walk.h"

#include <stdio.h>
#include <string.h>

#include "core/step.h"
#include "kselftest_harness.h"
#include "lib/play.h"

FIXTURE(walk)
{
	struct st_tree *tree;
	struct st_walk walk;
	char seen[4096];
};

static struct st_child_spec *worker(const char *id)
{
	const char *argv[] = { "true" };
	struct st_child_def def;

	st_child_def_init(&def);
	def.id = id;
	def.process.argv = argv;
	def.process.nr_args = 1;
	return st_child_spec_new(&def);
}

static struct st_child_spec *sup(const char *id, struct st_child_spec **children, uint32_t nr)
{
	struct st_sup_flags flags;
	struct st_child_def def;
	struct st_child_spec *spec;

	st_sup_flags_init(&flags);
	st_child_def_init(&def);
	def.id = id;
	def.type = ST_CHILD_TYPE_SUPERVISOR;
	def.sup = st_sup_spec_new(&flags, children, nr);
	spec = st_child_spec_new(&def);
	st_sup_spec_put(def.sup);
	for (uint32_t i = 0; i < nr; i++)
		st_child_spec_put(children[i]);
	return spec;
}

/* / with a, s (x, y, z), t (u), b; not started, so children can be deleted at once. */
FIXTURE_SETUP(walk)
{
	struct st_child_spec *s[] = { worker("x"), worker("y"), worker("z") };
	struct st_child_spec *t[] = { worker("u") };
	struct st_child_spec *all[] = { worker("a"), sup("s", s, 3), sup("t", t, 1), worker("b") };
	struct st_child_spec *root = sup("r", all, 4);

	ASSERT_EQ(0, st_tree_new(root->def.sup, 1, &self->tree));
	st_child_spec_put(root);
	self->seen[0] = '\0';
	st_step(self->tree, 0, &(struct st_event){ .type = ST_EV_BOOT }, &(struct st_effects){ 0 });
	for (uint64_t generation = 1; generation < 20; generation++)
		st_step(self->tree, 0,
			&(struct st_event){ .type = ST_EV_READY, .generation = generation },
			&(struct st_effects){ 0 });
	st_walk_begin(&self->walk, self->tree, self->tree->root);
}

FIXTURE_TEARDOWN(walk)
{
	st_walk_end(&self->walk);
	for (struct st_child *child = self->tree->root; child;
	     child = st_child_next(child, self->tree->root))
		EXPECT_EQ(0, child->nr_walks);
	st_tree_free(self->tree);
}

static const char *visit(FIXTURE_DATA(walk) * self, int nr)
{
	while (nr-- && self->walk.at) {
		snprintf(self->seen + strlen(self->seen), sizeof(self->seen) - strlen(self->seen),
			 "%s ", st_child_name(self->walk.at));
		st_walk_next(&self->walk, true);
	}
	return self->seen;
}

static void ask(FIXTURE_DATA(walk) * self, enum st_request_type type, const char *sup_path,
		const char *id)
{
	struct st_request request = { .type = type, .sup = sup_path, .id = id };

	st_step(self->tree, 0, &(struct st_event){ .type = ST_EV_REQUEST, .request = &request },
		&(struct st_effects){ 0 });
}

/* Terminate a child, whatever is below it, and delete it. */
static void delete (FIXTURE_DATA(walk) * self, const char *sup_path, const char *id)
{
	ask(self, ST_REQUEST_TERMINATE_CHILD, sup_path, id);
	/* they stop in reverse order */
	for (uint64_t generation = 20; generation; generation--) {
		const struct st_child *child = st_tree_find_generation(self->tree, generation);

		if (!child || child->state != ST_CHILD_STOPPING || child->sup)
			continue;
		st_step(self->tree, 0,
			&(struct st_event){ .type = ST_EV_EXITED,
					    .generation = generation,
					    .reason = { .type = ST_REASON_SHUTDOWN } },
			&(struct st_effects){ 0 });
	}
	ask(self, ST_REQUEST_DELETE_CHILD, sup_path, id);
	st_step(self->tree, 0, &(struct st_event){ .type = ST_EV_TICK }, &(struct st_effects){ 0 });
}

TEST_F(walk, visits_all_in_the_order_of_their_starts)
{
	EXPECT_STREQ("/ a s x y z t u b ", visit(self, 100));
}

TEST_F(walk, need_not_go_below_a_child)
{
	visit(self, 2);
	st_walk_next(&self->walk, false);
	EXPECT_STREQ("/ a t u b ", visit(self, 100));
}

TEST_F(walk, goes_on_after_a_child_that_was_removed)
{
	visit(self, 4); /* y is next */
	delete (self, "s", "y");
	EXPECT_STREQ("/ a s x z t u b ", visit(self, 100));
}

TEST_F(walk, goes_on_above_if_the_last_one_was_removed)
{
	visit(self, 5); /* z is next */
	delete (self, "s", "z");
	EXPECT_STREQ("/ a s x y t u b ", visit(self, 100));
}

TEST_F(walk, goes_on_after_a_removed_supervisor_when_it_is_below_it)
{
	visit(self, 4);
	delete (self, "/", "s");
	EXPECT_STREQ("/ a s x t u b ", visit(self, 100));
}

TEST_F(walk, ends_when_its_top_is_removed)
{
	st_walk_end(&self->walk);
	st_walk_begin(&self->walk, self->tree, st_tree_find(self->tree, "s"));
	visit(self, 2);
	delete (self, "/", "s");
	EXPECT_EQ(NULL, self->walk.at);
	EXPECT_STREQ("s x ", visit(self, 100));
}

TEST_F(walk, is_not_disturbed_by_what_is_removed_elsewhere)
{
	visit(self, 4);
	delete (self, "/", "a");
	delete (self, "t", "u");
	EXPECT_STREQ("/ a s x y z t b ", visit(self, 100));
}

TEST_HARNESS_MAIN
