// SPDX-License-Identifier: GPL-2.0-only
/*
 * The descriptors of a spawn, on the parent's side: each gets a low number
 * (low_fds.h), and the child, once its table is its own, moves it from there
 * to its target (spawn_child.c).
 *
 * spawn.c calls this before the clone, and when a spawn is finished.
 */
#include <errno.h>
#include <unistd.h>

#include "os/fd.h"
#include "os/pipe.h"
#include "os/spawn/internal.h"

/* Targets below 64 as a set. A source must not be among them. */
static uint64_t targets_of(const struct st_spawn_request *request)
{
	uint64_t targets = 0;

	for (unsigned int i = 0; i < request->nr_fds; i++)
		if (request->fds[i].target < ST_LOW_FDS_END)
			targets |= 1ull << request->fds[i].target;
	return targets;
}

/* Sorted by target, so that the child can close what is between them. */
static void insert(struct st_spawn *spawn, struct st_spawn_fd fd)
{
	unsigned int nr = spawn->nr_fds++;

	for (; nr && spawn->fds[nr - 1].target > fd.target; nr--)
		spawn->fds[nr] = spawn->fds[nr - 1];
	spawn->fds[nr] = fd;
}

static int pass(struct st_spawn *spawn, int source, uint64_t avoid)
{
	int fd = source == ST_SPAWN_FD_NULL ? spawn->pool->fds.null_fd :
					      st_low_fds_pass(&spawn->pool->fds, source, avoid);

	if (fd < 0)
		return fd;
	if (source != ST_SPAWN_FD_NULL)
		spawn->low_fds |= 1ull << fd;
	if (fd >= spawn->first_closed)
		spawn->first_closed = fd + 1;
	return fd;
}

/* @writer: the child's end of the pipe, or -1. */
static int pass_all(struct st_spawn *spawn, int writer)
{
	const struct st_spawn_request *request = &spawn->request;
	uint64_t avoid = targets_of(request);

	spawn->first_closed = 3;
	spawn->nr_fds = 0;
	spawn->tell_fd = -1;

	for (int i = 0; i < 3; i++) {
		/* An own descriptor under its own number is where it has to be. */
		spawn->stdio[i] = request->stdio[i] == i ? i :
							   pass(spawn, request->stdio[i], avoid);
		if (spawn->stdio[i] < 0)
			return spawn->stdio[i];
	}
	for (unsigned int i = 0; i < request->nr_fds; i++) {
		int source = pass(spawn, request->fds[i].source, avoid);

		if (source < 0)
			return source;
		insert(spawn, (struct st_spawn_fd){ source, request->fds[i].target });
	}
	if (writer >= 0) {
		spawn->tell_fd = pass(spawn, writer, avoid);
		if (spawn->tell_fd < 0)
			return spawn->tell_fd;
		insert(spawn, (struct st_spawn_fd){ spawn->tell_fd, spawn->tell_fd });
	}
	return 0;
}

/* Children that have their own table no longer need the parent's numbers. */
static void reclaim(struct st_spawn_pool *pool)
{
	for (int i = 0; i < ST_SPAWN_SLOTS; i++) {
		struct st_spawn *spawn = &pool->spawns[i];

		if (pool->used & 1u << i && __atomic_load_n(&spawn->owns_fds, __ATOMIC_ACQUIRE))
			st_spawn_fds_release(spawn);
	}
}

static int pass_or_reclaim(struct st_spawn *spawn, int writer)
{
	int ret = pass_all(spawn, writer);

	if (ret == -EAGAIN) {
		st_spawn_fds_release(spawn);
		reclaim(spawn->pool);
		ret = pass_all(spawn, writer);
	}
	return ret;
}

int st_spawn_fds_pass(struct st_spawn *spawn)
{
	st_cleanup(st_fd_close) int writer = -1;
	int ret = 0;

	spawn->low_fds = 0;
	spawn->left_fd = -1;
	if (spawn->pool->flags & ST_SPAWN_POOL_PIPES)
		ret = st_pipe_open(&spawn->left_fd, &writer);
	if (!ret)
		ret = pass_or_reclaim(spawn, writer);
	if (ret < 0)
		st_spawn_fds_done(spawn);
	return ret;
}

void st_spawn_fds_release(struct st_spawn *spawn)
{
	st_low_fds_release(&spawn->pool->fds, spawn->low_fds);
	spawn->low_fds = 0;
}

void st_spawn_fds_done(struct st_spawn *spawn)
{
	st_spawn_fds_release(spawn);
	st_fd_close(&spawn->left_fd);
}

int st_spawn_left_fd(const struct st_spawn *spawn)
{
	return spawn->left_fd;
}

void st_spawn_heed(struct st_spawn *spawn)
{
	char byte;

	/* It does not wait: -EAGAIN means that the child has not come so far. */
	(void)!read(spawn->left_fd, &byte, sizeof(byte));
	if (__atomic_load_n(&spawn->owns_fds, __ATOMIC_ACQUIRE))
		st_spawn_fds_release(spawn);
}
