// SPDX-License-Identifier: GPL-2.0-only
/*
 * The floor: the smallest program that supervises N processes. It has several ways to
 * detect a death and to start a child, but no configuration, strategies, intensity,
 * output or clients. The daemon is compared with rawsup -d uring -s clone3vm -f.
 *
 *	rawsup -n N -r RING -c CHILD [-m pause|crash] [-d DETECTION] [-s METHOD] [-f] [-o]
 *
 * DETECTION: uring (a poll of each pidfd), waitid (IORING_OP_WAITID), epoll (of
 * the pidfds), sigchld. METHOD and -f: spawn.h. SIGTERM kills all children at once and
 * ends the program; with -o it ends one child after the other.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <liburing.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "spawn.h"

#define MAX_PID (1 << 22)
#define NR_SQES 4096
#define NR_CQES 16384
#define OP_WAITID 50 /* IORING_OP_WAITID, Linux 6.7; not in Debian 12's headers */
#define FROM_SIGNALS UINT64_MAX /* user_data of the signalfd; others are slots */

enum detection {
	DETECT_URING,
	DETECT_WAITID,
	DETECT_EPOLL,
	DETECT_SIGCHLD,
	DETECT__MAX
};
static const char *const detections[DETECT__MAX] = { "uring", "waitid", "epoll", "sigchld" };

struct slot {
	pid_t pid;
	int pidfd;
	siginfo_t info; /* IORING_OP_WAITID writes here */
};

static enum detection detection = DETECT_URING;
static struct spawner spawner = { .method = METHOD_CLONE3_VM };
static const char *ring_path, *child_path, *mode = "pause";
static bool in_order;
static uint32_t nr_slots = 1;
static struct slot *slots;
static uint32_t *slot_of_pid; /* plus 1; DETECT_SIGCHLD */
static struct io_uring uring;
static int epoll_fd = -1, signal_fd = -1;

static void *zeroed(size_t nr, size_t size)
{
	void *memory = calloc(nr, size);

	if (!memory) {
		perror("rawsup: calloc");
		exit(2);
	}
	return memory;
}

static struct io_uring_sqe *next_sqe(void)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&uring);

	if (!sqe) {
		io_uring_submit(&uring);
		sqe = io_uring_get_sqe(&uring);
	}
	return sqe;
}

static void poll_once(int fd, uint64_t data)
{
	struct io_uring_sqe *sqe = next_sqe();

	io_uring_prep_poll_add(sqe, fd, POLLIN);
	io_uring_sqe_set_data64(sqe, data);
}

static void watch_epoll(int fd, uint64_t data)
{
	struct epoll_event event = { .events = EPOLLIN, .data.u64 = data };

	epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event);
}

static void wait_once(uint32_t slot)
{
	struct io_uring_sqe *sqe = next_sqe();

	io_uring_prep_rw(OP_WAITID, sqe, slots[slot].pid, NULL, P_PID, 0);
	sqe->addr2 = (uintptr_t)&slots[slot].info;
	sqe->file_index = WEXITED;
	io_uring_sqe_set_data64(sqe, slot);
}

static void start_child(uint32_t slot)
{
	char number[12];
	char *argv[] = { (char *)(uintptr_t)child_path, (char *)(uintptr_t)ring_path, number,
			 (char *)(uintptr_t)mode, NULL };

	snprintf(number, sizeof(number), "%u", slot);
	slots[slot].pid = st_spawn(&spawner, argv, &slots[slot].pidfd);
	switch (detection) {
	case DETECT_URING:
		poll_once(slots[slot].pidfd, slot);
		break;
	case DETECT_WAITID:
		wait_once(slot);
		break;
	case DETECT_EPOLL:
		watch_epoll(slots[slot].pidfd, slot);
		break;
	case DETECT_SIGCHLD:
	case DETECT__MAX:
		slot_of_pid[slots[slot].pid] = slot + 1;
		break;
	}
}

static void child_died(uint32_t slot)
{
	if (spawner.want_pidfd) {
		siginfo_t info;

		waitid(P_PIDFD, (id_t)slots[slot].pidfd, &info, WEXITED | WNOHANG);
		close(slots[slot].pidfd);
	}
	start_child(slot);
}

static void reap_all(void)
{
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0) {
		uint32_t slot = slot_of_pid[pid];

		slot_of_pid[pid] = 0;
		if (slot)
			start_child(slot - 1);
	}
}

/* The last one first, as the daemon has to. [G1] */
static void stop_in_order(void)
{
	for (uint32_t i = nr_slots; i--;) {
		kill(slots[i].pid, SIGTERM);
		waitpid(slots[i].pid, NULL, 0);
	}
}

