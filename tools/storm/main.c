// SPDX-License-Identifier: GPL-2.0-only
/*
 * st-storm: let random things happen to random trees, and look whether core
 * keeps its invariants. See storm.h for the parts.
 *
 * Exit status: 0 nothing was broken, 1 something was, 2 wrong usage, 3 no memory.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "jobs.h"
#include "storm.h"

#define SHOWN_LINES 40

static const char usage[] =
	"usage: st-storm [OPTION]...\n"
	"Random events for random trees, in virtual time, against core's invariants.\n"
	"  --seed N      first seed (default 1); tree n has seed N + n\n"
	"  --trees N     how many seeds (default 100)\n"
	"  --events N    events for each, and some to let it drain (default 10000)\n"
	"  --check N     check all invariants after every N-th step (default 1); 0: never\n"
	"  --copy N      copy the tree once in N steps, on average, and compare what both do\n"
	"                (default 0: never)\n"
	"  --save        make these copies by saving the tree as text, and loading it\n"
	"  --jobs N      processes that share the seeds (default 1)\n"
	"  --predict N   after N steps, on average, predict what an action would do, and\n"
	"                compare it with what it does in a world made apart (default 0: never)\n"
	"  --transcript FILE  write the transcript, for st-replay\n"
	"  --state N     begin the transcript after N events, with the saved state of the tree\n"
	"  --quiet       print nothing unless something is broken\n";

/* The data that a crash handler may read. */
static char crash_note[128];

static void on_crash(int signo)
{
	ssize_t written = write(STDERR_FILENO, crash_note, strlen(crash_note));

	(void)written; /* nothing better could be done with a failure here */
	signal(signo, SIG_DFL);
	raise(signo);
}

static void catch_crashes(void)
{
	static const int signals[] = { SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE };
	struct sigaction action = { .sa_handler = on_crash };

	for (size_t i = 0; i < ST_ARRAY_SIZE(signals); i++)
		sigaction(signals[i], &action, NULL);
}

static void print_last_lines(const char *text)
{
	const char *from = text + strlen(text);

	for (int lines = 0; from > text && lines <= SHOWN_LINES; from--)
		lines += from[-1] == '\n';
	if (from > text)
		from++;
	fputs(from, stdout);
}

/* The same storm once more, for its text. */
static void show(uint64_t seed, const struct st_options *options)
{
	struct st_buf text = ST_BUF_INIT;
	struct st_storm storm = { .check_every = options->check,
				  .copy_every = options->copy,
				  .predict_every = options->predict,
				  .copies_are_saved = options->save,
				  .text = &text };

	st_storm_run(&storm, seed, options->events);
	print_last_lines(st_buf_text(&text));
	printf("BROKEN: %s%s%s\n", storm.broken ? storm.broken : "not the second time",
	       storm.why.len ? ": " : "", st_buf_text(&storm.why));
	printf("again: st-storm --seed %llu --trees 1 --events %llu --check %u --copy %u%s "
	       "--predict %u\n",
	       (unsigned long long)seed, (unsigned long long)options->events, options->check,
	       options->copy, options->save ? " --save" : "", options->predict);
	st_storm_done(&storm);
	st_buf_done(&text);
}

static void write_transcript(FILE *transcript, struct st_buf *text)
{
	fwrite(st_buf_text(text), 1, text->len, transcript);
	st_buf_reset(text);
}

/* Returns the number of events, or 0 if something is broken. */
static uint64_t run_seeds(const struct st_options *options, FILE *transcript)
{
	struct st_buf text = ST_BUF_INIT;
	uint64_t nr_events = 0;
	bool broken = false;

	for (uint64_t i = 0; i < options->trees && !broken; i++) {
		struct st_storm storm = { .check_every = options->check,
					  .copy_every = options->copy,
					  .predict_every = options->predict,
					  .copies_are_saved = options->save,
					  .state_at = options->state,
					  .text = transcript ? &text : NULL };

		snprintf(crash_note, sizeof(crash_note),
			 "again: st-storm --seed %llu --trees 1 --events %llu --check %u "
			 "--copy %u%s --predict %u\n",
			 (unsigned long long)(options->seed + i),
			 (unsigned long long)options->events, options->check, options->copy,
			 options->save ? " --save" : "", options->predict);
		broken = !st_storm_run(&storm, options->seed + i, options->events);
		nr_events += storm.nr_events;
		st_storm_done(&storm);
		if (transcript)
			write_transcript(transcript, &text);
		if (broken)
			show(options->seed + i, options);
	}
	st_buf_done(&text);
	return broken ? 0 : nr_events;
}

