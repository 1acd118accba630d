// SPDX-License-Identifier: GPL-2.0-only
/*
 * The probe of the kernel's features.
 */
#include "loop/probe.h"

#include <stdio.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "os/fd.h"

TEST(every_feature_is_described)
{
	for (int i = 0; i < ST_FEATURE__MAX; i++) {
		const struct st_feature_info *info = st_feature_info((enum st_feature)i);
		int major, minor;

		EXPECT_LT(0, strlen(info->name));
		EXPECT_LT(0, strlen(info->use));
		EXPECT_EQ(2, sscanf(info->version, "%d.%d", &major, &minor));
		EXPECT_LE(5, major);
	}
}

TEST(this_kernel_has_what_is_needed)
{
	struct st_probe probe;

	ASSERT_EQ(0, st_probe_run(&probe));
	EXPECT_EQ(ST_FEATURE__MAX, st_probe_missing(&probe));
}

/* Kernels are cumulative: who has a feature has those of all earlier versions. */
TEST(features_come_in_the_order_of_their_versions)
{
	struct st_probe probe;

	ASSERT_EQ(0, st_probe_run(&probe));
	for (int i = 0; i < ST_FEATURE__MAX; i++) {
		for (int j = 0; j < ST_FEATURE__MAX; j++) {
			double younger, older;

			ASSERT_EQ(1, sscanf(st_feature_info((enum st_feature)i)->version, "%*d.%lf",
					    &younger));
			ASSERT_EQ(1, sscanf(st_feature_info((enum st_feature)j)->version, "%*d.%lf",
					    &older));
			younger += 100 * (st_feature_info((enum st_feature)i)->version[0] - '0');
			older += 100 * (st_feature_info((enum st_feature)j)->version[0] - '0');
			if (probe.has[i] && older < younger) {
				EXPECT_TRUE(probe.has[j])
				{
					TH_LOG("%s but not %s",
					       st_feature_info((enum st_feature)i)->name,
					       st_feature_info((enum st_feature)j)->name);
				}
			}
		}
	}
}

TEST(a_probe_leaves_no_descriptor_open)
{
	struct st_probe probe;
	int before = dup(0);
	int lowest = before;

	st_fd_close(&before);
	ASSERT_EQ(0, st_probe_run(&probe));
	EXPECT_EQ(lowest, dup(0));
}

TEST_HARNESS_MAIN
