// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ring: making one, and one operation of each kind on it.
 */
#include "loop/ring.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "faults.h"
#include "scenarios.h"
#include "loop/deadline.h"
#include "loop/futex.h"
#include "loop/poll.h"
#include "loop/write.h"
#include "os/fd.h"

#define WRONG 1
#define NR_KINDS 4

/* One operation of each kind, and what became of them. */
struct all {
	struct st_ring *ring;
	struct st_poll once, watch;
	struct st_write write;
	struct st_futex futex;
	struct st_deadline deadline;
	int pipe[2];
	uint32_t word;
	int nr_done;
	bool is_over;
	int error;
};

/* One at a time, so the owner is known. */
static struct all all;

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	perror(what);
	abort();
}

static void note(int result)
{
	all.nr_done++;
	if (result < 0 && result != -ECANCELED && !all.error)
		all.error = result;
}

static void once_done(struct st_poll *poll, int result)
{
	(void)poll;
	note(result);
}

static void watch_done(struct st_poll *poll, int result)
{
	char byte;

	faults_off(); /* this read is ours */
	if (result >= 0)
		must(read(poll->fd, &byte, 1) == 1, "read");
	faults_on();
	note(result);
	st_op_cancel(&poll->op);
}

static void write_done(struct st_write *write, int result)
{
	(void)write;
	note(result);
}

static void futex_done(struct st_futex *futex, int result)
{
	(void)futex;
	note(result);
}

static void on_due(struct st_deadline *deadline)
{
	(void)deadline;
	all.is_over = true;
}

/* What is ready, so that every operation has something to tell. */
static void prepare(void)
{
	all = (struct all){ .word = 1 };
	must(!pipe2(all.pipe, O_CLOEXEC | O_NONBLOCK), "pipe");
	must(write(all.pipe[1], "abc", 3) == 3, "write");
}

static void clear(void)
{
	st_fd_close(&all.pipe[0]);
	st_fd_close(&all.pipe[1]);
}

static int run_dry(void)
{
	bool can_wait = false; /* the first turn only looks */
	int ret = 0;

	/* A turn may be cut short; what is armed is not done by that. */
	while (!ret && st_ring_nr_armed(all.ring)) {
		ret = COUNTED(st_ring_run_once(all.ring, can_wait));
		can_wait = true;
		ret = ret > 0 ? 0 : ret;
	}
	return ret;
}

/* After an error of the loop itself, which ends a daemon: tidy up undisturbed. */
static void give_up(void)
{
	faults_calm();
	struct st_op *ops[NR_KINDS] = { &all.once.op, &all.watch.op, &all.write.op, &all.futex.op };

	for (int i = 0; i < NR_KINDS; i++)
		st_op_cancel(ops[i]);
	must(!run_dry(), "turn");
}

static int operate(void)
{
	bool has_futex = st_ring_has(all.ring, ST_FEATURE_FUTEX_WAIT);

	all.write = (struct st_write){ .fd = all.pipe[1], .data = "x", .len = 1 };
	st_poll_start(all.ring, &all.once, all.pipe[0], POLLIN, once_done);
	st_poll_watch(all.ring, &all.watch, all.pipe[0], POLLIN, watch_done);
	st_write_start(all.ring, &all.write, write_done);
	if (has_futex)
		st_futex_start(all.ring, &all.futex, &all.word, 0, futex_done);
	int ret = st_deadline_init(&all.deadline, all.ring, on_due);

	if (!ret)
		ret = run_dry();
	if (ret)
		return ret;
	st_deadline_set(&all.deadline, st_clock_ns() + 1000);
	while (!ret && !all.is_over) {
		ret = COUNTED(st_ring_run_once(all.ring, true));
		ret = ret > 0 ? 0 : ret;
	}
	if (ret)
		return ret;
	return all.error ? all.error : all.nr_done >= NR_KINDS - !has_futex ? 0 : WRONG;
}

static int run_ring(bool is_modern)
{
	struct st_probe features;
	int ret = st_probe_run(&features);

	must(!ret, "probe");
	for (int i = 0; !is_modern && i < ST_FEATURE__MAX; i++)
		features.has[i] &= st_feature_info((enum st_feature)i)->is_needed;
	if (!is_modern)
		features.setup_flags = 0;
	prepare();
	ret = COUNTED(st_ring_new(&features, &all.ring));
	if (!ret) {
		ret = operate();
		if (st_ring_nr_armed(all.ring))
			give_up();
		st_deadline_done(&all.deadline);
		st_ring_free(all.ring);
	}
	clear();
	return ret;
}

static int run_modern_ring(void)
{
	return run_ring(true);
}

static int run_old_ring(void)
{
	return run_ring(false);
}

/* A feature that could not be tried is not taken for missing. */
static int run_probe(void)
{
	struct st_probe features;

	return COUNTED(st_probe_run(&features));
}

static void count_end(struct st_poll *poll, int result)
{
	(void)poll;
	note(result);
}

/* More at once than the submission queue holds. */
static int run_many_operations(void)
{
	enum {
		NR = 600
	};
	static struct st_poll polls[NR];
	struct st_probe features;

	must(!st_probe_run(&features), "probe");
	prepare();
	must(!st_ring_new(&features, &all.ring), "make a ring");
	for (int i = 0; i < NR; i++)
		st_poll_start(all.ring, &polls[i], all.pipe[0], POLLIN, count_end);
	int ret = run_dry();

	for (int i = 0; i < NR; i++)
		st_op_cancel(&polls[i].op);
	faults_calm();
	must(!run_dry(), "turn");
	st_ring_free(all.ring);
	clear();
	if (ret)
		return ret;
	return all.error ? all.error : all.nr_done == NR ? 0 : WRONG;
}

static const struct answer of_rings[] = {
	{ "io_uring_submit", 0, 0, "the turn reaps and hands over the rest" },
	{ "io_uring_submit_and_get_events", EBUSY, 0, "the turn reaps first" },
	{ "io_uring_submit_and_get_events", EAGAIN, 0, "again in the next turn" },
	{ "io_uring_submit_and_get_events", EINTR, 0, "a signal" },
	{ "io_uring_submit_and_wait_timeout", EBUSY, 0, "the turn reaps first" },
	{ "io_uring_submit_and_wait_timeout", EAGAIN, 0, "again in the next turn" },
	{ "io_uring_submit_and_wait_timeout", EINTR, 0, "a signal" },
	{ "io_uring_submit_and_wait_timeout", ETIME, 0, "the deadline" },
	{ 0 },
};

const struct scenario probe = { run_probe, NULL };
const struct scenario modern_ring = { run_modern_ring, of_rings };
const struct scenario old_ring = { run_old_ring, of_rings };
const struct scenario many_operations = { run_many_operations, of_rings };
