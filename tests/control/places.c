// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who gets a connection: the share of each user, the few of each supervised process, the
 * last ones for admins, and the descriptors that go with them.
 */
#include "daemon/control/places.h"

#include <string.h>

#include "daemon/control/control.h"
#include "daemon/descriptors.h"
#include "kselftest_harness.h"

static const struct st_peer admin = { .uid = 0, .role = ST_ROLE_ADMIN };
static const struct st_peer viewer = { .uid = 1000, .role = ST_ROLE_VIEWER };
static const struct st_peer other = { .uid = 1001, .role = ST_ROLE_OPERATOR };
static const struct st_peer child = { .uid = 65534, .generation = 7 };
static const struct st_peer sibling = { .uid = 65534, .generation = 8 };

FIXTURE(places)
{
	struct st_control_config config;
	struct st_descriptors descriptors;
	struct st_places places;
	char why[160];
};

FIXTURE_SETUP(places)
{
	self->config = (struct st_control_config){
		.max_clients = 20, .for_admins = 4, .per_user = 5, .per_process = 2
	};
	st_places_init(&self->places, &self->config);
}

FIXTURE_TEARDOWN(places)
{
	EXPECT_EQ(0, self->places.nr);
	EXPECT_EQ(0, self->places.by_user.nr);
	EXPECT_EQ(0, self->places.by_process.nr);
	EXPECT_EQ(0, self->descriptors.nr_lent);
	st_places_done(&self->places);
}

/* Take places until there is none; their number. */
static int take_all(FIXTURE_DATA(places) * self, const struct st_peer *peer)
{
	enum st_error error = ST_ERROR__MAX;
	int nr = 0;

	while (st_places_take(&self->places, peer, &error, self->why, sizeof(self->why)))
		nr++;
	return error == ST_ERROR_LIMIT ? nr : -1;
}

static void give_back(FIXTURE_DATA(places) * self, const struct st_peer *peer, int nr)
{
	while (nr--)
		st_places_give_back(&self->places, peer);
}

TEST_F(places, a_user_has_a_share_and_it_takes_nothing_from_another_user)
{
	ASSERT_EQ(5, take_all(self, &viewer));
	EXPECT_STREQ("uid 1000 has 5 connections, and a user may have no more; "
		     "close some of them",
		     self->why);
	ASSERT_EQ(5, take_all(self, &other));
	give_back(self, &viewer, 2);
	EXPECT_EQ(2, take_all(self, &viewer));
	give_back(self, &viewer, 5);
	give_back(self, &other, 5);
}

TEST_F(places, each_process_has_a_few_when_the_share_of_their_user_is_used_up)
{
	ASSERT_EQ(5, take_all(self, &child));
	EXPECT_EQ(2, take_all(self, &sibling));
	EXPECT_EQ(0, take_all(self, &child));
	give_back(self, &child, 5);
	EXPECT_EQ(3, take_all(self, &child)) TH_LOG("two of the five are its sibling's");
	give_back(self, &child, 3);
	give_back(self, &sibling, 2);
}

TEST_F(places, the_last_ones_are_for_admins)
{
	struct st_peer peer = { .role = ST_ROLE_OPERATOR };
	int nr = 0;

	for (peer.uid = 1; peer.uid < 5; peer.uid++)
		nr += take_all(self, &peer);
	EXPECT_EQ(16, nr);
	EXPECT_STREQ("all 16 connections are in use; 4 more are kept for admins", self->why);
	EXPECT_EQ(4, take_all(self, &admin));
	EXPECT_STREQ("all 20 connections are in use", self->why);
	give_back(self, &admin, 4);
	for (peer.uid = 1; peer.uid < 4; peer.uid++)
		give_back(self, &peer, 5);
	give_back(self, &peer, 1);
}

TEST_F(places, an_admin_has_no_share)
{
	EXPECT_EQ(20, take_all(self, &admin));
	give_back(self, &admin, 20);
}

TEST_F(places, each_place_has_a_descriptor_and_the_last_descriptors_are_for_admins)
{
	self->config.descriptors = &self->descriptors;
	self->descriptors = (struct st_descriptors){ .clients = 4, .admins = 2 };
	EXPECT_EQ(2, take_all(self, &viewer));
	EXPECT_NE(NULL, strstr(self->why, "the descriptors for clients are in use"));
	EXPECT_EQ(2, take_all(self, &admin));
	give_back(self, &viewer, 1);
	EXPECT_EQ(0, take_all(self, &viewer));
	give_back(self, &viewer, 1);
	give_back(self, &admin, 2);
}

TEST_HARNESS_MAIN
