// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reports how it was started, one line "key: value" for each fact. The tests of
 * os/spawn/spawn.h run it. It reads its own /proc without an additional descriptor in the
 * report.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static void report_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	struct dirent *entry;
	char is_open[4096] = { 0 };

	if (!dir)
		exit(1);
	while ((entry = readdir(dir))) {
		int fd = atoi(entry->d_name);

		if (entry->d_name[0] != '.' && fd != dirfd(dir) && fd < (int)sizeof(is_open))
			is_open[fd] = 1;
	}
	closedir(dir);
	printf("fds:");
	for (int fd = 0; fd < (int)sizeof(is_open); fd++)
		if (is_open[fd])
			printf(" %d", fd);
	printf("\n");
}

static void report_file(const char *key, const char *path)
{
	char line[4096];
	FILE *file = fopen(path, "r");

	if (!file)
		exit(1);
	while (fgets(line, sizeof(line), file))
		printf("%s%s", key, line);
	fclose(file);
}

static void report_link(const char *key, const char *path)
{
	char target[4096];
	ssize_t len = readlink(path, target, sizeof(target) - 1);

	printf("%s: %.*s\n", key, (int)(len < 0 ? 0 : len), target);
}

int main(int argc, char **argv, char **envp)
{
	struct rlimit limit;
	int signo = 0;
	mode_t mask = umask(0);

	report_fds();
	prctl(PR_GET_PDEATHSIG, &signo);
	getrlimit(RLIMIT_NOFILE, &limit);
	printf("argc: %d\nargv0: %s\n", argc, argv[0]);
	for (int i = 0; envp[i]; i++)
		printf("env%d: %s\n", i, envp[i]);
	report_link("cwd", "/proc/self/cwd");
	report_link("stdin", "/proc/self/fd/0");
	printf("umask: %o\n", (unsigned int)mask);
	printf("nice: %d\n", getpriority(PRIO_PROCESS, 0));
	printf("nofile: %llu %llu\n", (unsigned long long)limit.rlim_cur,
	       (unsigned long long)limit.rlim_max);
	printf("deathsig: %d\n", signo);
	printf("leader: %d\n", getsid(0) == getpid() && getpgrp() == getpid());
	printf("group leader: %d\n", getpgrp() == getpid());
	report_file("cgroup: ", "/proc/self/cgroup");
	report_file("", "/proc/self/status");
	return 0;
}
