// SPDX-License-Identifier: GPL-2.0-only
/*
 * The plan of a reload: what a new specification adds, changes and removes, and
 * the requests that follow from it, in order. Core decides what the requests
 * do.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "config/config.h"
#include "daemon/operations/reload.h"
#include "daemon/requests/script.h"
#include "kselftest_harness.h"
#include "lib/fake_client.h"
#include "lib/small_tree.h"

FIXTURE(plan)
{
	struct st_tree *tree;
	struct st_script *script;
	char text[1024];
};

FIXTURE_SETUP(plan)
{
}

FIXTURE_TEARDOWN(plan)
{
	st_script_free(self->script);
	st_tree_free(self->tree);
}

static struct st_sup_spec *read_spec(const char *yaml)
{
	struct st_diags diags = ST_DIAGS_INIT;
	struct st_sup_spec *spec = NULL;

	if (st_config_parse("test", yaml, strlen(yaml), &diags, &spec))
		abort();
	st_diags_done(&diags);
	return spec;
}

/* BOOT, and READY for each process. */
static void start(FIXTURE_DATA(plan) * self, const char *yaml)
{
	struct st_sup_spec *spec = read_spec(yaml);
	struct small_tree small = { .now_ns = ST_NSEC_PER_SEC };

	if (st_tree_new(spec, 1, &small.tree))
		abort();
	small_tree_boot(&small);
	self->tree = small.tree;
	st_sup_spec_put(spec);
}

static int plan_for(FIXTURE_DATA(plan) * self, struct st_sup_spec *spec, unsigned int flags)
{
	st_script_free(self->script);
	self->script = st_script_new(NULL, ST_OPERATION_RELOAD, "test");
	if (!self->script)
		abort();
	return st_reload_plan(self->tree->root->sup, spec, flags, self->script);
}

/* The result. */
static const char *plan(FIXTURE_DATA(plan) * self, const char *yaml, unsigned int flags)
{
	struct st_sup_spec *spec = read_spec(yaml);

	if (plan_for(self, spec, flags))
		abort();
	st_sup_spec_put(spec);
	return st_buf_text(&self->script->result);
}

/* The requests: "change /, restart_child web/b?", '?' for those that may fail. */
static const char *requests(FIXTURE_DATA(plan) * self)
{
	size_t len = 0;

	self->text[0] = '\0';
	for (uint32_t i = 0; i < self->script->nr; i++) {
		const struct st_pending *pending = self->script->requests[i];

		len += (size_t)snprintf(self->text + len, sizeof(self->text) - len, "%s%s %s%s",
					i ? ", " : "", st_request_text[pending->request.type],
					pending->path, self->script->is_optional[i] ? "?" : "");
	}
	return self->text;
}

#define NOTHING "{\"added\":[],\"changed\":[],\"logs\":[],\"removed\":[],\"dry_run\":false}"

#define SMALL \
	"children:\n" \
	"- {id: a, start: [/bin/true]}\n" \
	"- id: web\n" \
	"  supervisor:\n" \
	"    children:\n" \
	"    - {id: b, start: [/bin/true]}\n" \
	"    - {id: c, start: [/bin/true]}\n"

TEST_F(plan, what_does_not_differ_is_left_alone)
{
	start(self, SMALL);
	EXPECT_STREQ(NOTHING, plan(self, SMALL, 0));
	EXPECT_STREQ("", requests(self));
	EXPECT_STREQ(NOTHING, plan(self, SMALL, ST_RELOAD_START_NEW | ST_RELOAD_PRUNE));
	EXPECT_STREQ("", requests(self));
}

TEST_F(plan, a_child_that_is_new_changes_its_supervisor_and_is_added)
{
	static const char larger[] = SMALL "    - {id: d, start: [/bin/true]}\n";

	start(self, SMALL);
	EXPECT_STREQ("{\"added\":[\"web/d\"],\"changed\":[\"web\"],\"logs\":[],\"removed\":[],"
		     "\"dry_run\":false}",
		     plan(self, larger, 0));
	EXPECT_STREQ("change web", requests(self));
	plan(self, larger, ST_RELOAD_START_NEW);
	EXPECT_STREQ("change web, restart_child web/d?", requests(self));
}

#define WITHOUT_C \
	"children:\n" \
	"- {id: a, start: [/bin/true]}\n" \
	"- id: web\n" \
	"  supervisor:\n" \
	"    children:\n" \
	"    - {id: b, start: [/bin/true]}\n"

TEST_F(plan, a_child_that_is_missing_is_kept_unless_it_is_asked_for)
{
	start(self, SMALL);
	EXPECT_STREQ("{\"added\":[],\"changed\":[\"web\"],\"logs\":[],\"removed\":[\"web/c\"],"
		     "\"dry_run\":false}",
		     plan(self, WITHOUT_C, 0));
	EXPECT_STREQ("change web", requests(self));
	plan(self, WITHOUT_C, ST_RELOAD_PRUNE);
	EXPECT_STREQ("change web, terminate_child web/c?, delete_child web/c?", requests(self));
}

TEST_F(plan, a_supervisor_whose_flags_or_children_differ_is_changed)
{
	start(self, SMALL);
	EXPECT_STREQ("{\"added\":[],\"changed\":[\"/\"],\"logs\":[],\"removed\":[],"
		     "\"dry_run\":false}",
		     plan(self, "strategy: one_for_all\n" SMALL, 0));
	EXPECT_STREQ("change /", requests(self));
	EXPECT_STREQ("{\"added\":[],\"changed\":[\"web\"],\"logs\":[],\"removed\":[],"
		     "\"dry_run\":false}",
		     plan(self,
			  "children:\n"
			  "- {id: a, start: [/bin/true]}\n"
			  "- id: web\n"
			  "  supervisor:\n"
			  "    children:\n"
			  "    - {id: b, start: [/bin/false]}\n"
			  "    - {id: c, start: [/bin/true]}\n",
			  0));
	EXPECT_STREQ("change web", requests(self));
}

