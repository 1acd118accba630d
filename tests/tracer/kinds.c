// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kinds that the operations table offers are those that the tracer knows.
 */
#include <string.h>

#include "kselftest_harness.h"
#include "proto/ops.h"
#include "tracer/words.h"

TEST(trace_start_takes_each_kind_of_the_tracer_and_all_and_no_other)
{
	const struct st_param *kinds =
		st_operation_param(&st_operations[ST_OPERATION_TRACE_START], "kinds");
	__u32 parsed, together = 0;
	int nr = 0;

	ASSERT_NE(NULL, kinds);
	for (const char *const *word = st_param_words(kinds, &nr); nr; word++, nr--) {
		EXPECT_EQ(0, st_kinds_parse(*word, &parsed)) TH_LOG("%s", *word);
		if (strcmp(*word, "all") != 0)
			together |= parsed;
	}
	ASSERT_EQ(0, st_kinds_parse("all", &parsed));
	EXPECT_EQ(parsed, together);
}

TEST_HARNESS_MAIN
