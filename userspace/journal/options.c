// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command line; see options.h. Errors are printed on stderr.
 */
#include "journal/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/version.h"

#define DAY_S 86400
#define DEFAULT_AGE_S (30 * DAY_S)
#define DEFAULT_SIZE (INT64_C(1) << 30)
#define MIN_SIZE (INT64_C(1) << 20)
#define MAX_AGE_S 1000000000
#define US_PER_S 1000000

static const char usage[] =
	"usage: suptree-journal [OPTION]...\n"
	"Keep every event of suptreed in a database, and answer questions about the past.\n"
	"suptreed runs it as a service; see services in suptree.yaml(5).\n"
	"\n"
	"  -f, --folder PATH    where the database is ($SUPTREE_FOLDER)\n"
	"      --max-age N      seconds that events are kept (2592000: 30 days)\n"
	"      --max-size N     bytes that the database may have (1073741824: 1 GiB)\n"
	"      --sync WORD      normal: a power failure may lose the last moments;\n"
	"                       full: it may not, but each write waits for the disk (normal)\n"
	"  -s, --socket PATH    the control socket of suptreed\n"
	"  -h, --help           print this\n"
	"  -V, --version        print the version\n"
	"\n"
	"suptree-journal(8) says more.\n";

enum {
	OPTION_AGE = 256,
	OPTION_SIZE,
	OPTION_SYNC,
};

static const struct option known[] = {
	{ "folder", required_argument, NULL, 'f' },
	{ "max-age", required_argument, NULL, OPTION_AGE },
	{ "max-size", required_argument, NULL, OPTION_SIZE },
	{ "sync", required_argument, NULL, OPTION_SYNC },
	{ "socket", required_argument, NULL, 's' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

static bool read_number(const char *option, const char *text, int64_t min, int64_t max,
			int64_t *ret_number)
{
	char *end;

	errno = 0;
	*ret_number = strtoll(text, &end, 10);
	if (!errno && *text >= '0' && *text <= '9' && !*end && *ret_number >= min &&
	    *ret_number <= max)
		return true;
	fprintf(stderr, "suptree-journal: --%s %s: it must be a number from %lld to %lld\n", option,
		text, (long long)min, (long long)max);
	return false;
}

static bool read_sync(const char *word, bool *ret_is_synced)
{
	static const char *const words[] = { "normal", "full" };

	for (int i = 0; i < 2; i++) {
		if (strcmp(word, words[i]) != 0)
			continue;
		*ret_is_synced = i;
		return true;
	}
	fprintf(stderr, "suptree-journal: --sync %s: it must be normal or full\n", word);
	return false;
}

static bool set(struct st_past_options *options, int option)
{
	int64_t number;

	switch (option) {
	case 'f':
		options->folder = optarg;
		return true;
	case 's':
		options->socket = optarg;
		return true;
	case OPTION_AGE:
		if (!read_number("max-age", optarg, 1, MAX_AGE_S, &number))
			return false;
		options->limits.max_age_us = number * US_PER_S;
		return true;
	case OPTION_SIZE:
		return read_number("max-size", optarg, MIN_SIZE, INT64_MAX,
				   &options->limits.max_bytes);
	case OPTION_SYNC:
		return read_sync(optarg, &options->is_synced);
	default:
		fputs("suptree-journal: try: suptree-journal --help\n", stderr);
		return false;
	}
}

enum st_past_task st_past_options_read(int argc, char **argv, struct st_past_options *ret_options)
{
	struct st_past_options options = {
		.folder = getenv("SUPTREE_FOLDER"),
		.limits = {
			.max_age_us = INT64_C(1) * DEFAULT_AGE_S * US_PER_S,
			.max_bytes = DEFAULT_SIZE,
		},
	};
	int option;

	while ((option = getopt_long(argc, argv, "f:s:hV", known, NULL)) != -1) {
		if (option == 'h') {
			fputs(usage, stdout);
			return ST_PAST_TASK_EXIT;
		}
		if (option == 'V') {
			printf("suptree-journal %s\n", ST_VERSION);
			return ST_PAST_TASK_EXIT;
		}
		if (!set(&options, option))
			return ST_PAST_TASK_USAGE;
	}
	if (optind < argc) {
		fprintf(stderr, "suptree-journal: %s: it takes no arguments, only options\n",
			argv[optind]);
		return ST_PAST_TASK_USAGE;
	}
	if (!options.folder || *options.folder != '/') {
		fputs("suptree-journal: --folder is missing, or no absolute path: where shall the "
		      "database be? suptreed sets $SUPTREE_FOLDER for a service\n",
		      stderr);
		return ST_PAST_TASK_USAGE;
	}
	*ret_options = options;
	return ST_PAST_TASK_RUN;
}