TEST_F(plan, another_order_of_children_is_a_change)
{
	start(self, SMALL);
	EXPECT_STREQ("{\"added\":[],\"changed\":[\"web\"],\"logs\":[],\"removed\":[],"
		     "\"dry_run\":false}",
		     plan(self,
			  "children:\n"
			  "- {id: a, start: [/bin/true]}\n"
			  "- id: web\n"
			  "  supervisor:\n"
			  "    children:\n"
			  "    - {id: c, start: [/bin/true]}\n"
			  "    - {id: b, start: [/bin/true]}\n",
			  ST_RELOAD_START_NEW | ST_RELOAD_PRUNE));
	EXPECT_STREQ("change web", requests(self));
}

TEST_F(plan, a_worker_that_becomes_a_supervisor_is_a_change_of_the_one_above_it)
{
	start(self, SMALL);
	EXPECT_STREQ("{\"added\":[],\"changed\":[\"/\"],\"logs\":[],\"removed\":[],"
		     "\"dry_run\":false}",
		     plan(self,
			  "children:\n"
			  "- {id: a, supervisor: {children: [{id: x, start: [/bin/true]}]}}\n"
			  "- id: web\n"
			  "  supervisor:\n"
			  "    children:\n"
			  "    - {id: b, start: [/bin/true]}\n"
			  "    - {id: c, start: [/bin/true]}\n",
			  ST_RELOAD_START_NEW));
	EXPECT_STREQ("change /", requests(self));
}

TEST_F(plan, supervisors_above_come_before_those_below)
{
	start(self, SMALL);
	EXPECT_STREQ("{\"added\":[\"new\",\"web/e\"],\"changed\":[\"/\",\"web\"],\"logs\":[],"
		     "\"removed\":[\"a\",\"web/b\"],\"dry_run\":false}",
		     plan(self,
			  "intensity: 9\n"
			  "children:\n"
			  "- {id: new, start: [/bin/true]}\n"
			  "- id: web\n"
			  "  supervisor:\n"
			  "    intensity: 9\n"
			  "    children:\n"
			  "    - {id: c, start: [/bin/true]}\n"
			  "    - {id: e, start: [/bin/true]}\n",
			  ST_RELOAD_START_NEW | ST_RELOAD_PRUNE));
	EXPECT_STREQ("change /, terminate_child a?, delete_child a?, restart_child new?, "
		     "change web, terminate_child web/b?, delete_child web/b?, "
		     "restart_child web/e?",
		     requests(self));
}

TEST_F(plan, a_change_of_what_is_said_about_logs_is_listed_apart)
{
	start(self, SMALL);
	EXPECT_STREQ("{\"added\":[],\"changed\":[\"/\"],\"logs\":[\"/\"],\"removed\":[],"
		     "\"dry_run\":false}",
		     plan(self, "log: {file: /tmp/x.log}\n" SMALL, 0));
}

TEST_F(plan, a_dry_run_plans_and_sends_nothing)
{
	start(self, SMALL);
	EXPECT_STREQ("{\"added\":[\"web/d\"],\"changed\":[\"web\"],\"logs\":[],"
		     "\"removed\":[\"web/c\"],\"dry_run\":true}",
		     plan(self, WITHOUT_C "    - {id: d, start: [/bin/true]}\n",
			  ST_RELOAD_DRY_RUN | ST_RELOAD_START_NEW | ST_RELOAD_PRUNE));
	EXPECT_STREQ("", requests(self));
}

TEST_F(plan, the_children_of_a_dynamic_supervisor_are_no_part_of_it)
{
	static const char dynamic[] = "children:\n"
				      "- id: pool\n"
				      "  supervisor:\n"
				      "    strategy: simple_one_for_one\n"
				      "    children:\n"
				      "    - {id: w, start: [/bin/true]}\n";
	const struct st_request request = {
		.type = ST_REQUEST_START_CHILD,
		.sup = "pool",
		.id = "w1",
		.token = 1,
	};
	const struct st_event event = { .type = ST_EV_REQUEST, .request = &request };
	struct small_tree small = { .now_ns = 2 * ST_NSEC_PER_SEC };

	start(self, dynamic);
	small.tree = self->tree;
	small_tree_step(&small, &event);
	small_tree_ready(&small);
	ASSERT_NE(NULL, st_tree_find(self->tree, "pool/w1"));
	EXPECT_STREQ(NOTHING, plan(self, dynamic, ST_RELOAD_START_NEW | ST_RELOAD_PRUNE));
}

TEST_F(plan, without_memory_it_fails_and_leaves_nothing)
{
	struct st_sup_spec *spec = read_spec(WITHOUT_C "    - {id: d, start: [/bin/true]}\n");
	unsigned long nth = 0, nr;
	int err;

	start(self, SMALL);
	do {
		st_script_free(self->script);
		self->script = st_script_new(NULL, ST_OPERATION_RELOAD, "test");
		ASSERT_NE(NULL, self->script);
		nr = st_alloc_count();
		st_alloc_fail_at(++nth);
		err = st_reload_plan(self->tree->root->sup, spec,
				     ST_RELOAD_START_NEW | ST_RELOAD_PRUNE, self->script);
		nr = st_alloc_count() - nr;
		st_alloc_fail_at(0);
		EXPECT_EQ(nr >= nth, err == -ENOMEM) TH_LOG("allocation %lu", nth);
	} while (nr >= nth && nth < 1000);
	EXPECT_EQ(0, err);
	st_sup_spec_put(spec);
}

TEST_HARNESS_MAIN
