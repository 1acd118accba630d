/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ways to start a process, for rawsup. The daemon has its own (userspace/os),
 * which does much more in the child; here is the least that works.
 */
#ifndef ST_BENCH_SPAWN_H
#define ST_BENCH_SPAWN_H

#include <stdbool.h>
#include <sys/types.h>

enum method {
	METHOD_FORK,
	METHOD_POSIX_SPAWN,
	METHOD_CLONE3_VFORK, /* CLONE_VM | CLONE_VFORK: we wait for the exec */
	METHOD_CLONE3_VM, /* CLONE_VM: we go on while the child executes */
	METHOD__MAX
};

extern const char *const st_method_names[METHOD__MAX];

struct spawner {
	enum method method;
	/*
	 * CLONE_FILES, and close_range(3, ~0, CLOSE_RANGE_UNSHARE) in the child.
	 * Without it every spawn copies our table of descriptors, one pidfd for
	 * each child, and every exec closes all of it again: O(children) each.
	 */
	bool share_files;
	bool want_pidfd;
};

/*
 * Starts argv[0] with an empty signal mask and our environment; exits with a
 * message if it cannot. Returns the pid; *ret_pidfd is -1 unless one is wanted.
 */
pid_t st_spawn(const struct spawner *spawner, char *const *argv, int *ret_pidfd);

#endif
