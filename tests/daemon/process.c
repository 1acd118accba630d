// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of a process, from its start to its end: the events that core gets,
 * their order, and what is left afterwards. The processes are real; there is no
 * daemon.
 */
#include "daemon/process/process.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "kselftest_harness.h"
#include "lib/processes.h"
#include "lib/small_tree.h"
#include "loop/ring.h"
#include "os/descendants.h"

FIXTURE(process)
{
	struct processes_test test;
	bool was_found; /* when it was reaped */
	pid_t pid;
};

FIXTURE_VARIANT(process)
{
	enum st_feature lacks;
};

FIXTURE_VARIANT_ADD(process, on_this_kernel){
	.lacks = ST_FEATURE__MAX,
};

FIXTURE_VARIANT_ADD(process, without_futex_waits){
	.lacks = ST_FEATURE_FUTEX_WAIT,
};

FIXTURE_SETUP(process)
{
	processes_init_without(&self->test, variant->lacks);
}

FIXTURE_TEARDOWN(process)
{
	processes_done(&self->test);
}

#define ADD(id, how, ...) ADD_ACT(&self->test, id, how, ##__VA_ARGS__)

TEST_F(process, is_spawned_then_ready_then_reaped_and_its_end_told_last)
{
	ADD("a", ST_READY_EXEC);
	processes_boot(&self->test);
	EXPECT_EQ(0, strncmp("a spawned, ", self->test.log, 11)); /* before any turn */
	processes_run_until(&self->test, "exited");
	EXPECT_STREQ("a spawned, a ready, a reaped, a exited \"normal\" 0x0, ", self->test.log);
}

TEST_F(process, that_cannot_execute_its_program_has_failed_to_start)
{
	static const char *const argv[] = { "/nonexistent/program", NULL };
	struct st_child_def def;

	processes_define(&def, "a", argv);
	processes_add(&self->test, &def);
	processes_boot(&self->test);
	processes_run_until(&self->test, "spawn_failed");
	EXPECT_STREQ("a spawned, a reaped, a spawn_failed: execve /nonexistent/program "
		     "(or its interpreter): No such file or directory, ",
		     self->test.log);
	EXPECT_EQ(0, self->test.processes.by_generation.nr);
}

TEST_F(process, ends_for_a_reason_and_with_a_status)
{
	ADD("code", ST_READY_EXEC, "exit=3");
	ADD("term", ST_READY_EXEC, "exit=165");
	ADD("killed", ST_READY_EXEC, "kill=9");
	ADD("asked", ST_READY_EXEC, "kill=15");
	ADD("signal", ST_READY_EXEC, "kill=10");
	processes_boot(&self->test);
	processes_run_until(&self->test, "code exited {\"code\":3} 0x300");
	processes_run_until(&self->test, "term exited {\"shutdown\":5} 0xa500");
	processes_run_until(&self->test, "killed exited \"killed\" 0x9");
	processes_run_until(&self->test, "asked exited \"shutdown\" 0xf");
	processes_run_until(&self->test, "signal exited {\"signal\":\"USR1\"} 0xa");
}

/*
 * Whatever makes the wait fail, a value that nobody has written decides nothing [B2].
 */
TEST_F(process, that_somebody_else_has_reaped_has_an_unknown_end)
{
	ADD("a", ST_READY_EXEC);
	processes_boot(&self->test);
	self->pid = processes_find(&self->test, "a")->ref.pid;
	ASSERT_EQ(self->pid, waitpid(self->pid, NULL, 0));
	processes_run_until(&self->test, "exited");
	EXPECT_STREQ("a spawned, a ready, a reaped, a exited \"unknown_end\" 0xffffffff, ",
		     self->test.log);
}

/* The process that "traced" has left; it is an orphan now. */
static pid_t find_tracer(void)
{
	pid_t *pids = NULL, tracer = -1;
	size_t nr = 0;

	if (st_descendants_children(getpid(), &pids, &nr) == 0)
		for (size_t i = 0; i < nr; i++)
			if (st_descendants_parent(pids[i]) == getpid())
				tracer = pids[i]; /* the other one is a zombie */
	st_free(pids);
	return tracer;
}

/*
 * A process of the child's user can trace it, and not reap it: that used a whole
 * processor, for the pidfd of the dead child is ready all the time.
 */
