// SPDX-License-Identifier: GPL-2.0-only
/*
 * A worker that holds a number: what a supervisor brings back, and what it
 * cannot. Started again, it begins where its argument says; what it had counted
 * is gone with the process.
 *
 *	counter START
 *
 * SIGUSR1 adds one, SIGUSR2 takes one off. The number is shown on standard
 * output and as its status whenever it changes. It ends by any other signal, as
 * any process does: SIGTERM's own effect is the end that OTP calls shutdown.
 * Read next: printer.c.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "workers/notify.h"

#define MAX_START 1000000000

static void show(long value, const char *prefix)
{
	char message[64];

	printf("value %ld\n", value);
	snprintf(message, sizeof(message), "%sSTATUS=value %ld", prefix, value);
	st_notify(message);
}

static long read_start(const char *text)
{
	char *end;
	long value;

	errno = 0;
	value = strtol(text, &end, 10);
	if (errno || end == text || *end || value < -MAX_START || value > MAX_START) {
		fprintf(stderr, "counter: %s: not a number from %d to %d\n", text, -MAX_START,
			MAX_START);
		exit(2);
	}
	return value;
}

int main(int argc, char **argv)
{
	sigset_t counted;
	long value;
	int signo;

	if (argc != 2) {
		fputs("usage: counter START\n", stderr);
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	value = read_start(argv[1]);
	sigemptyset(&counted);
	sigaddset(&counted, SIGUSR1);
	sigaddset(&counted, SIGUSR2);
	sigprocmask(SIG_BLOCK, &counted, NULL);
	show(value, "READY=1\n");
	for (;;) {
		if (sigwait(&counted, &signo))
			continue;
		value += signo == SIGUSR1 ? 1 : -1;
		show(value, "");
	}
}
