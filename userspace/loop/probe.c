// SPDX-License-Identifier: GPL-2.0-only
/*
 * Trying what the kernel's io_uring can do; see probe.h. Opcodes are asked for
 * (IORING_REGISTER_PROBE), the rest is tried for good: set-up flags by setting
 * up, multishot polls by looking for IORING_CQE_F_MORE.
 */
#include "loop/probe.h"

#include <errno.h>
#include <liburing.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "loop/futex_abi.h"
#include "os/fd.h"

#define ENTRIES 4

static const struct st_feature_info infos[] = {
#define INFO(feature, text, kernel, needed, what) \
	[ST_FEATURE_##feature] = { text, kernel, what, needed },
	ST_FEATURES(INFO)
#undef INFO
};

const struct st_feature_info *st_feature_info(enum st_feature feature)
{
	return &infos[feature];
}

enum st_feature st_probe_missing(const struct st_probe *probe)
{
	for (int i = 0; i < ST_FEATURE__MAX; i++)
		if (infos[i].is_needed && !probe->has[i])
			return (enum st_feature)i;
	return ST_FEATURE__MAX;
}

/* ---- opcodes ---- */

static const struct {
	enum st_feature feature;
	int opcode;
} opcodes[] = {
	{ ST_FEATURE_POLL, IORING_OP_POLL_ADD },
	{ ST_FEATURE_WRITE, IORING_OP_WRITE },
	{ ST_FEATURE_CANCEL, IORING_OP_ASYNC_CANCEL },
	{ ST_FEATURE_FUTEX_WAIT, ST_IORING_OP_FUTEX_WAIT },
};

static int ask_opcodes(struct io_uring *ring, struct st_probe *probe)
{
	struct io_uring_probe *answer = io_uring_get_probe_ring(ring);

	if (!answer)
		return -ENOMEM;
	for (size_t i = 0; i < ST_ARRAY_SIZE(opcodes); i++)
		probe->has[opcodes[i].feature] =
			io_uring_opcode_supported(answer, opcodes[i].opcode);
	io_uring_free_probe(answer);
	return 0;
}

/* ---- set-up flags ---- */

/* 1, 0, or -errno if that cannot be found out. */
static int can_set_up(uint32_t flags)
{
	struct io_uring ring;
	int ret = io_uring_queue_init(ENTRIES, &ring, flags);

	if (ret < 0)
		return ret == -EINVAL ? 0 : ret;
	io_uring_queue_exit(&ring);
	return 1;
}

/* DEFER_TASKRUN is valid with SINGLE_ISSUER only, so it comes after that. */
static const struct {
	enum st_feature feature;
	uint32_t flag;
} setup_flags[] = {
	{ ST_FEATURE_SUBMIT_ALL, IORING_SETUP_SUBMIT_ALL },
	{ ST_FEATURE_COOP_TASKRUN, IORING_SETUP_COOP_TASKRUN },
	{ ST_FEATURE_SINGLE_ISSUER, IORING_SETUP_SINGLE_ISSUER },
	{ ST_FEATURE_DEFER_TASKRUN, IORING_SETUP_DEFER_TASKRUN },
};

static int try_setup_flags(struct st_probe *probe)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(setup_flags); i++) {
		uint32_t more = probe->setup_flags | setup_flags[i].flag;
		int ret = can_set_up(more);

		if (ret < 0)
			return ret;
		probe->has[setup_flags[i].feature] = ret;
		if (ret)
			probe->setup_flags = more;
	}
	return 0;
}

/* ---- multishot operations ---- */

/* Submit what is queued and wait for one completion: 0 or -errno. */
static int await(struct io_uring *ring, int *ret_result, bool *ret_has_more)
{
	struct io_uring_cqe *cqe;
	int ret = io_uring_submit_and_wait(ring, 1);

	if (ret >= 0)
		ret = io_uring_peek_cqe(ring, &cqe);
	if (ret < 0)
		return ret;
	*ret_result = cqe->res;
	*ret_has_more = cqe->flags & IORING_CQE_F_MORE;
	io_uring_cqe_seen(ring, cqe);
	return 0;
}

/* A ready eventfd completes the poll at once; does the poll stay armed after that? */
static int try_poll_multishot(struct io_uring *ring)
{
	st_cleanup(st_fd_close) int fd = eventfd(1, EFD_CLOEXEC);
	struct io_uring_sqe *sqe = io_uring_get_sqe(ring); /* an empty ring has one */
	bool has_more;
	int result;

	if (fd < 0)
		return -errno;
	io_uring_prep_poll_multishot(sqe, fd, POLLIN);
	int ret = await(ring, &result, &has_more);

	return ret < 0 ? ret : result >= 0 && has_more;
}

/* Each probe has its own ring; when the ring ends, so does everything armed on it. */
static int try_on_ring(struct st_probe *probe, enum st_feature feature,
		       int (*try)(struct io_uring *ring))
{
	struct io_uring ring;
	int ret = io_uring_queue_init(ENTRIES, &ring, 0);

	if (ret < 0)
		return ret;
	ret = try(&ring);
	io_uring_queue_exit(&ring);
	if (ret < 0)
		return ret;
	probe->has[feature] = ret;
	return 0;
}

int st_probe_run(struct st_probe *ret_probe)
{
	struct st_probe probe = { 0 };
	struct io_uring ring;
	int ret = io_uring_queue_init(ENTRIES, &ring, 0);

	if (ret < 0)
		return ret;
	probe.has[ST_FEATURE_RING] = true;
	probe.has[ST_FEATURE_NO_DROP] = ring.features & IORING_FEAT_NODROP;
	probe.has[ST_FEATURE_WAIT_TIMEOUT] = ring.features & IORING_FEAT_EXT_ARG;
	ret = ask_opcodes(&ring, &probe);
	io_uring_queue_exit(&ring);
	if (!ret)
		ret = try_setup_flags(&probe);
	if (!ret)
		ret = try_on_ring(&probe, ST_FEATURE_POLL_MULTISHOT, try_poll_multishot);
	if (!ret)
		*ret_probe = probe;
	return ret;
}
