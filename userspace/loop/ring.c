// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ring of ring.h: the life of operations and the turn. It knows operations
 * as st_op_type only; each kind is a file of its own.
 *
 * Nothing here fails because a queue is full. A started operation first goes to
 * the list `waiting`; each turn moves as many to the submission queue as fit. The
 * kernel keeps completions that do not fit into the completion queue
 * (IORING_FEAT_NODROP) and delivers them when there is room.
 */
#include "loop/ring.h"

#include <assert.h>
#include <errno.h>
#include <time.h>

#include "base/alloc.h"
#include "loop/internal.h"

/* Small: the memory is locked, and a turn that needs more submits twice. */
#define SQ_ENTRIES 256
#define CQ_ENTRIES 4096

/* user_data of the completion of a cancel, which is ignored. */
#define NOBODY 0

/**
 * struct st_ring - the ring
 * @uring: liburing's part
 * @probe: what the kernel can
 * @waiting: operations that were started and are not in the submission queue
 * @cancels: submitted operations for which a cancel is to be submitted
 * @ending: operations that were cancelled before they were submitted
 * @again: watches that wait in line to be called, ready or not
 * @nr_armed: operations that are not idle
 * @deadlines: of deadline.c
 */
struct st_ring {
	struct io_uring uring;
	struct st_probe probe;
	struct st_list waiting;
	struct st_list cancels;
	struct st_list ending;
	struct st_list again;
	unsigned int nr_armed;
	struct st_deadlines deadlines;
};

uint64_t st_clock_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail on Linux */
	return (uint64_t)now.tv_sec * ST_NSEC_PER_SEC + (uint64_t)now.tv_nsec;
}

int st_ring_new(const struct st_probe *probe, struct st_ring **ret_ring)
{
	struct io_uring_params params = {
		.flags = probe->setup_flags | IORING_SETUP_CQSIZE | IORING_SETUP_CLAMP,
		.cq_entries = CQ_ENTRIES,
	};

	if (st_probe_missing(probe) != ST_FEATURE__MAX)
		return -EOPNOTSUPP;
	struct st_ring *ring = st_alloc(sizeof(*ring));

	if (!ring)
		return -ENOMEM;
	int ret = io_uring_queue_init_params(SQ_ENTRIES, &ring->uring, &params);

	if (ret < 0) {
		st_free(ring);
		return ret;
	}
	ring->probe = *probe;
	st_list_init(&ring->waiting);
	st_list_init(&ring->cancels);
	st_list_init(&ring->ending);
	st_list_init(&ring->again);
	*ret_ring = ring;
	return 0;
}

void st_ring_free(struct st_ring *ring)
{
	if (!ring)
		return;
	assert(!ring->nr_armed && !ring->deadlines.heap.nr);
	st_heap_done(&ring->deadlines.heap);
	io_uring_queue_exit(&ring->uring);
	st_free(ring);
}

bool st_ring_has(const struct st_ring *ring, enum st_feature feature)
{
	return ring->probe.has[feature];
}

struct st_deadlines *st_ring_deadlines(struct st_ring *ring)
{
	return &ring->deadlines;
}

unsigned int st_ring_nr_armed(const struct st_ring *ring)
{
	return ring->nr_armed;
}

/* ---- the life of an operation ---- */

bool st_op_is_armed(const struct st_op *op)
{
	return op->state != ST_OP_IDLE;
}

static void arm(struct st_op *op, enum st_op_state state, struct st_list *list)
{
	op->state = (uint8_t)state;
	op->ring->nr_armed++;
	st_list_add_tail(&op->link, list);
}

static void disarm(struct st_op *op)
{
	st_list_del(&op->link);
	op->state = ST_OP_IDLE;
	op->ring->nr_armed--;
}

void st_op_start(struct st_ring *ring, struct st_op *op, const struct st_op_type *type)
{
	assert(op->state == ST_OP_IDLE);
	op->ring = ring;
	op->type = type;
	op->is_cancelled = false;
	arm(op, ST_OP_WAITING, &ring->waiting);
}

void st_op_restart(struct st_op *op)
{
	assert(op->state == ST_OP_IDLE);
	if (op->is_cancelled)
		arm(op, ST_OP_ENDING, &op->ring->ending);
	else
		arm(op, ST_OP_WAITING, &op->ring->waiting);
}

void st_op_again(struct st_op *op)
{
	/* One that waits to be submitted will be looked at by the kernel anyway. */
	if (op->state != ST_OP_SUBMITTED || op->is_cancelled)
		return;
	/* A watch that is already in line keeps its place. */
	if (!st_list_is_empty(&op->link))
		return;
	st_list_add_tail(&op->link, &op->ring->again);
}

void st_op_cancel(struct st_op *op)
{
	if (op->state == ST_OP_IDLE || op->is_cancelled)
		return;
	op->is_cancelled = true;
	st_list_del(&op->link);
	if (op->state == ST_OP_SUBMITTED) {
		st_list_add_tail(&op->link, &op->ring->cancels);
	} else {
		op->state = ST_OP_ENDING;
		st_list_add_tail(&op->link, &op->ring->ending);
	}
}

/* ---- submission ---- */

/* A free entry of the submission queue; NULL if the kernel takes none just now. */
static struct io_uring_sqe *get_sqe(struct st_ring *ring)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&ring->uring);

	if (sqe)
		return sqe;
	/* Full. -EBUSY and -EAGAIN mean: reap completions first, which the turn does. */
	if (io_uring_submit(&ring->uring) < 0)
		return NULL;
	return io_uring_get_sqe(&ring->uring);
}

