// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes a child at a closed gate, writes the child's pid to stdout and dies by
 * SIGKILL: that gate will never be opened.
 */
#include <signal.h>
#include <stdio.h>

#include "os/spawn/spawn.h"

int main(void)
{
	char *argv[] = { "/bin/true", NULL };
	char *envp[] = { NULL };
	struct st_spawn_request request;
	struct st_spawn_failure failure;
	struct st_spawn_pool *pool;
	struct st_spawn *spawn;

	st_spawn_request_init(&request);
	request.path = argv[0];
	request.argv = argv;
	request.envp = envp;
	if (st_spawn_pool_new(0, &pool) < 0 ||
	    st_spawn_begin(pool, &request, ST_SPAWN_GATE_CLOSED, &spawn, &failure) < 0)
		return 1;
	printf("%d\n", (int)st_spawn_pidref(spawn)->pid);
	fflush(stdout);
	raise(SIGKILL);
	return 1;
}
