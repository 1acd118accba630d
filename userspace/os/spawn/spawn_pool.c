// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pool of spawns in flight: slots, their stacks, and what is noted once
 * about this process. spawn.c takes slots and returns them.
 *
 * A slot that comes back is the next to be used, while its stack is warm; so a
 * daemon that starts one child at a time touches the memory of one slot, for all
 * of it is mapped, not allocated.
 */
#include <errno.h>
#include <linux/futex.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "os/spawn/internal.h"

#define GUARD_SIZE 4096
#define STRIDE (GUARD_SIZE + ST_SPAWN_STACK_SIZE)
#define STACKS_SIZE ((size_t)STRIDE * ST_SPAWN_SLOTS)
#define ALL_SLOTS ((uint32_t)((1ull << ST_SPAWN_SLOTS) - 1))

/* struct sigaction as the kernel knows it; libc's hides two signals. */
struct kernel_sigaction {
	uintptr_t handler;
	unsigned long flags;
	uintptr_t restorer;
	uint64_t mask;
};

static uint64_t ignored_signals(void)
{
	uint64_t ignored = 0;

	for (int signo = 1; signo <= 64; signo++) {
		struct kernel_sigaction action = { 0 };

		if (syscall(SYS_rt_sigaction, signo, NULL, &action, sizeof(action.mask)) == 0 &&
		    action.handler == (uintptr_t)SIG_IGN)
			ignored |= 1ull << (signo - 1);
	}
	return ignored;
}

/* An overflow of a stack runs into the page below, and kills the child only. */
static int map_stacks(struct st_spawn_pool *pool)
{
	char *stacks =
		mmap(NULL, STACKS_SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);

	if (stacks == MAP_FAILED)
		return -errno;
	pool->stacks = stacks;
	for (int i = 0; i < ST_SPAWN_SLOTS; i++) {
		char *stack = stacks + (size_t)i * STRIDE + GUARD_SIZE;

		if (mprotect(stack, ST_SPAWN_STACK_SIZE, PROT_READ | PROT_WRITE) < 0)
			return -errno;
		pool->spawns[i].stack = stack;
	}
	return 0;
}

int st_spawn_pool_new(unsigned int flags, struct st_spawn_pool **ret_pool)
{
	struct st_spawn_pool *pool = mmap(NULL, sizeof(*pool), PROT_READ | PROT_WRITE,
					  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int ret;

	if (pool == MAP_FAILED)
		return -errno;
	pool->flags = flags;
	pool->pid = getpid();
	pool->ignored = ignored_signals();
	ret = map_stacks(pool);
	if (ret < 0)
		goto out_unmap;
	ret = st_low_fds_init(&pool->fds);
	if (ret < 0)
		goto out_unmap;
	*ret_pool = pool;
	return 0;

out_unmap:
	if (pool->stacks)
		(void)munmap(pool->stacks, STACKS_SIZE); /* nothing better to do */
	(void)munmap(pool, sizeof(*pool)); /* nothing better to do */
	return ret;
}

void st_spawn_wait(const struct st_spawn *spawn)
{
	while (st_spawn_in_flight(spawn)) {
		/* Shared, not private: so is the wake-up of CLONE_CHILD_CLEARTID. */
		(void)syscall(SYS_futex, &spawn->tid, FUTEX_WAIT, ST_SPAWN_TID_BUSY, NULL, NULL, 0);
	}
}

void st_spawn_pool_free(struct st_spawn_pool *pool)
{
	if (!pool)
		return;
	for (int i = 0; i < ST_SPAWN_SLOTS; i++) {
		if (!(pool->used & 1u << i))
			continue;
		st_spawn_abandon(&pool->spawns[i]);
		st_spawn_wait(&pool->spawns[i]);
		st_spawn_retire(&pool->spawns[i]);
	}
	st_low_fds_done(&pool->fds);
	(void)munmap(pool->stacks, STACKS_SIZE); /* nothing better to do */
	(void)munmap(pool, sizeof(*pool)); /* nothing better to do */
}

bool st_spawn_has_room(const struct st_spawn_pool *pool, const struct st_credentials *credentials)
{
	unsigned int nr_others = 0, nr_same = 0;

	for (uint32_t used = pool->used; credentials && used; used &= used - 1) {
		const struct st_credentials *of =
			pool->spawns[__builtin_ctz(used)].request.credentials;

		nr_others += of != NULL;
		nr_same += of && of->uid == credentials->uid;
	}
	return ~pool->used & ALL_SLOTS && nr_others < ST_SPAWN_SLOTS_OTHERS &&
	       nr_same < ST_SPAWN_SLOTS_USER;
}

struct st_spawn *st_spawn_slot_get(struct st_spawn_pool *pool,
				   const struct st_credentials *credentials)
{
	uint32_t available = ~pool->used & ALL_SLOTS;

	if (!st_spawn_has_room(pool, credentials))
		return NULL;
	int i = __builtin_ctz(available);

	pool->used |= 1u << i;
	pool->spawns[i].pool = pool;
	return &pool->spawns[i];
}

void st_spawn_slot_put(struct st_spawn *spawn)
{
	spawn->pool->used &= ~(1u << (spawn - spawn->pool->spawns));
}
