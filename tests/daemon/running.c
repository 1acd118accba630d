// SPDX-License-Identifier: GPL-2.0-only
/*
 * The second part of the answer of why --running: what a process holds. The process is this
 * one, or a child that ends between two slices.
 */
#include "daemon/requests/running.h"

#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "daemon/descriptors.h"
#include "daemon/process/process.h"
#include "kselftest_harness.h"

#define GENERATION 7

FIXTURE(running)
{
	struct st_descriptors descriptors;
	struct st_processes processes;
	struct st_process process;
	struct st_running_query query;
	struct st_slices *slices;
	struct st_buf out;
};

FIXTURE_SETUP(running)
{
	self->descriptors.clients = ST_RUNNING_DESCRIPTORS;
	ASSERT_EQ(0, st_map_reserve(&self->processes.by_generation, 1));
	ASSERT_EQ(0, st_pidref_open(getpid(), &self->process.ref));
	st_map_put(&self->processes.by_generation, GENERATION, &self->process);
	self->query = (struct st_running_query){
		.processes = &self->processes,
		.descriptors = &self->descriptors,
		.is_admin = true,
		.generation = GENERATION,
	};
}

FIXTURE_TEARDOWN(running)
{
	if (self->slices)
		self->slices->free(self->slices);
	EXPECT_EQ(0, self->descriptors.nr_lent);
	st_pidref_done(&self->process.ref);
	st_map_done(&self->processes.by_generation);
	st_buf_done(&self->out);
}

static int make(FIXTURE_DATA(running) * self)
{
	struct st_buf head = ST_BUF_INIT;
	int err;

	st_buf_add_text(&head, "{\"path\":\"a\"");
	if (st_buf_error(&head))
		abort();
	err = st_running_new(&self->query, &head, &self->slices);
	st_buf_done(&head);
	return err;
}

/* Write all slices. Return: what is held, in an answer that the caller puts back. */
static json_t *written(FIXTURE_DATA(running) * self, json_t **ret_answer)
{
	while (!self->slices->write(self->slices, &self->out, 0))
		;
	*ret_answer = st_buf_error(&self->out) ? NULL :
						 json_loadb(self->out.data, self->out.len,
							    JSON_REJECT_DUPLICATES, NULL);
	return json_object_get(*ret_answer, "holds");
}

TEST_F(running, what_is_held_comes_after_the_head)
{
	json_t *answer, *holds;

	ASSERT_EQ(0, make(self));
	holds = written(self, &answer);
	EXPECT_STREQ("a", json_string_value(json_object_get(answer, "path")));
	EXPECT_TRUE(json_is_array(json_object_get(holds, "files")));
	EXPECT_TRUE(json_is_array(json_object_get(holds, "ports")));
	EXPECT_EQ(NULL, json_object_get(holds, "gone"));
	json_decref(answer);
}

TEST_F(running, a_supervisor_has_only_the_head)
{
	json_t *answer;

	self->query.generation = 0;
	self->descriptors.clients = 0; /* none are needed */
	ASSERT_EQ(0, make(self));
	EXPECT_EQ(NULL, written(self, &answer));
	EXPECT_EQ(1, json_object_size(answer));
	json_decref(answer);
}

TEST_F(running, a_process_that_ends_between_two_slices_is_gone)
{
	json_t *answer, *holds;

	ASSERT_EQ(0, make(self));
	ASSERT_FALSE(self->slices->write(self->slices, &self->out, 0));
	self->process.is_reaped = true;
	holds = written(self, &answer);
	EXPECT_TRUE(json_is_true(json_object_get(holds, "gone")));
	json_decref(answer);
}

TEST_F(running, nothing_is_shown_of_another_process_with_the_same_pid)
{
	json_t *answer, *holds;
	pid_t pid = fork();

	if (!pid) {
		pause();
		_exit(0);
	}
	st_pidref_done(&self->process.ref);
	ASSERT_EQ(0, st_pidref_open(pid, &self->process.ref));
	ASSERT_EQ(0, kill(pid, SIGKILL));
	ASSERT_EQ(pid, waitpid(pid, NULL, 0));
	self->process.ref.pid = getpid(); /* as if the number had been given again */
	ASSERT_EQ(0, make(self));
	holds = written(self, &answer);
	EXPECT_STREQ("the process has ended meanwhile",
		     json_string_value(json_object_get(holds, "unknown")));
	json_decref(answer);
}

TEST_F(running, one_that_was_reaped_before_is_not_looked_at)
{
	json_t *answer, *holds;

	self->process.is_reaped = true;
	ASSERT_EQ(0, make(self));
	holds = written(self, &answer);
	EXPECT_STREQ("the process has ended meanwhile",
		     json_string_value(json_object_get(holds, "unknown")));
	json_decref(answer);
}

TEST_F(running, without_descriptors_for_clients_there_is_no_answer)
{
	self->descriptors.clients = ST_RUNNING_DESCRIPTORS - 1;
	EXPECT_EQ(-EMFILE, make(self));
	EXPECT_EQ(NULL, self->slices);
}

TEST_F(running, without_memory_there_is_no_answer)
{
	struct st_buf head = ST_BUF_INIT;

	st_alloc_fail_at(1);
	EXPECT_EQ(-ENOMEM, st_running_new(&self->query, &head, &self->slices));
	st_alloc_fail_at(0);
}

TEST_HARNESS_MAIN
