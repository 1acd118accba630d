// SPDX-License-Identifier: GPL-2.0-only
/* The table of logins: lifetimes and limits, with a clock that the test moves. */
#include "daemon/logins.h"

#include <errno.h>
#include <string.h>

#include "kselftest_harness.h"

#define SECOND_NS UINT64_C(1000000000)
#define ALICE 1001
#define BOB 1002

FIXTURE(logins)
{
	struct st_logins logins;
	char secret[ST_SECRET_SIZE];
};

FIXTURE_SETUP(logins)
{
	memset(&self->logins, 0, sizeof(self->logins));
}

FIXTURE_TEARDOWN(logins)
{
}

static int add(struct st_logins *logins, enum st_login_kind kind, uid_t uid, uint64_t now_ns,
	       char *ret_secret)
{
	const struct st_login login = { .kind = kind, .role = ST_ROLE_OPERATOR, .uid = uid };

	return st_login_add(logins, &login, now_ns, ret_secret);
}

TEST_F(logins, a_ticket_ends_after_a_minute)
{
	ASSERT_EQ(0, add(&self->logins, ST_LOGIN_TICKET, ALICE, SECOND_NS, self->secret));
	EXPECT_NE(NULL, st_login_find(&self->logins, self->secret, 60 * SECOND_NS));
	EXPECT_EQ(NULL, st_login_find(&self->logins, self->secret, 61 * SECOND_NS));
}

TEST_F(logins, a_secret_gives_its_own_role_and_a_similar_one_gives_none)
{
	struct st_login *found;

	ASSERT_EQ(0, add(&self->logins, ST_LOGIN_TOKEN, ALICE, 0, self->secret));
	found = st_login_find(&self->logins, self->secret, 1);
	ASSERT_NE(NULL, found);
	EXPECT_EQ(ST_ROLE_OPERATOR, found->role);
	EXPECT_EQ(ALICE, found->uid);
	self->secret[ST_SECRET_SIZE - 2] ^= 1;
	EXPECT_EQ(NULL, st_login_find(&self->logins, self->secret, 1));
	EXPECT_EQ(NULL, st_login_find(&self->logins, "", 1));
}

TEST_F(logins, the_table_does_not_hold_the_secret)
{
	ASSERT_EQ(0, add(&self->logins, ST_LOGIN_TOKEN, ALICE, 0, self->secret));
	EXPECT_EQ(NULL, memmem(&self->logins, sizeof(self->logins), self->secret, 8));
}

TEST_F(logins, a_login_that_was_ended_is_not_found)
{
	struct st_login *found;

	ASSERT_EQ(0, add(&self->logins, ST_LOGIN_SESSION, ALICE, 0, self->secret));
	found = st_login_find(&self->logins, self->secret, 1);
	ASSERT_NE(NULL, found);
	st_login_end(found);
	EXPECT_EQ(NULL, st_login_find(&self->logins, self->secret, 1));
}

TEST_F(logins, a_user_who_has_too_many_takes_none_from_others)
{
	for (int i = 0; i < ST_LOGINS_PER_USER; i++)
		ASSERT_EQ(0, add(&self->logins, ST_LOGIN_TICKET, ALICE, 0, self->secret));
	EXPECT_EQ(-ENOSPC, add(&self->logins, ST_LOGIN_TICKET, ALICE, 1, self->secret));
	EXPECT_EQ(0, add(&self->logins, ST_LOGIN_TICKET, BOB, 1, self->secret));
	/* those that have ended make room */
	EXPECT_EQ(0, add(&self->logins, ST_LOGIN_TICKET, ALICE, 61 * SECOND_NS, self->secret));
}

TEST_F(logins, the_whole_table_has_a_limit)
{
	for (uid_t uid = 0; uid < ST_LOGINS_MAX; uid++)
		ASSERT_EQ(0, add(&self->logins, ST_LOGIN_TOKEN, uid, 0, self->secret));
	EXPECT_EQ(-ENOSPC, add(&self->logins, ST_LOGIN_TOKEN, ST_LOGINS_MAX, 1, self->secret));
}

TEST_HARNESS_MAIN
