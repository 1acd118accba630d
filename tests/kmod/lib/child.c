// SPDX-License-Identifier: GPL-2.0-only
/*
 * Children, see child.h.
 */
#include "child.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

void child_dies_with(pid_t parent)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
}

pid_t child_start(void)
{
	pid_t pid, parent = getpid();
	int ready[2];
	char byte;

	if (pipe(ready))
		abort();
	pid = fork();
	if (pid < 0)
		abort();
	if (!pid) {
		child_dies_with(parent);
		(void)!write(ready[1], "", 1);
		close(ready[0]);
		close(ready[1]);
		for (;;)
			(void)pause();
	}
	close(ready[1]);
	(void)!read(ready[0], &byte, 1); /* it is where it stays */
	close(ready[0]);
	return pid;
}

int child_kill(pid_t pid)
{
	int status = 0;

	(void)kill(pid, SIGKILL);
	if (waitpid(pid, &status, 0) != pid)
		abort();
	return status;
}

pid_t child_zombie(int status)
{
	pid_t pid = fork();
	siginfo_t info;

	if (pid < 0)
		abort();
	if (!pid)
		_exit(status);
	if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT))
		abort();
	return pid;
}

int child_run(int (*function)(void *data), void *data)
{
	pid_t pid = fork();
	int status = 0;

	if (pid < 0)
		abort();
	if (!pid)
		_exit(function(data));
	if (waitpid(pid, &status, 0) != pid)
		abort();
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
