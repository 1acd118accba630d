// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cloning ahead, and starts without memory. A process at its gate becomes the
 * next child, or ends there and no event reports it. A start that gets no
 * memory fails and leaves nothing.
 */
#include "daemon/process/prepare.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "kselftest_harness.h"
#include "lib/processes.h"
#include "lib/small_tree.h"
#include "loop/ring.h"

FIXTURE(ahead)
{
	struct processes_test test;
	unsigned int nr_reaped;
	enum st_feature lacks;
};

FIXTURE_VARIANT(ahead)
{
	enum st_feature lacks;
};

FIXTURE_VARIANT_ADD(ahead, on_this_kernel){
	.lacks = ST_FEATURE__MAX,
};

FIXTURE_VARIANT_ADD(ahead, without_futex_waits){
	.lacks = ST_FEATURE_FUTEX_WAIT,
};

static void count(void *owner, uint64_t generation)
{
	FIXTURE_DATA(ahead) *self = owner;

	self->nr_reaped++;
}

FIXTURE_SETUP(ahead)
{
	self->lacks = variant->lacks;
	processes_init_without(&self->test, self->lacks);
}

FIXTURE_TEARDOWN(ahead)
{
	processes_done(&self->test);
}

/* The first exec may be done at once, which leaves nothing to do ahead: once more, then. */
static void boot(FIXTURE_DATA(ahead) * self)
{
	struct processes_test *test = &self->test;

	while (!test->is_open || !test->processes.prepared.process) {
		processes_done(test);
		memset(test, 0, sizeof(*test));
		processes_init_without(test, self->lacks);
		test->clones_ahead = true;
		test->look_at_reaped = count;
		test->owner = self;
		ADD_ACT(test, "a", ST_READY_EXEC, "pause");
		ADD_ACT(test, "b", ST_READY_EXEC, "pause");
		processes_boot(test);
	}
	self->nr_reaped = 0;
}

TEST_F(ahead, the_process_at_the_gate_becomes_the_next_child)
{
	const struct st_process *prepared;
	pid_t pid;

	boot(self);
	prepared = self->test.processes.prepared.process;
	pid = prepared->ref.pid;
	EXPECT_EQ(NULL, st_process_find(&self->test.processes, prepared->generation));
	EXPECT_EQ(prepared, st_process_find_pid(&self->test.processes, pid));
	processes_run_until(&self->test, "b ready");
	ASSERT_NE(NULL, processes_find(&self->test, "b"));
	EXPECT_EQ(pid, processes_find(&self->test, "b")->ref.pid);
	EXPECT_EQ(NULL, self->test.processes.prepared.process);
}

TEST_F(ahead, one_that_is_not_wanted_any_more_ends_and_nobody_hears_of_it)
{
	const struct st_event kill = { .type = ST_EV_KILL };

	boot(self);
	EXPECT_EQ(2, self->test.processes.by_pid.nr);
	st_shell_post(&self->test.shell, &kill);
	while (self->test.processes.nr)
		processes_turn(&self->test);
	EXPECT_EQ(NULL, self->test.processes.prepared.process);
	EXPECT_EQ(1, self->nr_reaped); /* a */
	EXPECT_EQ(NULL, strstr(self->test.log, "b "));
	EXPECT_EQ(0, self->test.processes.by_pid.nr);
}

FIXTURE(memory)
{
	struct processes_test test;
};

FIXTURE_SETUP(memory)
{
}

FIXTURE_TEARDOWN(memory)
{
}

static void begin(struct processes_test *test, unsigned long fail_at)
{
	static const char *const argv[] = { ACT, "env=SUPTREE_PATH", "newline=5", NULL };
	struct st_child_def def;

	memset(test, 0, sizeof(*test));
	processes_init(test);
	processes_define(&def, "a", argv);
	def.process.ready = ST_READY_FD;
	def.process.ready_fd = 5;
	processes_add(test, &def);
	test->fail_at = fail_at;
	processes_boot(test);
}

TEST_F(memory, a_start_fails_or_succeeds_whichever_allocation_fails_and_leaves_nothing)
{
	struct processes_test *test = &self->test;
	unsigned long nr, nr_failed = 0;
	unsigned int nr_fds;

	begin(test, 0);
	nr = test->nr_allocations;
	processes_run_until(test, "a exited");
	processes_done(test);
	ASSERT_LE(5, nr);
	nr_fds = count_fds();
	for (unsigned long at = 1; at <= nr; at++) {
		begin(test, at);
		if (strstr(test->log, "a spawn_failed")) {
			EXPECT_TRUE(strstr(test->log, "out of memory") ||
				    strstr(test->log, "Cannot allocate memory"));
			EXPECT_EQ(0, test->processes.nr);
			nr_failed++;
		} else {
			processes_run_until(test, "a exited");
			EXPECT_NE(NULL, strstr(test->log, "a ready"));
			EXPECT_STREQ("out:SUPTREE_PATH=a ", outputs_lines(&test->outputs, "a", 9));
		}
		processes_done(test);
		EXPECT_EQ(nr_fds, count_fds());
	}
	EXPECT_LE(4, nr_failed);
}

TEST_HARNESS_MAIN
