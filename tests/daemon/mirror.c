// SPDX-License-Identifier: GPL-2.0-only
/*
 * The mirror in the kernel module: what the daemon sends, and what the daemon
 * does when the module comes, goes, refuses, or was never there.
 */
#include "daemon/mirror/mirror.h"

#include <errno.h>
#include <string.h>

#include "core/limits.h"
#include "kselftest_harness.h"
#include "lib/fake_module.h"
#include "lib/small_tree.h"
#include "loop/ring.h"
#include "os/genl_watch.h"

FIXTURE(mirror)
{
	struct st_ring *ring;
	struct small_tree small;
	struct st_mirror mirror;
};

static void follow(void *owner, const struct st_event *event, const struct st_effects *effects)
{
	FIXTURE_DATA(mirror) *self = owner;

	st_mirror_follow(&self->mirror, event, effects);
	st_mirror_flush(&self->mirror, self->small.now_ns);
}

FIXTURE_SETUP(mirror)
{
	struct st_probe probe;

	ASSERT_EQ(0, st_probe_run(&probe));
	ASSERT_EQ(0, st_ring_new(&probe, &self->ring));
	small_tree_init(&self->small);
	self->small.follow = follow;
	self->small.owner = self;
	fake_module_init(true);
}

FIXTURE_TEARDOWN(mirror)
{
	st_mirror_close(&self->mirror);
	while (st_ring_nr_armed(self->ring))
		ASSERT_LE(0, st_ring_run_once(self->ring, true));
	st_mirror_done(&self->mirror);
	st_ring_free(self->ring);
	fake_module_done();
	small_tree_done(&self->small);
	EXPECT_EQ(0, fake_module_count());
}

static void open_mirror(FIXTURE_DATA(mirror) * self)
{
	st_mirror_open(&self->mirror, self->ring, self->small.tree);
}

static void spawned(FIXTURE_DATA(mirror) * self, const char *path, int pid)
{
	const struct st_event event = {
		.type = ST_EV_SPAWNED,
		.generation = small_tree_find(&self->small, path)->generation,
		.pid = pid,
	};

	small_tree_step(&self->small, &event);
}

/* News by way of the ring, as from the kernel. */
static void tell(FIXTURE_DATA(mirror) * self, int change)
{
	fake_module_tell(change);
	if (st_ring_run_once(self->ring, true) < 0)
		abort();
}

/* As if the pause were over. */
static void retry(FIXTURE_DATA(mirror) * self)
{
	st_deadline_set(&self->mirror.retry, 1);
	if (st_ring_run_once(self->ring, false) != 1)
		abort();
}

TEST_F(mirror, tells_the_whole_tree_to_a_module_that_is_there)
{
	small_tree_boot(&self->small);
	open_mirror(self);
	EXPECT_EQ(ST_MIRROR_LINKED, self->mirror.state);
	EXPECT_FALSE(fake_module_differs(self->small.tree));
	EXPECT_NE(NULL, fake_module_find("root/demo/s/x"));
	EXPECT_EQ(1, fake_module.nr_batches);
}

TEST_F(mirror, tells_what_a_step_changes_and_nothing_else)
{
	unsigned int nr_before;

	small_tree_boot(&self->small);
	open_mirror(self);
	nr_before = fake_module.nr_messages;
	small_tree_exit(&self->small, "demo/a", 1);
	EXPECT_EQ(nr_before, fake_module.nr_messages); /* the module sees an end by itself */
	spawned(self, "demo/a", 4711);
	EXPECT_EQ(nr_before + 1, fake_module.nr_messages);
	EXPECT_EQ(4711, fake_module_find("root/demo/a")->pid);
	small_tree_say_ready(&self->small, "demo/a");
	EXPECT_EQ(1, fake_module_find("root/demo/a")->restarts);
	EXPECT_EQ(nr_before + 2, fake_module.nr_messages);
	EXPECT_FALSE(fake_module_differs(self->small.tree));
}

TEST_F(mirror, knows_processes_that_were_started_before_the_module_came)
{
	static const struct st_event boot = { .type = ST_EV_BOOT };

	fake_module.is_loaded = false;
	open_mirror(self);
	EXPECT_EQ(ST_MIRROR_ABSENT, self->mirror.state);
	small_tree_step(&self->small, &boot);
	spawned(self, "demo/a", 99);
	small_tree_ready(&self->small);
	EXPECT_EQ(0, fake_module.nr_messages);
	fake_module.is_loaded = true;
	tell(self, ST_GENL_CAME);
	EXPECT_EQ(ST_MIRROR_LINKED, self->mirror.state);
	EXPECT_EQ(99, fake_module_find("root/demo/a")->pid);
	EXPECT_FALSE(fake_module_differs(self->small.tree));
}

TEST_F(mirror, goes_on_without_a_module_that_is_unloaded_and_tells_it_all_when_it_comes_back)
{
	small_tree_boot(&self->small);
	open_mirror(self);
	fake_module.is_loaded = false;
	tell(self, ST_GENL_WENT);
	EXPECT_EQ(ST_MIRROR_ABSENT, self->mirror.state);
	EXPECT_EQ(ST_NO_DEADLINE, st_deadline_at(&self->mirror.retry));
	small_tree_ask(&self->small, ST_REQUEST_TERMINATE_CHILD, "demo", "b");
	small_tree_exit(&self->small, "demo/b", 143);
	small_tree_ask(&self->small, ST_REQUEST_DELETE_CHILD, "demo", "b");
	fake_module.is_loaded = true;
	tell(self, ST_GENL_CAME);
	EXPECT_EQ(NULL, fake_module_find("root/demo/b"));
	EXPECT_FALSE(fake_module_differs(self->small.tree));
}

