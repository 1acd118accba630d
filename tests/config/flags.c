// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changing some of a supervisor's flags at run time. [K1] [K5]
 */
#include <errno.h>
#include <string.h>

#include "config/bind.h"
#include "config/json.h"
#include "config/yaml.h"
#include "kselftest_harness.h"

FIXTURE(flags)
{
	struct st_sup_flags flags;
	struct st_diags diags;
};

FIXTURE_SETUP(flags)
{
	self->flags = (struct st_sup_flags){
		.strategy = ST_STRATEGY_REST_FOR_ONE,
		.intensity = 7,
		.period_s = 70,
		.auto_shutdown = ST_AUTO_SHUTDOWN_ANY_SIGNIFICANT,
	};
	st_diags_init(&self->diags);
}

FIXTURE_TEARDOWN(flags)
{
	st_diags_done(&self->diags);
}

static int change(struct _test_data_flags *self, const char *json, enum st_bind_mode mode)
{
	json_t *value = json_loads(json, JSON_DECODE_ANY, NULL);
	struct st_doc *doc = st_doc_new();
	struct st_doc_node *node;
	int err;

	st_diags_done(&self->diags);
	err = st_json_read(doc, "change", value, &self->diags, &node);
	if (!err)
		err = st_bind_sup_flags(node, mode, &self->diags, &self->flags);
	json_decref(value);
	st_doc_free(doc);
	return err;
}

TEST_F(flags, only_what_is_given_changes) /* [K1] */
{
	EXPECT_EQ(0, change(self, "{\"strategy\":\"one_for_all\"}", ST_BIND_STRICT));
	EXPECT_EQ(ST_STRATEGY_ONE_FOR_ALL, self->flags.strategy);
	EXPECT_EQ(7u, self->flags.intensity);
	EXPECT_EQ(70u, self->flags.period_s);
	EXPECT_EQ(ST_AUTO_SHUTDOWN_ANY_SIGNIFICANT, self->flags.auto_shutdown);

	EXPECT_EQ(0, change(self,
			    "{\"intensity\":0,\"period\":\"1 min\","
			    "\"auto_shutdown\":\"never\"}",
			    ST_BIND_STRICT));
	EXPECT_EQ(ST_STRATEGY_ONE_FOR_ALL, self->flags.strategy);
	EXPECT_EQ(0u, self->flags.intensity);
	EXPECT_EQ(60u, self->flags.period_s);
	EXPECT_EQ(ST_AUTO_SHUTDOWN_NEVER, self->flags.auto_shutdown);
	EXPECT_EQ(0, change(self, "{}", ST_BIND_STRICT));
}

TEST_F(flags, a_mistake_changes_nothing) /* [K5] */
{
	EXPECT_EQ(-EINVAL,
		  change(self, "{\"strategy\":\"one_for_one\",\"period\":0}", ST_BIND_STRICT));
	EXPECT_EQ(ST_STRATEGY_REST_FOR_ONE, self->flags.strategy);
	EXPECT_EQ(70u, self->flags.period_s);
	EXPECT_EQ(ST_SPEC_INVALID_PERIOD, self->diags.items[0].otp);
}

TEST_F(flags, a_mistake_of_the_reading_counts_too)
{
	static const char yaml[] = "{intensity: 1, intensity: 2}";
	struct st_doc *doc = st_doc_new();
	struct st_doc_node *node;

	EXPECT_EQ(0, st_yaml_parse(doc, "change", yaml, strlen(yaml), &self->diags, &node));
	EXPECT_EQ(-EINVAL, st_bind_sup_flags(node, ST_BIND_STRICT, &self->diags, &self->flags));
	EXPECT_EQ(7u, self->flags.intensity);
	st_doc_free(doc);
}

TEST_F(flags, only_a_dynamic_supervisor_has_max_children) /* [X1] */
{
	EXPECT_EQ(-EINVAL, change(self, "{\"max_children\":5}", ST_BIND_STRICT));
	EXPECT_EQ(0, change(self, "{\"max_children\":5}", ST_BIND_OTP));
	EXPECT_EQ(0u, self->flags.max_children);

	self->flags.strategy = ST_STRATEGY_DYNAMIC;
	EXPECT_EQ(0, change(self, "{\"max_children\":5}", ST_BIND_STRICT));
	EXPECT_EQ(5u, self->flags.max_children);
}

TEST_F(flags, children_are_no_flag)
{
	EXPECT_EQ(-EINVAL, change(self, "{\"children\":[]}", ST_BIND_STRICT));
	EXPECT_STREQ("children is a key of a supervisor, not of a supervisor's flags",
		     self->diags.items[0].message);
	EXPECT_EQ(0, change(self, "{\"children\":5}", ST_BIND_OTP));
}

TEST_F(flags, what_is_no_map_is_refused)
{
	EXPECT_EQ(-EINVAL, change(self, "[]", ST_BIND_STRICT));
	EXPECT_STREQ("the flags cannot be a list", self->diags.items[0].message);
}

TEST_HARNESS_MAIN
