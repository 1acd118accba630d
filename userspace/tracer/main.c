// SPDX-License-Identifier: GPL-2.0-only
/*
 * suptree-tracer: prints which process sends what to which, until a limit, SIGINT or
 * SIGTERM.
 *
 * Only this file of the folder prints. It works without the daemon. Records go to stdout.
 * A line when tracing has begun, and the counters at the end, go to stderr.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "proto/version.h"
#include "tracer/join.h"
#include "tracer/options.h"
#include "tracer/pins.h"
#include "tracer/service.h"
#include "tracer/session.h"
#include "tracer/show.h"
#include "tracer/words.h"

/* Records that do not fill the ring are taken out this often. */
#define BATCH_MS 100

enum {
	EXIT_OK,
	EXIT_FAILED,
	EXIT_USAGE
};

/* A record without its other half is printed alone then. */
#define JOIN_NS (10 * ST_NSEC_PER_SEC)

struct printer {
	struct st_process_names names;
	struct st_buf out;
	bool json;
	__u64 nr_records;
	struct st_join *join; /* NULL: records are printed as they come */
};

static void print_one(void *context, const struct st_record *record, __u64 latency_ns)
{
	struct printer *printer = context;

	if (printer->json)
		st_record_show_json(&printer->out, &printer->names, record, latency_ns);
	else
		st_record_show_line(&printer->out, &printer->names, record, printer->join,
				    latency_ns);
}

static void print_record(void *context, const struct st_record *record)
{
	struct printer *printer = context;

	st_process_names_learn(&printer->names, record);
	printer->nr_records++;
	if (!printer->join)
		print_one(printer, record, 0);
	else if (st_join_add(printer->join, record))
		fputs("suptree-tracer: no memory to join a record\n", stderr);
}

/* One batch, from the ring to stdout; and what is older than @before_ns, joined or not. */
static int print_batch(struct st_session *session, struct printer *printer, __u64 before_ns)
{
	st_process_names_forget(&printer->names);
	st_buf_reset(&printer->out);
	int result = st_session_read(session, print_record, printer);

	if (result < 0)
		return result;
	if (printer->join)
		st_join_expire(printer->join, before_ns);
	result = st_buf_error(&printer->out);
	if (result)
		return result;
	fputs(st_buf_text(&printer->out), stdout);
	return fflush(stdout) ? -errno : 0;
}

static __u64 now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_BOOTTIME, &now); /* a clock that Linux has cannot fail */
	return (__u64)now.tv_sec * ST_NSEC_PER_SEC + (__u64)now.tv_nsec;
}

/* Run until a limit is reached or a signal comes. */
static int print_all(struct st_session *session, const struct st_session_limits *limits,
		     struct printer *printer, int signals)
{
	struct pollfd polled[] = {
		{ .fd = st_session_fd(session), .events = POLLIN },
		{ .fd = signals, .events = POLLIN },
	};
	__u64 end_ns = limits->duration_ns ? now_ns() + limits->duration_ns : UINT64_MAX;

	st_session_start(session);
	fputs("suptree-tracer: tracing\n", stderr);
	while (now_ns() < end_ns && (!limits->count || printer->nr_records < limits->count)) {
		int result = poll(polled, ST_ARRAY_SIZE(polled), BATCH_MS) < 0 ? -errno : 0;

		if (!result)
			result = print_batch(session, printer, now_ns() - JOIN_NS);
		if (result)
			return result;
		if (polled[1].revents)
			break;
	}
	st_session_stop(session);
	return print_batch(session, printer, UINT64_MAX);
}

static void print_counts(const struct st_session *session)
{
	struct st_session_counts counts;
	int result = st_session_counts(session, &counts);

	if (result) {
		fprintf(stderr, "suptree-tracer: read the counters: %s\n", strerror(-result));
		return;
	}
	for (int kind = 0; kind < ST_RECORD_KIND__MAX; kind++) {
		const struct st_record_counter *counter = &counts.kinds[kind];

		fprintf(stderr, "suptree-tracer: %s: %llu emitted, %llu dropped, %llu limited\n",
			st_kind_word[kind], counter->emitted, counter->dropped, counter->limited);
	}
	fprintf(stderr, "suptree-tracer: %llu missed, %llu children not followed\n", counts.missed,
		counts.unwatched_children);
}