TEST_F(mirror, looks_again_when_news_were_lost)
{
	small_tree_boot(&self->small);
	fake_module.is_loaded = false;
	open_mirror(self);
	fake_module.is_loaded = true;
	tell(self, ST_GENL_UNKNOWN);
	EXPECT_EQ(ST_MIRROR_LINKED, self->mirror.state);
	tell(self, ST_GENL_UNKNOWN); /* it is the same module: no reason to begin anew */
	EXPECT_EQ(1, fake_module.nr_owners);
	EXPECT_FALSE(fake_module_differs(self->small.tree));
}

TEST_F(mirror, forgets_the_module_that_refuses_something_and_tries_again_later)
{
	small_tree_boot(&self->small);
	open_mirror(self);
	fake_module.refusal = -ENOSPC;
	fake_module.refusal_reason = "too many nodes";
	small_tree_exit(&self->small, "demo/a", 1);
	spawned(self, "demo/a", 5);
	EXPECT_EQ(ST_MIRROR_REFUSED, self->mirror.state);
	EXPECT_STREQ("No space left on device: too many nodes", self->mirror.why);
	EXPECT_EQ(0, fake_module_count());
	small_tree_say_ready(&self->small, "demo/a");
	EXPECT_LT(self->small.now_ns, st_deadline_at(&self->mirror.retry));
	EXPECT_EQ(ST_MIRROR_REFUSED, self->mirror.state); /* not yet */
	retry(self);
	EXPECT_EQ(ST_MIRROR_LINKED, self->mirror.state);
	EXPECT_STREQ("", self->mirror.why);
	EXPECT_FALSE(fake_module_differs(self->small.tree));
}

/* Nothing happens meanwhile that could remind anybody of the mirror. */
TEST_F(mirror, tries_again_by_itself_while_the_daemon_is_idle)
{
	small_tree_boot(&self->small);
	fake_module.open_error = -ENOMEM;
	open_mirror(self);
	EXPECT_EQ(ST_MIRROR_REFUSED, self->mirror.state);
	ASSERT_EQ(1, st_ring_run_once(self->ring, true)); /* sleeps until the pause is over */
	EXPECT_EQ(ST_MIRROR_LINKED, self->mirror.state);
	EXPECT_FALSE(fake_module_differs(self->small.tree));
}

TEST_F(mirror, pauses_longer_each_time_up_to_a_minute)
{
	uint64_t now_ns, pause_ns = 0;

	small_tree_boot(&self->small);
	fake_module.open_error = -ENOMEM;
	open_mirror(self);
	for (int i = 0; i < 10; i++) {
		uint64_t last_ns = pause_ns;

		fake_module.open_error = -ENOMEM;
		pause_ns = self->mirror.pause_ns;
		now_ns = st_clock_ns();
		retry(self);
		EXPECT_LE(now_ns + pause_ns, st_deadline_at(&self->mirror.retry));
		EXPECT_LE(last_ns, pause_ns);
		EXPECT_GE(120 * ST_NSEC_PER_SEC, pause_ns);
	}
	EXPECT_LE(60 * ST_NSEC_PER_SEC, pause_ns);
	tell(self, ST_GENL_CAME); /* another module is another chance */
	EXPECT_EQ(ST_MIRROR_LINKED, self->mirror.state);
}

TEST_F(mirror, takes_a_process_that_is_gone_already_for_no_mistake)
{
	small_tree_boot(&self->small);
	open_mirror(self);
	small_tree_exit(&self->small, "demo/a", 1);
	fake_module.refusal = -ESRCH;
	spawned(self, "demo/a", 5);
	EXPECT_EQ(ST_MIRROR_LINKED, self->mirror.state);
}

TEST_F(mirror, survives_a_send_that_fails)
{
	small_tree_boot(&self->small);
	open_mirror(self);
	small_tree_exit(&self->small, "demo/a", 1);
	fake_module.flush_error = -ENOBUFS;
	spawned(self, "demo/a", 5);
	EXPECT_EQ(ST_MIRROR_REFUSED, self->mirror.state);
	retry(self);
	EXPECT_FALSE(fake_module_differs(self->small.tree));
}

TEST_F(mirror, writes_names_in_visible_ascii)
{
	struct st_child_spec *spec = small_worker("a b\\\xc3\xa4", ST_RESTART_PERMANENT);
	struct st_request request = { .type = ST_REQUEST_START_CHILD,
				      .token = 1,
				      .start.spec = spec };
	const struct st_event event = { .type = ST_EV_REQUEST, .request = &request };

	request.sup = "demo";
	small_tree_boot(&self->small);
	open_mirror(self);
	small_tree_step(&self->small, &event);
	spawned(self, "demo/a b\\\xc3\xa4", 5);
	EXPECT_NE(NULL, fake_module_find("root/demo/a\\x20b\\x5c\\xc3\\xa4"));
	st_child_spec_put(spec);
}

TEST_F(mirror, says_what_it_is_for_status)
{
	struct st_buf text = ST_BUF_INIT;
	struct st_json json;

	small_tree_boot(&self->small);
	open_mirror(self);
	st_json_init(&json, &text);
	st_mirror_write(&self->mirror, &json);
	EXPECT_STREQ("{\"state\":\"linked\",\"nodes\":8}", st_buf_text(&text));
	st_buf_done(&text);
}

TEST_HARNESS_MAIN
