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
	struct st_reload reload;
	struct st_script *script;
	struct st_buf text;
	char list[1024];
};

FIXTURE_SETUP(plan)
{
}

FIXTURE_TEARDOWN(plan)
{
	st_script_free(self->script);
	st_reload_done(&self->reload);
	st_buf_done(&self->text);
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

static int plan_for(FIXTURE_DATA(plan) * self, struct st_sup_spec *spec, unsigned int flags,
		    struct st_buf *why)
{
	st_script_free(self->script);
	st_reload_done(&self->reload);
	self->script = st_script_new(NULL, ST_OPERATION_RELOAD, "test");
	if (!self->script)
		abort();
	st_reload_init(&self->reload, self->tree->root->sup, spec, flags);
	return st_reload_plan(&self->reload, self->script, why);
}

/* The lists that are not empty: "added web/d; changed web". */
static const char *write_lists(FIXTURE_DATA(plan) * self)
{
#define ST_ENUM_TEXT(name, text) [name] = text,
	static const char *const names[] = { ST_RELOAD_LIST(ST_ENUM_TEXT) };
#undef ST_ENUM_TEXT

	st_buf_reset(&self->text);
	for (int list = 0; list < ST_RELOAD__MAX; list++) {
		const struct st_reload_entries *entries = &self->reload.lists[list];

		if (entries->nr)
			st_buf_add_text(&self->text, self->text.len ? "; " : "");
		if (entries->nr)
			st_buf_add_text(&self->text, names[list]);
		for (size_t i = 0; i < entries->nr; i++) {
			st_buf_add_char(&self->text, ' ');
			st_buf_add_text(&self->text, entries->items[i].path);
		}
	}
	return self->text.data ? self->text.data : "";
}

static const char *plan(FIXTURE_DATA(plan) * self, const char *yaml, unsigned int flags)
{
	struct st_sup_spec *spec = read_spec(yaml);
	struct st_buf why = ST_BUF_INIT;

	if (plan_for(self, spec, flags, &why))
		abort();
	st_sup_spec_put(spec);
	return write_lists(self);
}

/* The requests: "change /, restart_child web/b". */
static const char *requests(FIXTURE_DATA(plan) * self)
{
	size_t len = 0;

	self->list[0] = '\0';
	for (uint32_t i = 0; i < self->script->nr; i++) {
		const struct st_pending *pending = self->script->requests[i];

		len += (size_t)snprintf(self->list + len, sizeof(self->list) - len, "%s%s %s",
					i ? ", " : "", st_request_text[pending->request.type],
					pending->path);
	}
	return self->list;
}

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
	EXPECT_STREQ("", plan(self, SMALL, 0));
	EXPECT_STREQ("", requests(self));
	EXPECT_STREQ("", plan(self, SMALL, ST_RELOAD_START_NEW | ST_RELOAD_PRUNE));
	EXPECT_STREQ("", requests(self));
}

TEST_F(plan, a_child_that_is_new_changes_its_supervisor_and_is_added)
{
	static const char larger[] = SMALL "    - {id: d, start: [/bin/true]}\n";

	start(self, SMALL);
	EXPECT_STREQ("added web/d; stopped web/d; changed web", plan(self, larger, 0));
	EXPECT_STREQ("change web", requests(self));
	plan(self, larger, ST_RELOAD_START_NEW);
	EXPECT_STREQ("change web, restart_child web/d", requests(self));
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
	EXPECT_STREQ("changed web; kept web/c", plan(self, WITHOUT_C, 0));
	EXPECT_STREQ("change web", requests(self));
	plan(self, WITHOUT_C, ST_RELOAD_PRUNE);
	EXPECT_STREQ("change web, terminate_child web/c, delete_child web/c", requests(self));
}

