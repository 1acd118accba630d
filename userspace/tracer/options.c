// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command line of suptree-tracer. See options.h; `suptree-tracer --help`.
 *
 * Nothing is looked up here: whether a process is there is found out by main.c.
 */
#include "tracer/options.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "tracer/words.h"

const char st_tracer_usage[] =
	"suptree-tracer: show which process sends what to which\n"
	"\n"
	"  suptree-tracer --pid PID[,PID...] [OPTION...]\n"
	"  suptree-tracer --all [OPTION...]\n"
	"  suptree-tracer --doctor\n"
	"\n"
	"  --pid PID,...    trace these processes, and the processes that they fork\n"
	"  --alone          with --pid: do not trace forked processes\n"
	"  --all            trace every process\n"
	"  --kinds KIND,... trace these kinds (default: signal, process, unix); others cost more:\n"
	"                   pipe, eventfd, sigwait, mqueue, sysv, futex; or all\n"
	"  --tier TIER      use only hooks of this tier: tracepoint, function\n"
	"  --payload N      keep up to N bytes of each message (64; at most 4096)\n"
	"  --duration TIME  stop after this time: 5s, 1.5min\n"
	"  --count N        stop after N records\n"
	"  --rate N         print at most N records a second, and count the others\n"
	"  --ring N         bytes of the ring (4194304), a power of two, at least 4096\n"
	"  --join           print one line for a message, with both ends, when it is received\n"
	"  --pin            show the loaded BPF objects below /sys/fs/bpf/suptree\n"
	"  --service        serve the daemon, as its child; no other option\n"
	"  --json           print one JSON object a line\n"
	"  --doctor         show which hooks this kernel supports, and why not the others\n"
	"  --help, --version\n";

enum choice {
	PID = 256,
	ALONE,
	ALL,
	KINDS,
	TIER,
	PAYLOAD,
	DURATION,
	COUNT,
	RATE,
	RING,
	JOIN,
	PIN,
	JSON,
	DOCTOR
};

static const struct option known[] = {
	{ "pid", required_argument, NULL, PID },
	{ "alone", no_argument, NULL, ALONE },
	{ "all", no_argument, NULL, ALL },
	{ "kinds", required_argument, NULL, KINDS },
	{ "tier", required_argument, NULL, TIER },
	{ "payload", required_argument, NULL, PAYLOAD },
	{ "duration", required_argument, NULL, DURATION },
	{ "count", required_argument, NULL, COUNT },
	{ "rate", required_argument, NULL, RATE },
	{ "ring", required_argument, NULL, RING },
	{ "join", no_argument, NULL, JOIN },
	{ "pin", no_argument, NULL, PIN },
	{ "json", no_argument, NULL, JSON },
	{ "doctor", no_argument, NULL, DOCTOR },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ 0 },
};

/* A decimal number from @min to @max, followed only by what @end allows. */
static int parse_number(const char *text, __u64 min, __u64 max, __u64 *ret_number)
{
	char *end;

	if (*text < '0' || *text > '9')
		return -EINVAL;
	errno = 0;
	unsigned long long number = strtoull(text, &end, 10);

	if (errno || *end || number < min || number > max)
		return -EINVAL;
	*ret_number = number;
	return 0;
}

static int parse_pids(char *list, struct st_tracer_options *options)
{
	char *rest = NULL;

	for (char *word = strtok_r(list, ",", &rest); word; word = strtok_r(NULL, ",", &rest)) {
		__u64 pid;

		if (options->nr_pids == ST_TRACER_PIDS_MAX || parse_number(word, 1, INT_MAX, &pid))
			return -EINVAL;
		options->pids[options->nr_pids++] = (pid_t)pid;
	}
	return options->nr_pids ? 0 : -EINVAL;
}

static int parse_u32(const char *text, __u64 min, __u64 max, __u32 *ret_number)
{
	__u64 number;

	if (parse_number(text, min, max, &number))
		return -EINVAL;
	*ret_number = (__u32)number;
	return 0;
}

static int parse_ring(const char *text, __u32 *ret_bytes)
{
	__u32 bytes;

	if (parse_u32(text, 4096, 1u << 30, &bytes) || (bytes & (bytes - 1)))
		return -EINVAL;
	*ret_bytes = bytes;
	return 0;
}

static int parse_duration(const char *text, __u64 *ret_ns)
{
	uint64_t ns;

	if (st_text_parse_duration(text, &ns) != ST_NUMBER_OK || ns == 0)
		return -EINVAL;
	*ret_ns = ns;
	return 0;
}

static int take(int choice, char *value, struct st_tracer_options *options)
{
	switch (choice) {
	case PID:
		return parse_pids(value, options);
	case KINDS:
		options->kinds_given = true;
		return st_kinds_parse(value, &options->limits.kinds);
	case TIER:
		return st_tier_parse(value, &options->limits.tiers);
	case PAYLOAD:
		return parse_u32(value, 0, ST_RECORD_PAYLOAD_MAX, &options->limits.payload_max);
	case DURATION:
		return parse_duration(value, &options->limits.duration_ns);
	case COUNT:
		return parse_number(value, 1, INT64_MAX, &options->limits.count);
	case RATE:
		return parse_number(value, 1, INT_MAX, &options->limits.rate);
	case RING:
		return parse_ring(value, &options->limits.ring_bytes);
	case ALONE:
		options->alone = true;
		return 0;
	case ALL:
		options->limits.all = true;
		return 0;
	case PIN:
		options->pin = true;
		return 0;
	case JOIN:
		options->join = true;
		return 0;
	case JSON:
		options->json = true;
		return 0;
	case DOCTOR:
		options->task = ST_TRACER_DOCTOR;
		return 0;
	case 'h':
		options->task = ST_TRACER_HELP;
		return 0;
	case 'V':
		options->task = ST_TRACER_VERSION;
		return 0;
	default:
		return -EINVAL; /* getopt_long has printed the error */
	}
}

static int complain(const char *what, const char *value)
{
	fprintf(stderr, "suptree-tracer: %s%s%s (--help)\n", what, value ? ": " : "",
		value ? value : "");
	return -EINVAL;
}

int st_tracer_options_parse(int argc, char *const *argv, struct st_tracer_options *ret_options)
{
	struct st_tracer_options options = {
		.limits = { .kinds = ST_KINDS_DEFAULT, .payload_max = 64 },
	};
	int index = 0;
	int option;

	while ((option = getopt_long(argc, argv, "hV", known, &index)) != -1) {
		if (option == '?')
			return -EINVAL;
		if (take(option, optarg, &options))
			return complain("this value is not allowed for its option", optarg);
	}
	if (optind < argc)
		return complain("unknown argument", argv[optind]);
	if (options.task == ST_TRACER_TRACE && !options.limits.all == !options.nr_pids)
		return complain("either --pid or --all is needed", NULL);
	if (options.kinds_given)
		options.limits.required = options.limits.kinds;
	*ret_options = options;
	return 0;
}
