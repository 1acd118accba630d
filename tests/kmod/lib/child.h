/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Children for the module's tests. Nothing waits for time: a child says by a byte
 * on a pipe that it is where it should be, and stays until it is killed.
 */
#ifndef ST_TESTS_KMOD_CHILD_H
#define ST_TESTS_KMOD_CHILD_H

#include <sys/types.h>

/* In a child: die with @parent, at once if it is dead already. */
void child_dies_with(pid_t parent);

pid_t child_start(void); /* it waits for a signal */
int child_kill(pid_t pid); /* SIGKILL. Return: the status that wait gave */
pid_t child_zombie(int status); /* it has ended with this exit status; not waited for */

/* Run @function in a child. Return: its exit status, or 128 + a signal. */
int child_run(int (*function)(void *data), void *data);

#endif
