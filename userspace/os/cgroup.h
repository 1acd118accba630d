/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Control groups, version 2, as far as supervision needs them: a directory that
 * holds a subtree. So the whole subtree can be killed at once, and the caller can
 * see when it has ended. This sets up no controllers and does not use version 1: a
 * process cannot be cloned into such a group, and moving it there waits for all
 * processors, for 10 ms and more, with all forks of the machine held up; and there is
 * no way to kill all of its processes at once.
 */
#ifndef ST_OS_CGROUP_H
#define ST_OS_CGROUP_H

#include <stddef.h>
#include <sys/types.h>

#include "base/compiler.h"

/**
 * st_cgroup_parse_mountinfo() - find where cgroup version 2 is mounted
 * @text: content of /proc/self/mountinfo, NUL-terminated
 * @ret_path: the mount point, unescaped
 * @size: bytes at @ret_path
 *
 * Return: 0; -ENOENT: it is not mounted; -ENAMETOOLONG.
 */
int st_cgroup_parse_mountinfo(const char *text, char *ret_path, size_t size) __must_check;

/**
 * st_cgroup_parse_own() - find the version 2 line of /proc/self/cgroup
 * @text: its content, NUL-terminated
 * @ret_path: the path below the mount point, beginning with a slash
 * @size: bytes at @ret_path
 *
 * Return: 0; -ENOENT: no such line; -ENAMETOOLONG.
 */
int st_cgroup_parse_own(const char *text, char *ret_path, size_t size) __must_check;

/**
 * st_cgroup_find_own() - the directory of the cgroup this process is in
 * @ret_path: absolute path without a slash at its end
 * @size: bytes at @ret_path
 *
 * Return: 0; -ENOENT: no cgroup version 2 here; -ENAMETOOLONG; -ENOMEM; or
 * -errno of reading /proc.
 */
int st_cgroup_find_own(char *ret_path, size_t size) __must_check;

/**
 * st_cgroup_create() - make a cgroup, or use the empty one that is there
 * @path: absolute path of its directory; the parent directory must exist
 * @ret_fd: O_PATH descriptor of the directory for st_spawn_request.cgroup_fd
 *	and the functions below; owned by the caller
 *
 * Return: 0; -ENOENT: the parent is missing; -EROFS, -EACCES, -EPERM: not
 * allowed here; -ENOTDIR: it is a file; -EOPNOTSUPP: @path is not in a cgroup
 * version 2 hierarchy; -EBUSY: it is there and has processes in it.
 */
int st_cgroup_create(const char *path, int *ret_fd) __must_check;

/**
 * st_cgroup_kill() - SIGKILL all processes in the cgroup and below, atomically
 * @fd: from st_cgroup_create()
 *
 * Return: 0; -EOPNOTSUPP: the kernel is older than Linux 5.14; -ENODEV: the
 * cgroup has been removed; else -errno.
 */
int st_cgroup_kill(int fd) __must_check;

/**
 * st_cgroup_is_populated() - whether a process, zombies not counted, is in it
 * @fd: from st_cgroup_create()
 *
 * A change wakes a poll for POLLPRI on the file cgroup.events: see
 * st_cgroup_open_events().
 *
 * Return: 1, 0, or -errno.
 */
int st_cgroup_is_populated(int fd) __must_check;

/**
 * st_cgroup_open_events() - open cgroup.events, to be polled for POLLPRI
 * @fd: from st_cgroup_create()
 * @ret_events_fd: owned by the caller
 *
 * Return: 0 or -errno.
 */
int st_cgroup_open_events(int fd, int *ret_events_fd) __must_check;

/**
 * st_cgroup_list() - the processes in the cgroup and below
 * @fd: from st_cgroup_create()
 * @ret_pids: array owned by the caller (st_free); NULL if there are none
 * @ret_nr_pids: its length
 *
 * A picture of a moving thing. Processes that have ended are not in it, and those of
 * another pid namespace are 0, which is left out.
 *
 * Return: 0; -ENODEV: the cgroup has been removed; -ELOOP: cgroups nested too deeply;
 * -ENOMEM; or -errno.
 */
int st_cgroup_list(int fd, pid_t **ret_pids, size_t *ret_nr_pids) __must_check;

/**
 * st_cgroup_contains() - whether a process is in a cgroup or below
 * @tail: of the path of the cgroup, from a slash on; no other cgroup contains it
 * @pid: a process of this pid namespace
 *
 * Return: 1; 0, also if it has ended; or -errno.
 */
int st_cgroup_contains(const char *tail, pid_t pid) __must_check;

/**
 * st_cgroup_remove_below() - remove the empty cgroups below one
 * @fd: from st_cgroup_create(); what still has processes stays
 */
void st_cgroup_remove_below(int fd);

/**
 * st_cgroup_remove() - remove the directory of an empty cgroup
 * @path: as given to st_cgroup_create()
 *
 * Return: 0, also if it is not there; -EBUSY: processes or cgroups are in it;
 * else -errno of rmdir(2).
 */
int st_cgroup_remove(const char *path) __must_check;

#endif
