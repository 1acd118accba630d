// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of operations that processes offer: which process offers them, when
 * they are removed, and how many there may be.
 */
#include "daemon/names/offers.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "kselftest_harness.h"

FIXTURE(offers)
{
	struct st_offers offers;
};

FIXTURE_SETUP(offers)
{
	st_offers_init(&self->offers);
}

FIXTURE_TEARDOWN(offers)
{
	st_offers_done(&self->offers);
}

static struct st_offer *make(const char *name, const char *summary)
{
	json_t *described = json_pack("{s:s, s:s}", "name", name, "summary", summary);
	struct st_rpc_error error;
	struct st_offer *offer = NULL;

	if (st_offer_read(described, ST_OFFER_FROM_CHILD, &offer, &error))
		offer = NULL;
	json_decref(described);
	return offer;
}

/* As a child would; what is not taken is freed. */
static int add(struct st_offers *offers, const char *name, uint64_t generation)
{
	struct st_offer *offer = make(name, "what it does");
	int ret = offer ? st_offers_add(offers, offer, generation) : -EINVAL;

	if (ret)
		st_offer_free(offer);
	return ret;
}

static int add_many(struct st_offers *offers, unsigned int nr, uint64_t generation)
{
	char name[16];
	int ret = 0;

	for (unsigned int i = 0; !ret && i < nr; i++) {
		snprintf(name, sizeof(name), "op_%u", i);
		ret = add(offers, name, generation);
	}
	return ret;
}

TEST_F(offers, each_process_has_its_own)
{
	ASSERT_EQ(0, add(&self->offers, "get", 7));
	ASSERT_EQ(0, add(&self->offers, "get", 8));
	EXPECT_NE(NULL, st_offers_find(&self->offers, "get", 7));
	EXPECT_NE(st_offers_find(&self->offers, "get", 7), st_offers_find(&self->offers, "get", 8));
	EXPECT_EQ(NULL, st_offers_find(&self->offers, "get", 9));
	EXPECT_EQ(NULL, st_offers_find(&self->offers, "put", 7));
	EXPECT_EQ(0, st_offers_remove(&self->offers, "get", 7));
	EXPECT_EQ(-ENOENT, st_offers_remove(&self->offers, "get", 7));
	EXPECT_EQ(NULL, st_offers_find(&self->offers, "get", 7));
	EXPECT_NE(NULL, st_offers_find(&self->offers, "get", 8));
	EXPECT_EQ(1, self->offers.nr);
}

TEST_F(offers, all_of_a_process_go_with_it)
{
	ASSERT_EQ(0, add_many(&self->offers, 5, 7));
	ASSERT_EQ(0, add_many(&self->offers, 3, 8));
	st_offers_forget(&self->offers, 7);
	st_offers_forget(&self->offers, 7);
	EXPECT_EQ(3, self->offers.nr);
	EXPECT_EQ(NULL, st_offers_find(&self->offers, "op_0", 7));
	EXPECT_NE(NULL, st_offers_find(&self->offers, "op_0", 8));
}

TEST_F(offers, one_of_the_middle_can_be_removed)
{
	ASSERT_EQ(0, add_many(&self->offers, 3, 7));
	ASSERT_EQ(0, st_offers_remove(&self->offers, "op_1", 7));
	EXPECT_NE(NULL, st_offers_find(&self->offers, "op_0", 7));
	EXPECT_EQ(NULL, st_offers_find(&self->offers, "op_1", 7));
	EXPECT_NE(NULL, st_offers_find(&self->offers, "op_2", 7));
}

TEST_F(offers, one_that_is_offered_again_replaces_the_first_and_is_the_last_of_the_list)
{
	const struct st_offering *last;

	ASSERT_EQ(0, add_many(&self->offers, 3, 7));
	ASSERT_EQ(0, st_offers_add(&self->offers, make("op_0", "another"), 7));
	EXPECT_EQ(3, self->offers.nr);
	EXPECT_STREQ("another", st_offers_find(&self->offers, "op_0", 7)->row.summary);
	last = st_list_entry(self->offers.list.prev, struct st_offering, link);
	EXPECT_STREQ("op_0", last->offer->row.name);
	EXPECT_EQ(self->offers.last_seq, last->seq);
}

TEST_F(offers, a_process_has_so_many_and_no_more)
{
	ASSERT_EQ(0, add_many(&self->offers, ST_MAX_OFFERS, 7));
	EXPECT_EQ(-E2BIG, add(&self->offers, "more", 7));
	EXPECT_EQ(0, add(&self->offers, "op_0", 7));
	ASSERT_EQ(0, st_offers_remove(&self->offers, "op_3", 7));
	EXPECT_EQ(0, add(&self->offers, "more", 7));
}

TEST_F(offers, all_together_have_so_many_and_no_more)
{
	for (uint64_t i = 1; i <= ST_MAX_ALL_OFFERS / ST_MAX_OFFERS; i++)
		ASSERT_EQ(0, add_many(&self->offers, ST_MAX_OFFERS, i));
	EXPECT_EQ(-ENOSPC, add(&self->offers, "more", ST_MAX_ALL_OFFERS));
	st_offers_forget(&self->offers, 1);
	EXPECT_EQ(0, add(&self->offers, "more", ST_MAX_ALL_OFFERS));
}

TEST_F(offers, without_memory_the_table_is_as_it_was)
{
	struct st_offer *offer = make("more", "what it does");
	unsigned long nth = 0;
	int ret;

	ASSERT_EQ(0, add_many(&self->offers, 7, 7));
	do {
		st_alloc_fail_at(++nth);
		ret = st_offers_add(&self->offers, offer, 8);
		st_alloc_fail_at(0);
		EXPECT_EQ(ret ? 7 : 8, self->offers.nr);
	} while (ret == -ENOMEM);
	EXPECT_EQ(0, ret);
	EXPECT_GT(nth, 1);
}

TEST_HARNESS_MAIN
