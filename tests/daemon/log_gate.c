// SPDX-License-Identifier: GPL-2.0-only
/*
 * A child that writes faster than its log takes lines waits, but not for ever.
 */
#include "daemon/output/log_gate.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/compiler.h"
#include "daemon/output/output_internal.h"
#include "kselftest_harness.h"
#include "lib/outputs.h"
#include "temporary.h"

struct caller {
	struct st_log_waiter waiter;
	unsigned int nr_called;
};

static void on_go(struct st_log_waiter *waiter)
{
	container_of(waiter, struct caller, waiter)->nr_called++;
}

FIXTURE(gate)
{
	struct st_ring *ring;
	struct st_log_gates gates;
	struct st_log_gate gate[2];
	struct caller callers[3];
};

FIXTURE_SETUP(gate)
{
	struct st_probe probe;

	ASSERT_EQ(0, st_probe_run(&probe));
	ASSERT_EQ(0, st_ring_new(&probe, &self->ring));
	ASSERT_EQ(0, st_log_gates_init(&self->gates, self->ring));
	for (size_t i = 0; i < ST_ARRAY_SIZE(self->gate); i++)
		st_log_gate_init(&self->gate[i]);
	for (size_t i = 0; i < ST_ARRAY_SIZE(self->callers); i++) {
		self->callers[i] = (struct caller){ .waiter.go_on = on_go };
		st_list_init(&self->callers[i].waiter.link);
	}
}

FIXTURE_TEARDOWN(gate)
{
	st_log_gates_done(&self->gates);
	st_ring_free(self->ring);
}

#define WAIT(nr, caller) \
	st_log_gate_wait(&self->gates, &self->gate[nr], &self->callers[caller].waiter)

TEST_F(gate, all_who_wait_are_called_when_it_opens)
{
	EXPECT_EQ(ST_NO_DEADLINE, st_deadline_at(&self->gates.deadline));
	WAIT(0, 0);
	WAIT(0, 1);
	WAIT(1, 2);
	EXPECT_NE(ST_NO_DEADLINE, st_deadline_at(&self->gates.deadline));
	st_log_gate_open(&self->gate[0]);
	EXPECT_EQ(1u, self->callers[0].nr_called);
	EXPECT_EQ(1u, self->callers[1].nr_called);
	EXPECT_EQ(0u, self->callers[2].nr_called);
	st_log_gate_open(&self->gate[0]);
	EXPECT_EQ(1u, self->callers[0].nr_called);
	st_log_gate_open(&self->gate[1]);
	EXPECT_EQ(1u, self->callers[2].nr_called);
	EXPECT_EQ(ST_NO_DEADLINE, st_deadline_at(&self->gates.deadline));
}

TEST_F(gate, one_that_was_closed_for_too_long_is_forced_until_it_opens)
{
	uint64_t deadline_ns;

	WAIT(0, 0);
	deadline_ns = st_deadline_at(&self->gates.deadline);
	WAIT(0, 1);
	WAIT(1, 2);
	EXPECT_EQ(deadline_ns, st_deadline_at(&self->gates.deadline)); /* the first's */
	EXPECT_EQ(0, st_ring_run_once(self->ring, false));
	EXPECT_EQ(0u, self->callers[0].nr_called);
	self->gate[0].deadline_ns = 1; /* as if its time were over */
	st_deadline_set(&self->gates.deadline, 1);
	EXPECT_EQ(1, st_ring_run_once(self->ring, false));
	EXPECT_EQ(1u, self->callers[0].nr_called);
	EXPECT_EQ(1u, self->callers[1].nr_called);
	EXPECT_TRUE(self->gate[0].is_forced);
	st_log_gate_open(&self->gate[0]);
	EXPECT_FALSE(self->gate[0].is_forced);
	EXPECT_EQ(0u, self->callers[2].nr_called);
	EXPECT_EQ(self->gate[1].deadline_ns, st_deadline_at(&self->gates.deadline));
	self->gate[1].deadline_ns = 1;
	st_deadline_set(&self->gates.deadline, 1);
	EXPECT_EQ(1, st_ring_run_once(self->ring, false));
	EXPECT_EQ(1u, self->callers[2].nr_called);
	EXPECT_EQ(ST_NO_DEADLINE, st_deadline_at(&self->gates.deadline));
}

TEST_F(gate, who_goes_away_is_not_called)
{
	WAIT(0, 0);
	WAIT(0, 1);
	st_list_del(&self->callers[0].waiter.link);
	st_log_gate_open(&self->gate[0]);
	EXPECT_EQ(0u, self->callers[0].nr_called);
	EXPECT_EQ(1u, self->callers[1].nr_called);
}

/* ---- with pipes in front of it ---- */

FIXTURE(held)
{
	struct outputs_test test;
	struct ends ends;
	char dir[TEMPORARY_SIZE];
	char path[TEMPORARY_SIZE + 32];
};