static void stop(void)
{
	if (in_order)
		stop_in_order();
	else
		for (uint32_t i = 0; i < nr_slots; i++)
			kill(slots[i].pid, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		;
	exit(0);
}

static void take_signals(void)
{
	struct signalfd_siginfo info;

	while (read(signal_fd, &info, sizeof(info)) == sizeof(info))
		if (info.ssi_signo == SIGTERM)
			stop();
	if (detection == DETECT_SIGCHLD)
		reap_all();
}

static void run_epoll(void)
{
	struct epoll_event events[64];

	for (;;) {
		int nr = epoll_wait(epoll_fd, events, 64, -1);

		for (int i = 0; i < nr; i++) {
			if (events[i].data.u64 == FROM_SIGNALS)
				take_signals();
			else
				child_died((uint32_t)events[i].data.u64);
		}
	}
}

static void run_uring(void)
{
	for (;;) {
		struct io_uring_cqe *cqe;
		int budget = 256;

		io_uring_submit_and_wait(&uring, 1);
		while (budget-- && !io_uring_peek_cqe(&uring, &cqe)) {
			uint64_t data = io_uring_cqe_get_data64(cqe);
			int res = cqe->res;

			io_uring_cqe_seen(&uring, cqe);
			if (data == FROM_SIGNALS) {
				take_signals();
				poll_once(signal_fd, FROM_SIGNALS);
			} else if (res >= 0) {
				child_died((uint32_t)data);
			}
		}
	}
}

static void open_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	if (detection == DETECT_SIGCHLD)
		sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal_fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

static void open_loop(void)
{
	struct io_uring_params params = {
		.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN |
			 IORING_SETUP_CQSIZE | IORING_SETUP_CLAMP,
		.cq_entries = NR_CQES,
	};
	int err;

	if (detection == DETECT_EPOLL || detection == DETECT_SIGCHLD) {
		epoll_fd = epoll_create1(EPOLL_CLOEXEC);
		watch_epoll(signal_fd, FROM_SIGNALS);
		return;
	}
	err = io_uring_queue_init_params(NR_SQES, &uring, &params);
	if (err) {
		fprintf(stderr, "rawsup: io_uring: %s\n", strerror(-err));
		exit(2);
	}
	poll_once(signal_fd, FROM_SIGNALS);
}

/* The index of @word in @words; exits with a message if it is none of them. */
static int choice(const char *const *words, int nr, const char *word)
{
	for (int i = 0; i < nr; i++)
		if (!strcmp(words[i], word))
			return i;
	fprintf(stderr, "rawsup: no choice: %s\n", word);
	exit(2);
}

static void read_options(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "n:r:c:m:d:s:of")) != -1) {
		if (option == 'n')
			nr_slots = (uint32_t)strtoul(optarg, NULL, 10);
		else if (option == 'r')
			ring_path = optarg;
		else if (option == 'c')
			child_path = optarg;
		else if (option == 'm')
			mode = optarg;
		else if (option == 'd')
			detection = choice(detections, DETECT__MAX, optarg);
		else if (option == 's')
			spawner.method = choice(st_method_names, METHOD__MAX, optarg);
		else if (option == 'f')
			spawner.share_files = true;
		else if (option == 'o')
			in_order = true;
		else
			exit(2);
	}
	if (!ring_path || !child_path) {
		fputs("rawsup: -r and -c are required\n", stderr);
		exit(2);
	}
	spawner.want_pidfd = detection == DETECT_URING || detection == DETECT_EPOLL;
}

/*
 * As many descriptors as possible, and a table that has grown before children share it:
 * as the daemon does it (userspace/os/limits.h), so that both pay the same for it.
 */
static void make_room_for_files(void)
{
	rlim_t wanted = 3 * (rlim_t)nr_slots + 512;
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files)) {
		perror("rawsup: getrlimit");
		exit(2);
	}
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	if (wanted < 4096)
		wanted = 4096;
	if (wanted > files.rlim_cur)
		wanted = files.rlim_cur;
	close(fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, (int)wanted - 1));
}

int main(int argc, char **argv)
{
	read_options(argc, argv);
	make_room_for_files();
	slots = zeroed(nr_slots, sizeof(*slots));
	slot_of_pid = zeroed(MAX_PID, sizeof(*slot_of_pid));
	open_signals();
	open_loop();
	for (uint32_t i = 0; i < nr_slots; i++)
		start_child(i);
	if (epoll_fd >= 0)
		run_epoll();
	run_uring();
	return 0;
}