static int watch(struct st_session *session, const struct st_tracer_options *options)
{
	__u32 word = ST_WATCH_ON | (options->alone ? 0 : ST_WATCH_CHILDREN);
	int result = st_session_watch(session, getpid(), ST_WATCH_NEVER);

	if (result) {
		fprintf(stderr, "suptree-tracer: leave itself out: %s\n", strerror(-result));
		return result;
	}
	for (unsigned int i = 0; i < options->nr_pids; i++) {
		result = st_session_watch(session, options->pids[i], word);
		if (result) {
			fprintf(stderr, "suptree-tracer: watch process %d: %s\n", options->pids[i],
				strerror(-result));
			return result;
		}
	}
	return 0;
}

/* A descriptor for SIGINT and SIGTERM. */
static int open_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	if (sigprocmask(SIG_BLOCK, &set, NULL))
		return -errno;
	int fd = signalfd(-1, &set, SFD_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

static int complain_of_pins(int result)
{
	fprintf(stderr, "suptree-tracer: pin below %s: %s\n", ST_PINS_FOLDER,
		result == -EBUSY ? "another tracer does" :
		result == -ENOTSUP ?
				   "no BPF file system is mounted: mount -t bpf bpf " ST_PINS_ROOT :
				   strerror(-result));
	return result;
}

static void warn_missing(void *context, const struct st_hook_state *state)
{
	(void)context;
	fprintf(stderr, "suptree-tracer: %s: no hook %s (%s %s): %s\n", state->kind, state->name,
		state->tier, state->target, state->reason);
}

/* The programs, loaded and attached, and watching whom they should. */
static int prepare(const struct st_tracer_options *options, const struct st_pins *pins,
		   struct st_session **ret_session)
{
	struct st_session_limits limits = options->limits;

	limits.missing = warn_missing;
	int result = st_session_new(&limits, ret_session);

	if (result) {
		fprintf(stderr, "suptree-tracer: load the BPF programs: %s (see --doctor)\n",
			strerror(-result));
		return result;
	}
	result = pins ? st_pins_add(pins, *ret_session) : 0;
	if (result)
		return complain_of_pins(result);
	return watch(*ret_session, options);
}

static int trace(const struct st_tracer_options *options)
{
	static struct printer printer; /* too large for the stack */
	struct st_session *session = NULL;
	struct st_pins *pins = NULL;
	int signals = open_signals();
	int result = options->pin ? st_pins_new(&pins) : 0;

	if (result) {
		complain_of_pins(result);
		return EXIT_FAILED;
	}
	st_buf_init(&printer.out);
	printer.json = options->json;
	if (options->join)
		printer.join = st_join_new(print_one, &printer);
	if (options->join && !printer.join) {
		fputs("suptree-tracer: no memory to join records\n", stderr);
		result = -ENOMEM;
	} else {
		result = prepare(options, pins, &session);
	}
	if (!result) {
		result = print_all(session, &options->limits, &printer, signals);
		if (result)
			fprintf(stderr, "suptree-tracer: trace: %s\n", strerror(-result));
		print_counts(session);
	}
	st_pins_free(pins);
	st_session_free(session);
	st_join_free(printer.join);
	st_buf_done(&printer.out);
	close(signals);
	return result ? EXIT_FAILED : EXIT_OK;
}

static void print_hook(void *context, const struct st_hook_state *state)
{
	(void)context;
	const char *what = state->chosen ? "used" : "works; one above is used";

	printf("%-8s  %-17s  %-10s  %-20s  %s\n", state->kind, state->name, state->tier,
	       state->target, state->reason ? state->reason : what);
}

static int doctor(void)
{
	printf("%-8s  %-17s  %-10s  %-20s  %s\n", "KIND", "HOOK", "TIER", "TARGET", "STATE");
	int result = st_session_examine(print_hook, NULL);

	if (result < 0)
		fprintf(stderr, "suptree-tracer: read the kernel's types: %s\n", strerror(-result));
	return result > 0 ? EXIT_OK : EXIT_FAILED;
}

int main(int argc, char **argv)
{
	struct st_tracer_options options;

	if (argc == 2 && !strcmp(argv[1], "--service"))
		return st_service_main(argc, argv);
	if (st_tracer_options_parse(argc, argv, &options))
		return EXIT_USAGE;
	switch (options.task) {
	case ST_TRACER_DOCTOR:
		return doctor();
	case ST_TRACER_HELP:
		fputs(st_tracer_usage, stdout);
		return EXIT_OK;
	case ST_TRACER_VERSION:
		printf("suptree-tracer %s\n", ST_VERSION);
		return EXIT_OK;
	case ST_TRACER_TRACE:
	default:
		return trace(&options);
	}
}