TEST_F(plan, a_supervisor_whose_flags_or_children_differ_is_changed)
{
	start(self, SMALL);
	EXPECT_STREQ("changed /", plan(self, "strategy: one_for_all\n" SMALL, 0));
	EXPECT_STREQ("change /", requests(self));
	EXPECT_STREQ("changed web", plan(self,
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
	EXPECT_STREQ("changed web", plan(self,
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
	EXPECT_STREQ("changed / a",
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
	EXPECT_STREQ("added new web/e; started new web/e; changed / web; removed a web/b",
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
	EXPECT_STREQ("change /, terminate_child a, delete_child a, restart_child new, "
		     "change web, terminate_child web/b, delete_child web/b, "
		     "restart_child web/e",
		     requests(self));
}

TEST_F(plan, a_change_of_what_is_said_about_logs_is_listed_apart)
{
	start(self, SMALL);
	EXPECT_STREQ("changed /; logs /", plan(self, "log: {file: /tmp/x.log}\n" SMALL, 0));
}

TEST_F(plan, a_dry_run_plans_and_sends_nothing)
{
	start(self, SMALL);
	EXPECT_STREQ("added web/d; started web/d; changed web; removed web/c",
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
	EXPECT_STREQ("", plan(self, dynamic, ST_RELOAD_START_NEW | ST_RELOAD_PRUNE));
}

/* A request to the tree about a child, and what follows from it. */
static void ask(FIXTURE_DATA(plan) * self, enum st_request_type type, const char *sup,
		const char *id)
{
	struct small_tree small = { .tree = self->tree, .now_ns = 2 * ST_NSEC_PER_SEC };

	small_tree_ask(&small, type, sup, id);
	small_tree_ready(&small);
}

/* The supervisor web ends, as it does when it has given up. */
static void stop_web(FIXTURE_DATA(plan) * self)
{
	static const char *const below[] = { "web/c", "web/b" };
	struct small_tree small = { .tree = self->tree, .now_ns = 2 * ST_NSEC_PER_SEC };

	small_tree_ask(&small, ST_REQUEST_TERMINATE_CHILD, "/", "web");
	for (size_t i = 0; i < ST_ARRAY_SIZE(below); i++)
		small_tree_exit(&small, below[i], 0);
	if (st_tree_find(self->tree, "web")->state != ST_CHILD_STOPPED)
		abort();
}

TEST_F(plan, what_changed_below_a_supervisor_that_is_down_is_a_change_of_the_one_above_it)
{
	start(self, SMALL);
	stop_web(self);
	EXPECT_STREQ("", plan(self, SMALL, ST_RELOAD_START_NEW | ST_RELOAD_PRUNE));
	EXPECT_STREQ("changed web", plan(self, WITHOUT_C, 0));
	EXPECT_STREQ("change /", requests(self));
	EXPECT_TRUE(self->script->requests[0]->request.change.whole);
	EXPECT_TRUE(self->reload.is_unsure);
}

TEST_F(plan, a_child_that_was_deleted_is_added) /* [K9] */
{
	start(self, SMALL);
	stop_web(self);
	ask(self, ST_REQUEST_DELETE_CHILD, "/", "web");
	EXPECT_STREQ("added web; stopped web; changed /", plan(self, SMALL, 0));
	EXPECT_STREQ("change /", requests(self));
	EXPECT_STREQ("added web; started web; changed /", plan(self, SMALL, ST_RELOAD_START_NEW));
	EXPECT_STREQ("change /, restart_child web", requests(self));
}

#define POOL \
	"children:\n- {id: web, supervisor: {strategy: simple_one_for_one, children: [" \
	"{id: w, start: [/bin/true]}]}}\n"

TEST_F(plan, a_supervisor_that_runs_is_not_made_a_pool) /* [K8] */
{
	struct st_sup_spec *spec = read_spec(POOL);
	struct st_buf why = ST_BUF_INIT;

	start(self, SMALL);
	EXPECT_EQ(-EINVAL, plan_for(self, spec, 0, &why));
	EXPECT_EQ(0, strncmp(why.data, "web: ", 5));
	st_buf_done(&why);
	stop_web(self);
	EXPECT_EQ(0, plan_for(self, spec, 0, &why));
	EXPECT_STREQ("changed / web; kept a", write_lists(self));
	st_sup_spec_put(spec);
	st_buf_done(&why);
}

TEST_F(plan, without_memory_it_fails_or_is_the_same)
{
	struct st_sup_spec *spec = read_spec(WITHOUT_C "    - {id: d, start: [/bin/true]}\n");
	unsigned long nth = 0, nr;
	int err;

	start(self, SMALL);
	do {
		st_script_free(self->script);
		st_reload_done(&self->reload);
		self->script = st_script_new(NULL, ST_OPERATION_RELOAD, "test");
		ASSERT_NE(NULL, self->script);
		st_reload_init(&self->reload, self->tree->root->sup, spec,
			       ST_RELOAD_START_NEW | ST_RELOAD_PRUNE);
		nr = st_alloc_count();
		st_alloc_fail_at(++nth);
		err = st_reload_plan(&self->reload, self->script, &self->text);
		nr = st_alloc_count() - nr;
		st_alloc_fail_at(0);
		EXPECT_EQ(nr >= nth, err == -ENOMEM) TH_LOG("allocation %lu", nth);
	} while (nr >= nth && nth < 1000);
	EXPECT_EQ(0, err);
	EXPECT_STREQ("added web/d; started web/d; changed web; removed web/c", write_lists(self));
	st_sup_spec_put(spec);
}

TEST_HARNESS_MAIN
