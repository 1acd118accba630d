// SPDX-License-Identifier: GPL-2.0-only
/*
 * Trying what the kernel's io_uring can do; see probe.h. Opcodes are asked for
 * (IORING_REGISTER_PROBE), the rest is tried for good: set-up flags by setting
 * up, multishot operations by looking for IORING_CQE_F_MORE.
 */
#include "loop/probe.h"

#include <errno.h>
#include <liburing.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
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
	{ ST_FEATURE_ACCEPT, IORING_OP_ACCEPT },
	{ ST_FEATURE_READ, IORING_OP_READ },
	{ ST_FEATURE_WRITE, IORING_OP_WRITE },
	{ ST_FEATURE_SEND, IORING_OP_SEND },
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

static bool can_set_up(uint32_t flags)
{
	struct io_uring ring;

	if (io_uring_queue_init(ENTRIES, &ring, flags) < 0)
		return false;
	io_uring_queue_exit(&ring);
	return true;
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

static void try_setup_flags(struct st_probe *probe)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(setup_flags); i++) {
		uint32_t more = probe->setup_flags | setup_flags[i].flag;

		probe->has[setup_flags[i].feature] = can_set_up(more);
		if (probe->has[setup_flags[i].feature])
			probe->setup_flags = more;
	}
}

/* ---- multishot operations ---- */

/* Submit what is queued and wait for one completion: its result and flags. */
static int await(struct io_uring *ring, uint32_t *ret_flags)
{
	struct io_uring_cqe *cqe;
	int ret = io_uring_submit_and_wait(ring, 1);

	if (ret < 0)
		return ret;
	ret = io_uring_peek_cqe(ring, &cqe);
	if (ret < 0)
		return ret;
	ret = cqe->res;
	*ret_flags = cqe->flags;
	io_uring_cqe_seen(ring, cqe);
	return ret;
}

/* An eventfd that is ready is told at once; does the poll live on after that? */
static bool try_poll_multishot(struct io_uring *ring)
{
	st_cleanup(st_fd_close) int fd = eventfd(1, EFD_CLOEXEC);
	struct io_uring_sqe *sqe = io_uring_get_sqe(ring);
	uint32_t flags = 0;

	if (fd < 0 || !sqe)
		return false;
	io_uring_prep_poll_multishot(sqe, fd, POLLIN);
	return await(ring, &flags) >= 0 && flags & IORING_CQE_F_MORE;
}

static int open_listener(struct sockaddr_storage *ret_address, socklen_t *ret_len)
{
	struct sockaddr family = { .sa_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	*ret_len = sizeof(*ret_address);
	/* unix(7): with the family alone the kernel chooses an abstract name. */
	if (fd < 0 || bind(fd, &family, sizeof(family.sa_family)) < 0 || listen(fd, 1) < 0 ||
	    getsockname(fd, (struct sockaddr *)ret_address, ret_len) < 0)
		st_fd_close(&fd);
	return fd;
}

static bool try_accept_multishot(struct io_uring *ring)
{
	struct sockaddr_storage address;
	socklen_t len;
	st_cleanup(st_fd_close) int listener = open_listener(&address, &len);
	st_cleanup(st_fd_close) int client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct io_uring_sqe *sqe = io_uring_get_sqe(ring);
	uint32_t flags = 0;

	if (listener < 0 || client < 0 || !sqe ||
	    connect(client, (struct sockaddr *)&address, len) < 0)
		return false;
	io_uring_prep_multishot_accept(sqe, listener, NULL, NULL, SOCK_CLOEXEC);
	st_cleanup(st_fd_close) int server = await(ring, &flags);

	return server >= 0 && flags & IORING_CQE_F_MORE;
}

/* Each on a ring of its own, whose end is the end of what was armed on it. */
static bool try_on_ring(bool (*try)(struct io_uring *ring))
{
	struct io_uring ring;

	if (io_uring_queue_init(ENTRIES, &ring, 0) < 0)
		return false;
	bool works = try(&ring);

	io_uring_queue_exit(&ring);
	return works;
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
	if (ret < 0)
		return ret;
	try_setup_flags(&probe);
	probe.has[ST_FEATURE_POLL_MULTISHOT] = try_on_ring(try_poll_multishot);
	probe.has[ST_FEATURE_ACCEPT_MULTISHOT] = try_on_ring(try_accept_multishot);
	*ret_probe = probe;
	return 0;
}
