// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keys in paths: which partition has which key, and what is no key. [X5]
 */
#include "daemon/requests/partition.h"

#include <stdio.h>
#include <string.h>

#include "core/step.h"
#include "kselftest_harness.h"
#include "lib/small_tree.h"

FIXTURE(partition)
{
	struct small_tree small;
	struct st_buf path;
};

/* A supervisor with partitions: their specs are of no interest here. */
static struct st_child_spec *pool(const char *id, uint32_t nr)
{
	struct st_child_spec *children[16];
	struct st_child_spec *spec;
	struct st_sup_spec *sup;
	char name[16];

	for (uint32_t i = 0; i < nr; i++) {
		snprintf(name, sizeof(name), "%u", i);
		children[i] = small_worker(name, ST_RESTART_PERMANENT);
	}
	sup = small_sup_spec(ST_STRATEGY_ONE_FOR_ONE, 3, children, nr);
	sup->flags.partitions = nr;
	spec = small_supervisor(id, ST_RESTART_PERMANENT, ST_SHUTDOWN_INFINITY, sup);
	return spec;
}

FIXTURE_SETUP(partition)
{
	struct st_child_spec *children[] = { pool("p", 7), pool("q", 2),
					     small_worker("a", ST_RESTART_PERMANENT) };
	struct st_sup_spec *root = small_sup_spec(ST_STRATEGY_ONE_FOR_ONE, 3, children, 3);

	self->small = (struct small_tree){ .now_ns = ST_NSEC_PER_SEC };
	ASSERT_EQ(0, st_tree_new(root, 1, &self->small.tree));
	st_sup_spec_put(root);
	small_tree_boot(&self->small); /* a tree is not there before it starts */
	st_buf_init(&self->path);
}

FIXTURE_TEARDOWN(partition)
{
	small_tree_done(&self->small);
	st_buf_done(&self->path);
}

static const char *routed(FIXTURE_DATA(partition) * self, const char *path)
{
	st_buf_reset(&self->path);
	if (st_partition_path(self->small.tree, path, &self->path) ==
	    !strcmp(path, self->path.data))
		return "it says the wrong thing about whether there was a key";
	return st_buf_text(&self->path);
}

/* RULES.md promises these numbers: a key keeps its partition over all versions. */
static const struct {
	const char *path, *routed;
} paths[] = {
	{ "p/{0}", "p/0" },
	{ "p/{6}", "p/6" },
	{ "p/{7}", "p/0" },
	{ "p/{-8}", "p/1" },
	{ "p/{123456789012345678901234567890}", "p/0" },
	{ "p/{}", "p/2" },
	{ "p/{a}", "p/5" },
	{ "p/{user:42}", "p/0" },
	{ "p/{7.0}", "p/0" },
	{ "p/{-}", "p/0" },
	{ "/p/{3}", "/p/3" },
	{ "p/{a/b}", "p/3" },
	{ "p/{x}y}", "p/2" },
	{ "p/{3}/{4}", "p/3/{4}" },
	{ "q/{3}/more", "q/1/more" },
	{ "a/{3}", "a/{3}" },
	{ "none/{3}", "none/{3}" },
	{ "p", "p" },
	{ "{3}", "{3}" },
	{ "p/{3", "p/{3" },
	{ "p/{3}x", "p/{3}x" },
	{ "/", "/" },
};

TEST_F(partition, a_key_leads_to_its_partition_and_the_rest_stays) /* [X5] */
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(paths); i++) {
		EXPECT_STREQ(paths[i].routed, routed(self, paths[i].path))
		TH_LOG("%s", paths[i].path);
	}
}

TEST_HARNESS_MAIN
