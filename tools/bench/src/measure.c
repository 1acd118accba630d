// SPDX-License-Identifier: GPL-2.0-only
/*
 * The meter. It reads only the ring and the pids, so it is independent of the supervisor
 * that it measures. Each command prints one JSON object, which is its last line.
 *
 *	measure init RING
 *	measure wait RING N FROM_NS TIMEOUT_S
 *		time from FROM_NS to the first instruction of the last of N children
 *	measure restart RING N SAMPLES GAP_US TIMEOUT_S
 *		SIGKILL to one child after the other; time from just before the
 *		signal to the first instruction of the replacement
 *	measure mass RING N TIMEOUT_S
 *		SIGKILL to all; time until all are back
 *	measure rate RING SECONDS
 *		starts per second, whatever causes them
 *	measure gone RING N TIMEOUT_S
 *		prints a line when it knows the children; then when no child is left,
 *		zombies included
 *
 * Called by figures.py.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "records.h"

static struct records records;

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void nap(uint64_t us)
{
	struct timespec time = { (time_t)(us / 1000000), (long)(us % 1000000) * 1000 };

	nanosleep(&time, NULL);
}

static uint64_t deadline(const char *seconds)
{
	return now_ns() + (uint64_t)(strtod(seconds, NULL) * 1e9);
}

static uint32_t count(const char *text)
{
	unsigned long nr = strtoul(text, NULL, 10);

	if (nr < 1 || nr > MAX_SLOTS) {
		fprintf(stderr, "measure: %s is not a number from 1 to %d\n", text, MAX_SLOTS);
		exit(2);
	}
	return (uint32_t)nr;
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* Of times in their order. */
static double percentile(const uint64_t *times_ns, uint32_t nr, uint32_t percent)
{
	uint32_t at = (uint32_t)((uint64_t)nr * percent / 100);

	return (double)times_ns[at];
}

static int measure_init(char **args)
{
	(void)args;
	puts("{\"ok\":true}");
	return 0;
}

static int measure_wait(char **args)
{
	uint32_t nr = count(args[0]);
	uint64_t from_ns = strtoull(args[1], NULL, 10), end_ns = deadline(args[2]), last_ns = 0;

	for (;;) {
		st_records_update(&records);
		if (records.nr_slots_seen >= nr)
			break;
		if (now_ns() > end_ns) {
			printf("{\"ok\":false,\"up\":%u}\n", records.nr_slots_seen);
			return 1;
		}
		nap(500);
	}
	for (uint32_t i = 0; i < nr; i++)
		if (records.slots[i].start_ns > last_ns)
			last_ns = records.slots[i].start_ns;
	printf("{\"ok\":true,\"up\":%u,\"ms\":%.3f}\n", records.nr_slots_seen,
	       (double)(last_ns - from_ns) / 1e6);
	return 0;
}

/* Kills a child; nanoseconds until its replacement began, 0 if none came. */
static uint64_t restart_one(struct slot *slot, uint64_t timeout_ns)
{
	uint32_t nr_starts;
	uint64_t killed_ns;

	st_records_update(&records);
	nr_starts = slot->nr_starts;
	killed_ns = now_ns();
	if (!slot->pid || kill((pid_t)slot->pid, SIGKILL))
		return 0;
	/* not looking at once: the meter must not take the CPU it measures */
	nap(300);
	for (;;) {
		st_records_update(&records);
		if (slot->nr_starts != nr_starts)
			return slot->start_ns - killed_ns;
		if (now_ns() - killed_ns > timeout_ns)
			return 0;
		nap(200);
	}
}

static int measure_restart(char **args)
{
	uint32_t nr = count(args[0]), nr_samples = count(args[1]), nr_good = 0;
	uint64_t gap_us = strtoull(args[2], NULL, 10);
	uint64_t timeout_ns = (uint64_t)(strtod(args[3], NULL) * 1e9);
	static uint64_t times_ns[MAX_SLOTS];

	for (uint32_t i = 0; i < nr_samples; i++) {
		uint64_t time_ns = restart_one(&records.slots[i % nr], timeout_ns);

		if (time_ns)
			times_ns[nr_good++] = time_ns;
		nap(gap_us);
	}
	if (!nr_good) {
		printf("{\"ok\":false,\"lost\":%u}\n", nr_samples);
		return 1;
	}
	qsort(times_ns, nr_good, sizeof(*times_ns), compare);
	printf("{\"ok\":true,\"n\":%u,\"lost\":%u,\"min_us\":%.1f,\"p50_us\":%.1f,"
	       "\"p90_us\":%.1f,\"p99_us\":%.1f,\"max_us\":%.1f}\n",
	       nr_good, nr_samples - nr_good, (double)times_ns[0] / 1e3,
	       percentile(times_ns, nr_good, 50) / 1e3, percentile(times_ns, nr_good, 90) / 1e3,
	       percentile(times_ns, nr_good, 99) / 1e3, (double)times_ns[nr_good - 1] / 1e3);
	return 0;
}

