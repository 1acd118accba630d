// SPDX-License-Identifier: GPL-2.0-only
/*
 * Intrusive lists.
 */
#include "kselftest_harness.h"

#include "base/list.h"

struct item {
	int number;
	struct st_list node;
};

/* The numbers on a list, for example "1 2 3 ", forwards and backwards agreeing. */
static const char *numbers(const struct st_list *head)
{
	static char text[256];
	const struct st_list *pos;
	size_t len = 0, nr = 0;

	text[0] = '\0';
	st_list_for_each(pos, head) {
		const struct item *item =
			(const struct item *)((const char *)pos - offsetof(struct item, node));

		len += (size_t)snprintf(text + len, sizeof(text) - len, "%d ", item->number);
		nr++;
	}
	for (pos = head->prev; pos != head; pos = pos->prev)
		nr--;
	return nr ? "backwards differs" : text;
}

FIXTURE(list)
{
	struct st_list head;
	struct item items[4];
};

FIXTURE_SETUP(list)
{
	st_list_init(&self->head);
	for (int i = 0; i < 4; i++) {
		self->items[i].number = i;
		st_list_init(&self->items[i].node);
	}
}

FIXTURE_TEARDOWN(list)
{
}

TEST_F(list, a_new_list_is_empty)
{
	EXPECT_TRUE(st_list_is_empty(&self->head));
	EXPECT_STREQ("", numbers(&self->head));
}

TEST_F(list, add_is_at_the_front_and_add_tail_at_the_end)
{
	st_list_add(&self->items[1].node, &self->head);
	st_list_add(&self->items[0].node, &self->head);
	st_list_add_tail(&self->items[2].node, &self->head);
	EXPECT_STREQ("0 1 2 ", numbers(&self->head));
	EXPECT_FALSE(st_list_is_empty(&self->head));
}

TEST_F(list, a_member_can_stand_for_the_head)
{
	st_list_add_tail(&self->items[0].node, &self->head);
	st_list_add_tail(&self->items[3].node, &self->head);
	st_list_add_tail(&self->items[2].node, &self->items[3].node);
	st_list_add(&self->items[1].node, &self->items[0].node);
	EXPECT_STREQ("0 1 2 3 ", numbers(&self->head));
}

TEST_F(list, a_node_may_be_deleted_twice)
{
	st_list_add_tail(&self->items[0].node, &self->head);
	st_list_add_tail(&self->items[1].node, &self->head);
	st_list_del(&self->items[0].node);
	st_list_del(&self->items[0].node);
	EXPECT_STREQ("1 ", numbers(&self->head));
	EXPECT_TRUE(st_list_is_empty(&self->items[0].node));
}

TEST_F(list, splice_moves_all_and_leaves_the_source_empty)
{
	struct st_list other;

	st_list_init(&other);
	st_list_splice_tail(&other, &self->head);
	EXPECT_STREQ("", numbers(&self->head));
	st_list_add_tail(&self->items[0].node, &self->head);
	st_list_add_tail(&self->items[1].node, &other);
	st_list_add_tail(&self->items[2].node, &other);
	st_list_splice_tail(&other, &self->head);
	EXPECT_STREQ("0 1 2 ", numbers(&self->head));
	EXPECT_TRUE(st_list_is_empty(&other));
}

TEST_F(list, the_safe_loop_survives_the_removal_of_its_node)
{
	struct st_list *pos, *tmp;
	int nr = 0;

	for (int i = 0; i < 4; i++)
		st_list_add_tail(&self->items[i].node, &self->head);
	st_list_for_each_safe(pos, tmp, &self->head) {
		if (st_list_entry(pos, struct item, node)->number % 2)
			st_list_del(pos);
		nr++;
	}
	EXPECT_EQ(4, nr);
	EXPECT_STREQ("0 2 ", numbers(&self->head));
}

TEST_HARNESS_MAIN
