/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * /proc/suptree for the module's tests. A program with this in it ends before its first
 * test, as a skipped one, where the module is not loaded or the user not root.
 */
#ifndef ST_TESTS_KMOD_PROC_H
#define ST_TESTS_KMOD_PROC_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define PROC_ROW_MAX 1024

/* A row of tree, by its column names. */
struct proc_row {
	char line[PROC_ROW_MAX];
	unsigned int tree, id, parent, depth, restarts;
	char kind[16], strategy[32], state[16], status[32], name[256], task;
	int pid;
	unsigned long long start_ns, cpu_ms, rss_kb, generation;
};

/* All of a file, to be freed; NULL: it cannot be read (errno). */
char *proc_read(const char *file);

/* The first row of that name in tree. Return: how many there are, or -errno. */
int proc_find(const char *name, struct proc_row *ret_row);

/* A number of stats; -1: there is none. */
long long proc_stat(const char *name);

int proc_parse(const char *line, struct proc_row *ret_row); /* 0 or -1 */

#endif