static int measure_mass(char **args)
{
	uint32_t nr = count(args[0]), nr_back = 0;
	uint64_t end_ns = deadline(args[1]), from_ns;
	static uint64_t times_ns[MAX_SLOTS];
	static uint32_t killed[MAX_SLOTS];

	st_records_update(&records);
	for (uint32_t i = 0; i < nr; i++)
		killed[i] = records.slots[i].pid;
	from_ns = now_ns();
	for (uint32_t i = 0; i < nr; i++)
		if (killed[i])
			(void)kill((pid_t)killed[i], SIGKILL);
	do {
		nap(1000);
		st_records_update(&records);
		nr_back = 0;
		for (uint32_t i = 0; i < nr; i++)
			if (records.slots[i].pid != killed[i])
				times_ns[nr_back++] = records.slots[i].start_ns - from_ns;
	} while (nr_back < nr && now_ns() < end_ns);
	if (!nr_back) {
		puts("{\"ok\":false,\"up\":0}");
		return 1;
	}
	qsort(times_ns, nr_back, sizeof(*times_ns), compare);
	printf("{\"ok\":%s,\"up\":%u,\"half_ms\":%.3f,\"all_ms\":%.3f}\n",
	       nr_back == nr ? "true" : "false", nr_back, percentile(times_ns, nr_back, 50) / 1e6,
	       (double)times_ns[nr_back - 1] / 1e6);
	return nr_back != nr;
}

static int measure_rate(char **args)
{
	const uint64_t *nr = &records.ring->nr_records;
	uint64_t before = __atomic_load_n(nr, __ATOMIC_ACQUIRE), from_ns = now_ns(), starts;

	nap((uint64_t)(strtod(args[0], NULL) * 1e6));
	starts = __atomic_load_n(nr, __ATOMIC_ACQUIRE) - before;
	printf("{\"ok\":true,\"starts\":%llu,\"per_s\":%.2f}\n", (unsigned long long)starts,
	       (double)starts / ((double)(now_ns() - from_ns) / 1e9));
	return 0;
}

/* By descriptors: a pid may be another process by the time one looks. */
static void open_pidfds(int *pidfds, uint32_t nr)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files)) {
		perror("measure: getrlimit");
		exit(2);
	}
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	for (uint32_t i = 0; i < nr; i++) {
		pidfds[i] = (int)syscall(SYS_pidfd_open, records.slots[i].pid, 0);
		if (pidfds[i] < 0 && errno != ESRCH && errno != EINVAL) {
			perror("measure: pidfd_open");
			exit(2);
		}
	}
}

static int is_gone(int pidfd)
{
	return pidfd < 0 ||
	       (syscall(SYS_pidfd_send_signal, pidfd, 0, NULL, 0) < 0 && errno == ESRCH);
}

static int measure_gone(char **args)
{
	uint32_t nr = count(args[0]), nr_gone = 0;
	uint64_t end_ns = deadline(args[1]), looked_ns;
	static int pidfds[MAX_SLOTS];

	st_records_update(&records);
	open_pidfds(pidfds, nr);
	puts("waiting");
	fflush(stdout);
	for (;;) {
		looked_ns = now_ns();
		while (nr_gone < nr && is_gone(pidfds[nr_gone]))
			nr_gone++;
		if (nr_gone == nr || looked_ns > end_ns)
			break;
		nap(300);
	}
	printf("{\"ok\":%s,\"at_ns\":%llu}\n", nr_gone == nr ? "true" : "false",
	       (unsigned long long)looked_ns);
	return nr_gone != nr;
}

static const struct command {
	const char *name;
	int nr_args; /* after RING */
	int (*run)(char **args);
} commands[] = {
	{ "init", 0, measure_init }, { "wait", 3, measure_wait }, { "restart", 4, measure_restart },
	{ "mass", 2, measure_mass }, { "rate", 1, measure_rate }, { "gone", 2, measure_gone },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 2 && i < sizeof(commands) / sizeof(*commands); i++) {
		if (strcmp(argv[1], commands[i].name) || argc != 3 + commands[i].nr_args)
			continue;
		st_records_open(&records, argv[2], !strcmp(argv[1], "init"));
		return commands[i].run(argv + 3);
	}
	fputs("usage: measure COMMAND RING ..., see the head of measure.c\n", stderr);
	return 2;
}
