// SPDX-License-Identifier: GPL-2.0-only
/*
 * The answers of tree and ps as slices: how much each turn does, and that the whole is the
 * same JSON however it is cut.
 */
#include "daemon/requests/nodes.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/step.h"
#include "daemon/history/events.h"
#include "daemon/process/process.h"
#include "kselftest_harness.h"

#define NR_SUPS 100
#define NR_WORKERS 99 /* below each */
#define NR_NODES (1 + NR_SUPS + NR_SUPS * NR_WORKERS)
#define ROOM (64u << 10)

FIXTURE(nodes)
{
	struct st_tree *tree;
	struct st_events *events;
	struct st_processes processes;
	struct st_nodes_query query;
	struct st_buf out;
};

static struct st_child_spec *make(const char *id, struct st_child_spec *below, uint32_t nr)
{
	struct st_child_spec **children = calloc(nr + 1, sizeof(struct st_child_spec *));
	const char *argv[] = { "true" };
	struct st_sup_flags flags;
	struct st_child_def def;
	struct st_child_spec *spec;

	st_child_def_init(&def);
	def.id = id;
	def.process.argv = argv;
	def.process.nr_args = 1;
	if (below) {
		st_sup_flags_init(&flags);
		for (uint32_t i = 0; i < nr; i++)
			children[i] = below;
		def.type = ST_CHILD_TYPE_SUPERVISOR;
		def.sup = st_sup_spec_new(&flags, children, nr);
	}
	spec = st_child_spec_new(&def);
	st_sup_spec_put(def.sup);
	st_child_spec_put(below);
	free(children);
	return spec;
}

FIXTURE_SETUP(nodes)
{
	struct st_child_spec *root =
		make("root", make("s", make("w", NULL, 0), NR_WORKERS), NR_SUPS);

	memset(self, 0, sizeof(*self));
	ASSERT_EQ(0, st_tree_new(root->def.sup, 1, &self->tree));
	st_child_spec_put(root);
	ASSERT_EQ(0, st_events_new(NULL, &self->events));
	st_step(self->tree, 0, &(struct st_event){ .type = ST_EV_BOOT }, &(struct st_effects){ 0 });
	/* a supervisor has its children when it starts */
	for (uint64_t generation = 1; generation <= NR_NODES; generation++)
		st_step(self->tree, 0,
			&(struct st_event){ .type = ST_EV_READY, .generation = generation },
			&(struct st_effects){ 0 });
	self->query = (struct st_nodes_query){
		.view = { .processes = &self->processes, .events = self->events },
		.tree = self->tree,
		.top = self->tree->root,
		.limit = UINT64_MAX,
		.depth = UINT32_MAX,
		.state = -1,
	};
}

FIXTURE_TEARDOWN(nodes)
{
	st_buf_done(&self->out);
	st_events_free(self->events);
	st_tree_free(self->tree);
}

/* By hand: each strstr() of a sanitizer measures the whole text, which is megabytes. */
static unsigned int count(const char *text, const char *word)
{
	size_t len = strlen(word);
	unsigned int nr = 0;

	for (; *text; text++)
		nr += *text == *word && !strncmp(text, word, len);
	return nr;
}

struct sum {
	unsigned int nr_slices;
	unsigned int most_nodes; /* in one slice */
	size_t most_bytes;
};

/* Write a whole answer into ->out. */
static struct sum write_all(FIXTURE_DATA(nodes) * self, size_t room)
{
	struct st_slices *slices = st_nodes_new(&self->query);
	struct sum sum = { 0 };
	bool is_whole;

	if (!slices)
		abort();
	st_buf_reset(&self->out);
	do {
		size_t before = self->out.len;
		unsigned int nr;

		is_whole = slices->write(slices, &self->out, room);
		nr = count(st_buf_text(&self->out) + before, "\"path\":");
		sum.nr_slices++;
		if (nr > sum.most_nodes)
			sum.most_nodes = nr;
		if (self->out.len - before > sum.most_bytes)
			sum.most_bytes = self->out.len - before;
	} while (!is_whole);
	slices->free(slices);
	return sum;
}

TEST_F(nodes, a_slice_of_10000_children_has_256_of_them_and_at_most_its_room)
{
	for (int is_nested = 0; is_nested < 2; is_nested++) {
		struct sum sum;

		self->query.is_nested = is_nested;
		sum = write_all(self, ROOM);
		EXPECT_EQ(NR_NODES, count(st_buf_text(&self->out), "\"path\":"));
		EXPECT_GE(256, sum.most_nodes);
		EXPECT_LE(NR_NODES / 256, sum.nr_slices);
		EXPECT_GE(ROOM + 512, sum.most_bytes);
	}
}

TEST_F(nodes, however_it_is_cut_it_is_the_same_and_it_is_JSON)
{
	/* all but what changes by itself */
	self->query.view.fields = ((1u << ST_FIELD__MAX) - 1) & ~(1u << ST_FIELD_UPTIME);
	for (int is_nested = 0; is_nested < 2; is_nested++) {
		char *whole;
		json_t *json;

		self->query.is_nested = is_nested;
		(void)write_all(self, SIZE_MAX / 2);
		whole = strdup(st_buf_text(&self->out));
		(void)write_all(self, 1);
		EXPECT_STREQ(whole, st_buf_text(&self->out));
		json = json_loads(whole, 0, NULL);
		EXPECT_NE(NULL, json);
		json_decref(json);
		free(whole);
	}
}

TEST_F(nodes, a_slice_that_shows_nothing_does_not_look_at_more)
{
	self->query.state = ST_CHILD_RESTARTING; /* none */
	EXPECT_LE(NR_NODES / 256, write_all(self, ROOM).nr_slices);
	EXPECT_STREQ("[]", st_buf_text(&self->out));
}

TEST_F(nodes, a_tree_after_its_last_child_has_its_root)
{
	struct st_child *last = self->tree->root;

	for (struct st_child *child = last; child; child = st_child_next(child, self->tree->root))
		last = child;
	self->query.is_nested = true;
	self->query.after = last;
	self->query.view.fields = 1u << ST_FIELD_ID;
	(void)write_all(self, ROOM);
	EXPECT_STREQ("{\"seq\":0,\"root\":{\"id\":\"/\",\"path\":\"/\",\"partial\":true,"
		     "\"children\":[]},\"seq_end\":0}",
		     st_buf_text(&self->out));
}

/* It may be removed before the next slice. */
TEST_F(nodes, the_first_slice_of_a_tree_has_its_root_also_without_room)
{
	struct st_slices *slices;

	self->query.is_nested = true;
	self->query.view.fields = 1u << ST_FIELD_ID;
	slices = st_nodes_new(&self->query);
	EXPECT_FALSE(slices->write(slices, &self->out, 0));
	slices->free(slices);
	EXPECT_STREQ("{\"seq\":0,\"root\":{\"id\":\"/\",\"path\":\"/\",\"partial\":true,"
		     "\"children\":[",
		     st_buf_text(&self->out));
}

TEST_HARNESS_MAIN
