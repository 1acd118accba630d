// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registered names, compared with a table that is searched from its beginning.
 */
#include "daemon/names/names.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "kselftest_harness.h"

FIXTURE(names)
{
	struct st_names names;
};

FIXTURE_SETUP(names)
{
	st_names_init(&self->names, ST_MAX_NAMES);
}

FIXTURE_TEARDOWN(names)
{
	st_names_done(&self->names);
}

TEST_F(names, a_name_belongs_to_who_registered_it_first)
{
	EXPECT_EQ(0, st_names_find(&self->names, "x"));
	ASSERT_EQ(0, st_names_register(&self->names, "x", 7));
	EXPECT_EQ(-EEXIST, st_names_register(&self->names, "x", 8));
	EXPECT_EQ(-EEXIST, st_names_register(&self->names, "x", 7));
	EXPECT_EQ(7, st_names_find(&self->names, "x"));
	EXPECT_EQ(-ENOENT, st_names_remove(&self->names, "x", 8));
	EXPECT_EQ(0, st_names_remove(&self->names, "x", 7));
	EXPECT_EQ(-ENOENT, st_names_remove(&self->names, "x", 7));
	EXPECT_EQ(0, st_names_find(&self->names, "x"));
	EXPECT_EQ(0, self->names.nr);
}

TEST_F(names, all_names_of_a_process_go_with_it)
{
	ASSERT_EQ(0, st_names_register(&self->names, "a", 7));
	ASSERT_EQ(0, st_names_register(&self->names, "b", 8));
	ASSERT_EQ(0, st_names_register(&self->names, "c", 7));
	st_names_forget(&self->names, 7);
	st_names_forget(&self->names, 7);
	EXPECT_EQ(0, st_names_find(&self->names, "a"));
	EXPECT_EQ(8, st_names_find(&self->names, "b"));
	EXPECT_EQ(0, st_names_find(&self->names, "c"));
	EXPECT_EQ(1, self->names.nr);
}

TEST_F(names, a_process_has_so_many_names_and_no_more)
{
	char name[16];

	for (int i = 0; i < ST_MAX_NAMES; i++) {
		snprintf(name, sizeof(name), "n%d", i);
		ASSERT_EQ(0, st_names_register(&self->names, name, 7));
	}
	EXPECT_EQ(-E2BIG, st_names_register(&self->names, "more", 7));
	EXPECT_EQ(0, st_names_register(&self->names, "more", 8));
	EXPECT_EQ(0, st_names_remove(&self->names, "n5", 7));
	EXPECT_EQ(0, st_names_register(&self->names, "n5", 7));
}

TEST_F(names, without_memory_nothing_has_changed)
{
	for (unsigned long nth = 1; nth <= 3; nth++) {
		st_alloc_fail_at(nth);
		EXPECT_EQ(-ENOMEM, st_names_register(&self->names, "x", 7));
		st_alloc_fail_at(0);
		EXPECT_EQ(0, st_names_find(&self->names, "x"));
		EXPECT_EQ(0, self->names.nr);
		st_names_done(&self->names);
		st_names_init(&self->names, ST_MAX_NAMES);
	}
	EXPECT_EQ(0, st_names_register(&self->names, "x", 7));
}

static unsigned int count_sharers(const struct st_names *names, const char *text)
{
	unsigned int nr = 0;

	for (const struct st_name *name = st_names_first(names, text); name;
	     name = st_names_next(name))
		nr++;
	return nr;
}

TEST(a_shared_name_is_that_of_all_who_have_it_as_often_as_they_do)
{
	struct st_names groups;

	st_names_init(&groups, ST_MAX_MEMBERSHIPS);
	EXPECT_EQ(0, count_sharers(&groups, "us"));
	ASSERT_EQ(0, st_names_join(&groups, "us", 7));
	ASSERT_EQ(0, st_names_join(&groups, "us", 8));
	ASSERT_EQ(0, st_names_join(&groups, "us", 7));
	ASSERT_EQ(0, st_names_join(&groups, "them", 7));
	EXPECT_EQ(3, count_sharers(&groups, "us"));
	EXPECT_EQ(1, count_sharers(&groups, "them"));
	EXPECT_EQ(0, st_names_remove(&groups, "us", 7));
	EXPECT_EQ(2, count_sharers(&groups, "us"));
	EXPECT_EQ(-ENOENT, st_names_remove(&groups, "us", 9));
	st_names_forget(&groups, 7);
	EXPECT_EQ(1, count_sharers(&groups, "us"));
	EXPECT_EQ(8, st_names_first(&groups, "us")->generation);
	EXPECT_EQ(0, count_sharers(&groups, "them"));
	for (int i = 0; i < ST_MAX_MEMBERSHIPS; i++)
		ASSERT_EQ(0, st_names_join(&groups, "many", 9));
	EXPECT_EQ(-E2BIG, st_names_join(&groups, "many", 9));
	st_names_done(&groups);
}

#define NR_NAMES 40
#define NR_PROCESSES 12
#define NR_STEPS 20000

/* Each was searched among all that have the name, so this took 25,000 steps for each. */
TEST(fifty_thousand_leave_one_group_and_the_oldest_leaves_first)
{
	const uint64_t nr = 50000;
	const struct st_name *member;
	struct st_names groups;

	st_names_init(&groups, ST_MAX_MEMBERSHIPS);
	for (uint64_t i = 1; i <= nr; i++)
		ASSERT_EQ(0, st_names_join(&groups, "g", i));
	for (uint64_t i = 1; i <= nr; i++) {
		member = st_names_first(&groups, "g");
		ASSERT_NE(NULL, member);
		ASSERT_EQ(nr, member->generation);
		st_names_forget(&groups, i);
	}
	EXPECT_EQ(NULL, st_names_first(&groups, "g"));
	EXPECT_EQ(0, groups.nr);
	st_names_done(&groups);
}

TEST_F(names, whatever_happens_a_name_has_the_owner_that_it_should_have)
{
	uint64_t owner[NR_NAMES] = { 0 };

	srandom(1);
	for (int step = 0; step < NR_STEPS; step++) {
		uint64_t generation = 1 + (uint64_t)(random() % NR_PROCESSES);
		int number = (int)(random() % NR_NAMES), of_process = 0;
		char name[16];

		snprintf(name, sizeof(name), "n%d", number);
		ASSERT_EQ(owner[number], st_names_find(&self->names, name));
		for (int i = 0; i < NR_NAMES; i++)
			of_process += owner[i] == generation;
		switch (random() % 8) {
		case 0:
			st_names_forget(&self->names, generation);
			for (int i = 0; i < NR_NAMES; i++)
				owner[i] = owner[i] == generation ? 0 : owner[i];
			break;
		case 1:
		case 2:
			ASSERT_EQ(owner[number] == generation ? 0 : -ENOENT,
				  st_names_remove(&self->names, name, generation));
			owner[number] = owner[number] == generation ? 0 : owner[number];
			break;
		default:
			ASSERT_EQ(owner[number]		     ? -EEXIST :
				  of_process == ST_MAX_NAMES ? -E2BIG :
							       0,
				  st_names_register(&self->names, name, generation));
			if (!owner[number] && of_process < ST_MAX_NAMES)
				owner[number] = generation;
			break;
		}
	}
}

TEST_HARNESS_MAIN
