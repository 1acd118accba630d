// SPDX-License-Identifier: GPL-2.0-only
/*
 * Users that another process has looked up: what it has found is used, once, and the
 * database is not asked again.
 */
#include "daemon/ahead_text.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "kselftest_harness.h"

FIXTURE(ahead)
{
	struct st_identities there; /* in the other process */
	struct st_identities here;
	struct st_buf text;
	struct st_buf why;
	struct st_child_spec *spec;
};

/* A user that no database has. */
#define NAME "st-nobody-has-this-name"

FIXTURE_SETUP(ahead)
{
	static const char *const argv[] = { "x" };
	struct st_child_def def;

	st_child_def_init(&def);
	def.id = "a";
	def.process.argv = argv;
	def.process.nr_args = 1;
	def.process.user = NAME;
	self->spec = st_child_spec_new(&def);
	ASSERT_NE(NULL, self->spec);
	st_identities_init(&self->there);
	st_identities_init(&self->here);
	st_buf_init(&self->text);
	st_buf_init(&self->why);
}

FIXTURE_TEARDOWN(ahead)
{
	st_identities_done(&self->there);
	st_identities_done(&self->here);
	st_buf_done(&self->text);
	st_buf_done(&self->why);
	st_child_spec_put(self->spec);
}

/* The other process has found the user, with these groups. */
static void find(FIXTURE_DATA(ahead) * self, size_t nr_groups)
{
	struct st_identity *identity = st_identity_new(NAME, NULL);

	identity->credentials.uid = 4000000001u;
	identity->credentials.gid = 12;
	identity->credentials.groups = st_alloc_array(nr_groups, sizeof(gid_t));
	for (size_t i = 0; i < nr_groups; i++)
		identity->credentials.groups[identity->credentials.nr_groups++] = (gid_t)(100 + i);
	st_identity_expect(&self->there, identity);
}

static int pass_on(FIXTURE_DATA(ahead) * self)
{
	st_ahead_write(&self->there, &self->text);
	st_ahead_read(&self->text, &self->here);
	return st_identity_prepare(&self->here, self->spec, &self->why);
}

static const struct st_credentials *found(FIXTURE_DATA(ahead) * self)
{
	return st_identity_find(&self->here, &self->spec->def.process);
}

TEST_F(ahead, what_was_found_is_what_a_child_gets)
{
	find(self, 300);
	EXPECT_TRUE(st_identity_is_unknown(&self->here, self->spec));
	if (pass_on(self)) /* the rights to use it are another matter */
		ASSERT_NE(NULL, strstr(st_buf_text(&self->why), "needs rights"));
	ASSERT_NE(NULL, found(self));
	EXPECT_EQ(4000000001u, found(self)->uid);
	EXPECT_EQ(12, found(self)->gid);
	EXPECT_EQ(300, found(self)->nr_groups);
	EXPECT_EQ(399, found(self)->groups[299]);
	EXPECT_FALSE(st_identity_is_unknown(&self->here, self->spec));
	EXPECT_STREQ("HOME=/", st_identity_environment(&self->here, NAME, NULL)[0]);
}

TEST_F(ahead, that_there_is_none_is_found_too)
{
	struct st_identity *identity = st_identity_new(NAME, NULL);

	identity->err = -EHOSTDOWN; /* no look-up of this test fails so */
	identity->what = "user";
	st_identity_expect(&self->there, identity);
	EXPECT_EQ(-EINVAL, pass_on(self));
	EXPECT_STREQ("user " NAME ": Host is down (child a)", st_buf_text(&self->why));
	EXPECT_TRUE(st_list_is_empty(&self->here.ahead)) TH_LOG("it counts once");
	st_buf_reset(&self->why);
	EXPECT_EQ(-EINVAL, st_identity_prepare(&self->here, self->spec, &self->why));
	EXPECT_STREQ("user " NAME ": there is none of that name (child a)",
		     st_buf_text(&self->why));
}

TEST_F(ahead, the_look_up_itself_finds_the_same)
{
	ASSERT_EQ(0, st_identity_look_ahead(&self->there, self->spec));
	ASSERT_EQ(0, st_identity_look_ahead(&self->there, self->spec));
	EXPECT_EQ(-EINVAL, pass_on(self));
	EXPECT_STREQ("user " NAME ": there is none of that name (child a)",
		     st_buf_text(&self->why));
}

TEST_F(ahead, of_a_text_that_is_cut_only_what_is_whole_counts)
{
	find(self, 3);
	st_ahead_write(&self->there, &self->text);
	for (size_t len = 0; len < self->text.len; len++) {
		struct st_buf part = ST_BUF_INIT;

		st_buf_add(&part, self->text.data, len);
		st_ahead_read(&part, &self->here);
		EXPECT_TRUE(st_list_is_empty(&self->here.ahead)) TH_LOG("%zu bytes", len);
		st_buf_done(&part);
	}
}

TEST_F(ahead, without_memory_nothing_is_expected)
{
	bool is_whole = false;

	find(self, 3);
	st_ahead_write(&self->there, &self->text);
	for (unsigned long nth = 1; !is_whole; nth++) {
		st_alloc_fail_at(nth);
		st_ahead_read(&self->text, &self->here);
		st_alloc_fail_at(0);
		is_whole = !st_list_is_empty(&self->here.ahead);
		st_identities_forget_ahead(&self->here);
		ASSERT_GT(20, nth);
	}
}

TEST_HARNESS_MAIN
