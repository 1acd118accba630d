// SPDX-License-Identifier: GPL-2.0-only
/*
 * Several st-storms side by side, as jobs.h says.
 *
 * A job's count of events comes back in the line that it prints at its end.
 */
#include "base/compiler.h"
#include "jobs.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

#define MAX_JOBS 256
#define MAX_NUMBER 24

struct job {
	pid_t pid;
	FILE *out;
};

static bool spawn(struct job *job, const struct st_options *share)
{
	char seed[MAX_NUMBER], trees[MAX_NUMBER], events[MAX_NUMBER], check[MAX_NUMBER];
	char copy[MAX_NUMBER], predict[MAX_NUMBER];
	char *argv[] = { "st-storm", "--seed",	  seed,	     "--trees", trees,
			 "--events", events,	  "--check", check,	"--copy",
			 copy,	     "--predict", predict,   NULL,	NULL };
	posix_spawn_file_actions_t actions;
	int fds[2], err;

	if (share->save)
		argv[ST_ARRAY_SIZE(argv) - 2] = "--save";
	snprintf(seed, sizeof(seed), "%llu", (unsigned long long)share->seed);
	snprintf(trees, sizeof(trees), "%llu", (unsigned long long)share->trees);
	snprintf(events, sizeof(events), "%llu", (unsigned long long)share->events);
	snprintf(check, sizeof(check), "%u", share->check);
	snprintf(copy, sizeof(copy), "%u", share->copy);
	snprintf(predict, sizeof(predict), "%u", share->predict);
	if (pipe2(fds, O_CLOEXEC))
		return false;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fds[1], STDOUT_FILENO);
	err = posix_spawn(&job->pid, "/proc/self/exe", &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(fds[1]);
	if (err) {
		close(fds[0]);
		return false;
	}
	job->out = fdopen(fds[0], "r");
	return job->out != NULL;
}

/* Pass on what a job prints but its last line, and take the count out of that. */
static uint64_t finish(struct job *job)
{
	uint64_t nr_events = 0;
	char line[4096];
	int status;

	while (job->out && fgets(line, sizeof(line), job->out)) {
		const char *count = strstr(line, ": ");

		if (count && !strncmp(line, "seeds ", 6))
			nr_events = strtoull(count + 2, NULL, 10);
		else
			fputs(line, stdout);
	}
	if (job->out)
		fclose(job->out);
	if (waitpid(job->pid, &status, 0) < 0 || status)
		return 0;
	return nr_events;
}

uint64_t st_jobs_run(const struct st_options *options)
{
	uint32_t nr_jobs = options->jobs < MAX_JOBS ? options->jobs : MAX_JOBS, nr = 0;
	struct st_options share = *options;
	struct job jobs[MAX_JOBS] = { 0 };
	uint64_t nr_events = 0;
	bool failed = false;

	for (uint64_t left = options->trees; nr < nr_jobs && left && !failed; left -= share.trees) {
		share.trees = (left + nr_jobs - nr - 1) / (nr_jobs - nr);
		failed = !spawn(&jobs[nr], &share);
		share.seed += share.trees;
		nr += !failed;
	}
	while (nr) {
		uint64_t nr_of_job = finish(&jobs[--nr]);

		failed = failed || !nr_of_job;
		nr_events += nr_of_job;
	}
	return failed ? 0 : nr_events;
}