FIXTURE_SETUP(held)
{
	struct st_log_spec log = { .to = ST_LOG_FILE, .path = self->path };

	ASSERT_NE(NULL, temporary_folder(self->dir, "st-held-XXXXXX"));
	snprintf(self->path, sizeof(self->path), "%s/log", self->dir);
	outputs_init(&self->test);
	self->ends = outputs_open(&self->test, "demo/a", 1);
	st_output_log_set(self->test.outputs, "demo/a", &log, (gid_t)-1);
	ASSERT_LE(0, fcntl(self->ends.out, F_SETFL, O_NONBLOCK));
}

FIXTURE_TEARDOWN(held)
{
	outputs_done(&self->test);
	ends_close(&self->ends);
	unlink(self->path);
	rmdir(self->dir);
}

/* Write until the pipe is full; how many bytes that were. */
static size_t fill(int fd)
{
	static const char text[] = "0123456789abcde\n0123456789abcde\n";
	size_t len = 0;
	ssize_t nr;

	while ((nr = write(fd, text, 32)) > 0)
		len += (size_t)nr;
	return len;
}

/* Turns without the pump, so that nothing is written to the file. */
static void turn_without_log(struct outputs_test *test)
{
	while (st_ring_run_once(test->ring, false) > 0)
		continue;
}

/* As if the time of every closed gate were over. */
static void force(struct st_log_gates *gates)
{
	struct st_list *pos;

	st_list_for_each(pos, &gates->closed)
		st_list_entry(pos, struct st_log_gate, link)->deadline_ns = 1;
	if (!st_list_is_empty(&gates->closed))
		st_deadline_set(&gates->deadline, 1);
}

/* Until all is written, too. */
static void settle(struct outputs_test *test)
{
	outputs_settle(test);
	while (!st_log_files_is_closed(&test->outputs->log_files)) {
		outputs_turn(test);
		outputs_settle(test);
	}
}

TEST_F(held, a_child_is_held_back_and_then_nothing_of_it_is_missing)
{
	size_t len = 0;
	char text[16];
	long size;
	FILE *file;

	for (int i = 0; i < 50; i++) {
		len += fill(self->ends.out);
		turn_without_log(&self->test);
	}
	EXPECT_GE((size_t)ST_LOG_ENOUGH + ST_OUTPUT_PORTION + (64u << 10), len);
	EXPECT_NE(ST_NO_DEADLINE, st_deadline_at(&self->test.outputs->gates.deadline));
	settle(&self->test);
	EXPECT_EQ(ST_NO_DEADLINE, st_deadline_at(&self->test.outputs->gates.deadline));
	len += fill(self->ends.out);
	settle(&self->test);
	file = fopen(self->path, "re");
	ASSERT_NE(NULL, file);
	EXPECT_EQ(0, fseek(file, 0, SEEK_END));
	size = ftell(file);
	EXPECT_EQ((long)len, size);
	EXPECT_EQ(0, fseek(file, -16, SEEK_END));
	EXPECT_EQ(1u, fread(text, 16, 1, file));
	EXPECT_EQ(0, memcmp("0123456789abcde\n", text, 16));
	fclose(file);
}

TEST_F(held, who_looks_at_the_lines_again_and_again_makes_none_be_missing)
{
	size_t len = 0;

	for (int i = 0; i < 50; i++) {
		len += fill(self->ends.out);
		turn_without_log(&self->test);
		(void)outputs_lines(&self->test, "demo/a", 1);
	}
	EXPECT_GE(2u * ST_LOG_ENOUGH + ST_OUTPUT_PORTION + (64u << 10), len);
	settle(&self->test);
}

TEST_F(held, a_log_that_takes_nothing_holds_it_no_longer_and_memory_stays_bounded)
{
	size_t len = 0;

	for (int i = 0; i < 50; i++) {
		len += fill(self->ends.out);
		turn_without_log(&self->test);
		force(&self->test.outputs->gates);
		turn_without_log(&self->test);
	}
	EXPECT_LE(2u * ST_LOG_MAX_WAITING, len);
	settle(&self->test);
}

TEST_F(held, a_child_that_is_removed_while_it_is_held_leaves_nothing)
{
	for (int i = 0; i < 5; i++) {
		(void)fill(self->ends.out);
		turn_without_log(&self->test);
	}
	st_outputs_forget(self->test.outputs, "demo/a");
	settle(&self->test);
	EXPECT_EQ(0u, st_ring_nr_armed(self->test.ring));
}

TEST_F(held, a_child_whose_log_is_another_one_now_goes_on)
{
	static const struct st_log_spec none = { .to = ST_LOG_NONE };
	size_t len = 0;

	for (int i = 0; i < 5; i++) {
		(void)fill(self->ends.out);
		turn_without_log(&self->test);
	}
	st_output_log_set(self->test.outputs, "demo/a", &none, (gid_t)-1);
	settle(&self->test);
	for (int i = 0; i < 5; i++) {
		len += fill(self->ends.out);
		turn_without_log(&self->test);
	}
	EXPECT_LE(4u * (64u << 10), len);
}

TEST_HARNESS_MAIN