static void queue_operations(struct st_ring *ring)
{
	while (!st_list_is_empty(&ring->waiting)) {
		struct st_op *op = st_list_entry(ring->waiting.next, struct st_op, link);
		struct io_uring_sqe *sqe = get_sqe(ring);

		if (!sqe)
			return;
		st_list_del(&op->link);
		op->state = ST_OP_SUBMITTED;
		op->type->prepare(op, sqe);
		io_uring_sqe_set_data(sqe, op);
	}
}

/*
 * A cancel names its operation by address. No later operation at the same
 * address can be hit: the kernel takes submissions in order, and a completion
 * takes the operation off this list.
 */
static void queue_cancels(struct st_ring *ring)
{
	while (!st_list_is_empty(&ring->cancels)) {
		struct st_op *op = st_list_entry(ring->cancels.next, struct st_op, link);
		struct io_uring_sqe *sqe = get_sqe(ring);

		if (!sqe)
			return;
		st_list_del(&op->link);
		io_uring_prep_cancel(sqe, op, 0);
		io_uring_sqe_set_data64(sqe, NOBODY);
	}
}

/* ---- the turn ---- */

/* The limit of the wait. False: do not wait; *ret_limit NULL: wait without a limit. */
static bool wait_limit(const struct st_ring *ring, struct __kernel_timespec *limit,
		       struct __kernel_timespec **ret_limit)
{
	*ret_limit = NULL;
	uint64_t deadline_ns = st_deadlines_next(&ring->deadlines);

	if (deadline_ns == ST_NO_DEADLINE)
		return true;
	uint64_t now_ns = st_clock_ns();

	if (deadline_ns <= now_ns)
		return false;
	uint64_t left_ns = deadline_ns - now_ns;

	limit->tv_sec = (long long)(left_ns / ST_NSEC_PER_SEC);
	limit->tv_nsec = (long long)(left_ns % ST_NSEC_PER_SEC);
	*ret_limit = limit;
	return true;
}

static bool has_own_work(const struct st_ring *ring)
{
	return !st_list_is_empty(&ring->waiting) || !st_list_is_empty(&ring->cancels) ||
	       !st_list_is_empty(&ring->ending) || !st_list_is_empty(&ring->again);
}

/*
 * Hand over what is queued, let the kernel run its deferred work, and wait for
 * a completion if that is all there is to do: one io_uring_enter(2).
 */
static int enter(struct st_ring *ring, bool can_wait)
{
	struct __kernel_timespec limit;
	struct __kernel_timespec *timeout;
	struct io_uring_cqe *cqe;
	int ret;

	if (can_wait && !has_own_work(ring) && wait_limit(ring, &limit, &timeout))
		ret = io_uring_submit_and_wait_timeout(&ring->uring, &cqe, 1, timeout, NULL);
	else
		ret = io_uring_submit_and_get_events(&ring->uring);
	switch (ret) {
	case -ETIME: /* the deadline */
	case -EINTR: /* a signal that is not blocked */
	case -EBUSY: /* completions must be reaped before more is taken */
	case -EAGAIN: /* no memory for a request now; it stays queued */
		return 0;
	default:
		return ret < 0 ? ret : 0;
	}
}

static void complete(struct st_op *op, int result, bool has_more)
{
	if (!has_more)
		disarm(op);
	op->type->complete(op, result, has_more);
}

static int serve_completions(struct st_ring *ring)
{
	int nr = 0;

	while (nr < ST_RING_BUDGET) {
		struct io_uring_cqe *cqe;

		/* Also fetches what the kernel kept while the queue was full. */
		if (io_uring_peek_cqe(&ring->uring, &cqe) < 0)
			break;
		struct st_op *op = io_uring_cqe_get_data(cqe);
		int result = cqe->res;
		bool has_more = cqe->flags & IORING_CQE_F_MORE;

		io_uring_cqe_seen(&ring->uring, cqe);
		if (!op)
			continue;
		complete(op, result, has_more);
		nr++;
	}
	return nr;
}

/*
 * Serve the watches that are in line now, until the slice is over. The rest come
 * first in the next turn. A watch that asks for another turn waits for the next one.
 */
static int serve_line(struct st_ring *ring)
{
	uint64_t end_ns;
	struct st_list now;
	int nr = 0;

	if (st_list_is_empty(&ring->again))
		return 0;
	end_ns = st_clock_ns() + ST_RING_SLICE_NS;
	st_list_init(&now);
	st_list_splice_tail(&ring->again, &now);
	do {
		struct st_op *op = st_list_entry(now.next, struct st_op, link);

		st_list_del(&op->link);
		op->type->again(op);
		nr++;
	} while (!st_list_is_empty(&now) && st_clock_ns() < end_ns);
	st_list_splice_tail(&ring->again, &now);
	st_list_splice_tail(&now, &ring->again);
	return nr;
}

/* As they are now; what callbacks add is for the next turn. */
static int serve_ending(struct st_ring *ring)
{
	struct st_list now;
	int nr = 0;

	st_list_init(&now);
	st_list_splice_tail(&ring->ending, &now);
	while (!st_list_is_empty(&now)) {
		struct st_op *op = st_list_entry(now.next, struct st_op, link);

		st_list_del(&op->link);
		complete(op, -ECANCELED, false);
		nr++;
	}
	return nr;
}

int st_ring_run_once(struct st_ring *ring, bool can_wait)
{
	queue_operations(ring);
	queue_cancels(ring);
	int ret = enter(ring, can_wait);

	if (ret < 0)
		return ret;
	/* Only the kernel's lack of memory makes it lose one (io_uring(7)). */
	if (*ring->uring.cq.koverflow)
		return -EBADR;
	ret = serve_completions(ring);
	ret += serve_line(ring);
	ret += serve_ending(ring);
	ret += st_deadlines_serve(&ring->deadlines);
	return ret;
}