static uint64_t run_here(const struct st_options *options)
{
	FILE *transcript = NULL;
	uint64_t nr_events;

	if (options->transcript) {
		transcript = fopen(options->transcript, "we");
		if (!transcript) {
			fprintf(stderr, "st-storm: open %s: %s\n", options->transcript,
				strerror(errno));
			exit(2);
		}
	}
	catch_crashes();
	nr_events = run_seeds(options, transcript);
	if (transcript && fclose(transcript)) {
		fprintf(stderr, "st-storm: write %s: %s\n", options->transcript, strerror(errno));
		return 0;
	}
	return nr_events;
}

static _Noreturn void refuse(void)
{
	fputs(usage, stderr);
	exit(2);
}

static uint64_t read_number(const char *text)
{
	char *end;
	unsigned long long value;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno || end == text || *end || *text == '-')
		refuse();
	return value;
}

static void read_options(int argc, char **argv, struct st_options *options)
{
	static const struct option names[] = {
		{ "seed", required_argument, NULL, 's' },
		{ "trees", required_argument, NULL, 't' },
		{ "events", required_argument, NULL, 'e' },
		{ "check", required_argument, NULL, 'c' },
		{ "copy", required_argument, NULL, 'k' },
		{ "predict", required_argument, NULL, 'p' },
		{ "save", no_argument, NULL, 'v' },
		{ "jobs", required_argument, NULL, 'j' },
		{ "transcript", required_argument, NULL, 'l' },
		{ "state", required_argument, NULL, 'a' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};

	for (int option; (option = getopt_long(argc, argv, "", names, NULL)) != -1;) {
		if (option == 's')
			options->seed = read_number(optarg);
		else if (option == 't')
			options->trees = read_number(optarg);
		else if (option == 'e')
			options->events = read_number(optarg);
		else if (option == 'c')
			options->check = (uint32_t)read_number(optarg);
		else if (option == 'k')
			options->copy = (uint32_t)read_number(optarg);
		else if (option == 'p')
			options->predict = (uint32_t)read_number(optarg);
		else if (option == 'v')
			options->save = true;
		else if (option == 'j')
			options->jobs = (uint32_t)read_number(optarg);
		else if (option == 'l')
			options->transcript = optarg;
		else if (option == 'a')
			options->state = read_number(optarg);
		else if (option == 'q')
			options->quiet = true;
		else if (option == 'h')
			exit(fputs(usage, stdout) < 0);
		else
			refuse();
	}
	if (optind < argc || !options->trees || !options->events || !options->jobs ||
	    (options->jobs > 1 && options->transcript))
		refuse();
}

int main(int argc, char **argv)
{
	struct st_options options = {
		.seed = 1, .trees = 100, .events = 10000, .check = 1, .jobs = 1
	};
	struct timespec from, to;
	uint64_t nr_events;
	double seconds;

	read_options(argc, argv, &options);
	clock_gettime(CLOCK_MONOTONIC, &from);
	nr_events = options.jobs > 1 ? st_jobs_run(&options) : run_here(&options);
	clock_gettime(CLOCK_MONOTONIC, &to);
	if (!nr_events)
		return 1;
	seconds = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
	if (!options.quiet)
		printf("seeds %llu..%llu: %llu events, %.0f a second, nothing broken\n",
		       (unsigned long long)options.seed,
		       (unsigned long long)(options.seed + options.trees - 1),
		       (unsigned long long)nr_events, (double)nr_events / seconds);
	return 0;
}