TEST_F(process, that_is_dead_and_held_by_a_tracer_keeps_nobody_busy)
{
	int nr_callbacks = 0;
	struct pollfd dead;
	pid_t tracer;

	ADD("a", ST_READY_NOTIFY, "traced", "notify=READY=1", "pause");
	processes_boot(&self->test);
	processes_run_until(&self->test, "a ready");
	dead = (struct pollfd){ .fd = processes_find(&self->test, "a")->ref.fd, .events = POLLIN };
	st_process_signal(&self->test.processes, processes_find(&self->test, "a")->generation,
			  SIGKILL);
	ASSERT_EQ(1, poll(&dead, 1, -1));
	for (int i = 0; i < 1000; i++) {
		int nr = st_ring_run_once(self->test.outputs.ring, false);

		ASSERT_LE(0, nr);
		nr_callbacks += nr;
	}
	EXPECT_GE(10, nr_callbacks); /* the poll, the watch, and the ends of two outputs */
	EXPECT_EQ(NULL, strstr(self->test.log, "reaped"));
	tracer = find_tracer();
	ASSERT_LT(0, tracer);
	ASSERT_EQ(0, kill(tracer, SIGKILL));
	processes_run_until(&self->test, "exited");
	EXPECT_STREQ("a spawned, a ready, a reaped, a exited \"killed\" 0x9, ", self->test.log);
	ASSERT_EQ(tracer, waitpid(tracer, NULL, 0));
}

TEST_F(process, is_found_by_generation_and_by_pid_until_it_is_reaped)
{
	const struct st_process *process;
	uint64_t generation;

	ADD("a", ST_READY_EXEC, "pause");
	processes_boot(&self->test);
	processes_run_until(&self->test, "a ready");
	process = processes_find(&self->test, "a");
	ASSERT_NE(NULL, process);
	generation = process->generation;
	self->pid = process->ref.pid;
	EXPECT_EQ(process, st_process_find_pid(&self->test.processes, self->pid));
	EXPECT_EQ(NULL, st_process_find_pid(&self->test.processes, getpid()));
	EXPECT_EQ(NULL, st_process_find_pid(&self->test.processes, 0));
	EXPECT_FALSE(st_process_was_reaped(&self->test.processes, self->pid));

	st_process_signal(&self->test.processes, generation, SIGTERM);
	processes_run_until(&self->test, "exited");
	EXPECT_EQ(NULL, st_process_find(&self->test.processes, generation));
	EXPECT_EQ(NULL, st_process_find_pid(&self->test.processes, self->pid));
	EXPECT_TRUE(st_process_was_reaped(&self->test.processes, self->pid));
}

static void look(void *owner, uint64_t generation)
{
	FIXTURE_DATA(process) *self = owner;

	self->was_found = st_process_find(&self->test.processes, generation) &&
			  waitpid(self->pid, NULL, WNOHANG) < 0 &&
			  !strstr(self->test.log, "exited");
}

TEST_F(process, is_still_known_to_who_hears_that_it_was_reaped)
{
	ADD("a", ST_READY_EXEC, "pause");
	processes_boot(&self->test);
	processes_run_until(&self->test, "a ready");
	self->pid = processes_find(&self->test, "a")->ref.pid;
	self->test.look_at_reaped = look;
	self->test.owner = self;
	st_process_signal(&self->test.processes, processes_find(&self->test, "a")->generation,
			  SIGKILL);
	processes_run_until(&self->test, "exited");
	EXPECT_TRUE(self->was_found);
}

TEST_F(process, that_is_gone_gets_no_signal)
{
	uint64_t generation;

	ADD("a", ST_READY_EXEC);
	ADD("b", ST_READY_EXEC, "pause");
	processes_boot(&self->test);
	generation = processes_find(&self->test, "a")->generation;
	processes_run_until(&self->test, "b ready");
	processes_run_until(&self->test, "a exited");
	st_process_signal(&self->test.processes, generation, SIGKILL);
	st_process_signal(&self->test.processes, 99999, SIGKILL);
	EXPECT_NE(NULL, processes_find(&self->test, "b"));
	EXPECT_EQ(NULL, strstr(self->test.log, "b reaped"));
}

TEST_F(process, is_ready_when_its_message_says_so)
{
	ADD("a", ST_READY_NOTIFY, "notify=STATUS=warming up",
	    "notify=READY=1\nX_SUPTREE_MAILBOX=1f", "pause");
	processes_boot(&self->test);
	processes_run_until(&self->test, "a ready");
	EXPECT_STREQ("a spawned, a ready, ", self->test.log);
	EXPECT_STREQ("warming up", processes_find(&self->test, "a")->status);
	EXPECT_TRUE((bool)processes_find(&self->test, "a")->has_mailbox);
	EXPECT_EQ(0x1f, (uint32_t)processes_find(&self->test, "a")->mailbox);
}

TEST_F(process, is_ready_when_a_helper_that_it_started_says_so)
{
	ADD("a", ST_READY_NOTIFY, "helper=STATUS=by the helper\nREADY=1\nX_SUPTREE_MAILBOX=1f",
	    "pause");
	processes_boot(&self->test);
	processes_run_until(&self->test, "a ready");
	EXPECT_STREQ("by the helper", processes_find(&self->test, "a")->status);
	/* messages to the process go to no other one */
	EXPECT_FALSE((bool)processes_find(&self->test, "a")->has_mailbox);
}

