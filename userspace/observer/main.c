// SPDX-License-Identifier: GPL-2.0-only
/*
 * suptree-observer: shows all processes of the system, as a service of suptreed; see
 * observer.h. Only this file and service.c print anything.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "observer/observer.h"
#include "proto/version.h"

#define MAX_INTERVAL_S 1000000000
#define LONGEST_S 4000000 /* in milliseconds it fits into 32 bits */

enum {
	EXIT_OK,
	EXIT_FAILED,
	EXIT_USAGE
};

enum {
	OPTION_SERVICE = 256,
	OPTION_MEASURE,
	OPTION_SCAN_INTERVAL,
};

static const char usage[] =
	"usage: suptree-observer --service [--scan-interval SECONDS]\n"
	"       suptree-observer --measure\n"
	"Show all processes of the system, as a service of suptreed.\n"
	"\n"
	"      --service                run as a child of suptreed\n"
	"      --scan-interval SECONDS  how often to look at all processes (2)\n"
	"      --measure                look ten times, print what a look costs, and end\n"
	"  -h, --help                   print this\n"
	"  -V, --version                print the version\n"
	"\n"
	"suptree-observer(8) says more.\n";

static const struct option options[] = {
	{ "service", no_argument, NULL, OPTION_SERVICE },
	{ "scan-interval", required_argument, NULL, OPTION_SCAN_INTERVAL },
	{ "measure", no_argument, NULL, OPTION_MEASURE },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

#define NR_LOOKS 10

static int by_size(const void *left, const void *right)
{
	const uint64_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

/* The middle of several looks: others may disturb some of them. */
static int measure(void)
{
	struct st_look look = { 0 };
	uint64_t costs_ns[NR_LOOKS];
	int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int err = proc < 0 ? -errno : 0;

	for (unsigned int i = 0; !err && i < NR_LOOKS; i++) {
		err = st_look_take(&look, proc);
		costs_ns[i] = look.scan.cost_ns;
	}
	if (proc >= 0)
		close(proc);
	if (err) {
		fprintf(stderr, "suptree-observer: look at /proc: %s\n", strerror(-err));
	} else {
		qsort(costs_ns, NR_LOOKS, sizeof(*costs_ns), by_size);
		printf("%u processes: %llu us of processor time\n", look.scan.nr,
		       (unsigned long long)costs_ns[NR_LOOKS / 2] / 1000);
	}
	st_look_done(&look);
	return err ? EXIT_FAILED : EXIT_OK;
}

static bool read_interval(const char *text, uint32_t *ret_ms)
{
	char *end;
	unsigned long seconds;

	errno = 0;
	seconds = strtoul(text, &end, 10);
	if (errno || *text < '0' || *text > '9' || *end || !seconds || seconds > MAX_INTERVAL_S) {
		fprintf(stderr,
			"suptree-observer: --scan-interval %s: it must be 1 to %d seconds\n", text,
			MAX_INTERVAL_S);
		return false;
	}
	*ret_ms = (uint32_t)(seconds < LONGEST_S ? seconds : LONGEST_S) * 1000;
	return true;
}

static int refuse(const char *why)
{
	fprintf(stderr, "suptree-observer: %s\nsuptree-observer: try: suptree-observer --help\n",
		why);
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	uint32_t interval_ms = ST_OBSERVER_INTERVAL_MS;
	int option, task = 0;

	while ((option = getopt_long(argc, argv, "hV", options, NULL)) != -1) {
		switch (option) {
		case 'h':
			fputs(usage, stdout);
			return EXIT_OK;
		case 'V':
			printf("suptree-observer %s\n", ST_VERSION);
			return EXIT_OK;
		case OPTION_SCAN_INTERVAL:
			if (!read_interval(optarg, &interval_ms))
				return EXIT_USAGE;
			break;
		case OPTION_SERVICE:
		case OPTION_MEASURE:
			task = option;
			break;
		default:
			fputs("suptree-observer: try: suptree-observer --help\n", stderr);
			return EXIT_USAGE;
		}
	}
	if (optind < argc)
		return refuse("it takes no arguments, only options");
	if (!task)
		return refuse("give --service, which suptreed does, or --measure");
	return task == OPTION_MEASURE ? measure() : st_observer_main(argc, argv, interval_ms);
}