TEST_F(process, can_forbid_its_helpers_to_speak_for_it)
{
	static const char *const argv[] = {
		ACT, "helper=READY=1", "helper=STATUS=helper", "notify=READY=1", "pause", NULL
	};
	const struct st_process *process;
	struct st_child_def def;

	processes_define(&def, "a", argv);
	def.process.ready = ST_READY_NOTIFY;
	def.process.notify_access = ST_NOTIFY_ACCESS_MAIN;
	processes_add(&self->test, &def);
	processes_boot(&self->test);
	processes_run_until(&self->test, "a ready");
	process = processes_find(&self->test, "a");
	EXPECT_TRUE((bool)process->has_said_drop);
	EXPECT_EQ(NULL, process->status);
	EXPECT_EQ(0, self->test.processes.strangers.last);
}

TEST_F(process, says_nothing_that_counts_if_it_is_nobodys)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	ADD("a", ST_READY_NOTIFY, "pause");
	processes_boot(&self->test);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", self->test.notify_path);
	ASSERT_EQ(7, sendto(fd, "READY=1", 7, 0, (struct sockaddr *)&address, sizeof(address)));
	close(fd);
	st_process_signal(&self->test.processes, processes_find(&self->test, "a")->generation,
			  SIGKILL);
	processes_run_until(&self->test, "exited");
	EXPECT_STREQ("a spawned, a reaped, a exited \"killed\" 0x9, ", self->test.log);
	EXPECT_EQ(getpid(), self->test.processes.strangers.last);
}

TEST_F(process, is_ready_when_it_writes_a_newline_to_its_descriptor)
{
	static const char *const argv[] = { ACT, "newline=7", "pause", NULL };
	struct st_child_def def;

	processes_define(&def, "a", argv);
	def.process.ready = ST_READY_FD;
	def.process.ready_fd = 7;
	processes_add(&self->test, &def);
	processes_boot(&self->test);
	processes_run_until(&self->test, "a ready");
	EXPECT_STREQ("a spawned, a ready, ", self->test.log);
}

TEST_F(process, that_closes_its_descriptor_without_a_newline_is_not_ready)
{
	static const char *const argv[] = { ACT, NULL };
	struct st_child_def def;

	processes_define(&def, "a", argv);
	def.process.ready = ST_READY_FD;
	def.process.ready_fd = 3;
	processes_add(&self->test, &def);
	processes_boot(&self->test);
	processes_run_until(&self->test, "exited");
	EXPECT_STREQ("a spawned, a reaped, a exited \"normal\" 0x0, ", self->test.log);
}

/* Of a log, only the entries of one child: others may come in between. */
static void said_by(char name, const char *log, char *said, size_t size)
{
	size_t len = 0;

	said[0] = '\0';
	while (*log) {
		const char *end = strstr(log, ", ");
		size_t nr = end ? (size_t)(end - log) + 2 : strlen(log);

		if (log[0] == name && log[1] == ' ' && len + nr < size) {
			memcpy(said + len, log, nr);
			len += nr;
			said[len] = '\0';
		}
		log += nr;
	}
}

/* The end may be found before the message: then it is reaped, and the message is read. */
static bool is_in_order(const char *said, char child, const char *message)
{
	char first[100], second[100];

	(void)snprintf(first, sizeof(first), "%c spawned, %c %s, %c reaped, %c exited", child,
		       child, message, child, child);
	(void)snprintf(second, sizeof(second), "%c spawned, %c reaped, %c %s, %c exited", child,
		       child, child, message, child);
	return !strncmp(said, first, strlen(first)) || !strncmp(said, second, strlen(second));
}

TEST_F(process, can_ask_to_be_ignored_or_say_its_error)
{
	char said[1000];

	ADD("i", ST_READY_NOTIFY, "notify=X_SUPTREE=IGNORE", "notify=READY=1");
	ADD("e", ST_READY_NOTIFY, "notify=X_SUPTREE_ERROR=no database", "notify=READY=1");
	ADD("n", ST_READY_NOTIFY, "notify=ERRNO=2", "exit=1");
	processes_boot(&self->test);
	processes_run_until(&self->test, "i exited");
	processes_run_until(&self->test, "e exited");
	said_by('i', self->test.log, said, sizeof(said));
	EXPECT_TRUE(is_in_order(said, 'i', "ignore"))
	TH_LOG("%s", self->test.log);
	said_by('e', self->test.log, said, sizeof(said));
	EXPECT_TRUE(is_in_order(said, 'e', "error: no database"))
	TH_LOG("%s", self->test.log);
}

TEST_F(process, has_said_what_it_said_before_it_ended)
{
	siginfo_t info;

	ADD("a", ST_READY_NOTIFY, "notify=READY=1", "exit=1");
	processes_boot(&self->test);
	/* it has ended before the loop looks, so that message and end are found together */
	self->pid = processes_find(&self->test, "a")->ref.pid;
	ASSERT_EQ(0, waitid(P_PID, (id_t)self->pid, &info, WEXITED | WNOWAIT));
	processes_run_until(&self->test, "exited");
	EXPECT_NE(NULL, strstr(self->test.log, "a ready, "));
	EXPECT_LT(strstr(self->test.log, "a ready, "), strstr(self->test.log, "a exited"));
}

TEST_HARNESS_MAIN
