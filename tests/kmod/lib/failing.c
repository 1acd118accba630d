// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fault injection, see failing.h.
 */
#include "failing.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NTH "/proc/thread-self/fail-nth"
#define TASK "/proc/thread-self/make-it-fail"
#define STACK_ROOM (256 << 10)
#define SKIPPED 4 /* as kselftest has it */

static int nth_fd; /* it stays open meanwhile: opening it needs memory, too */

static int put(const char *file, const char *text)
{
	int fd = open(file, O_WRONLY | O_CLOEXEC);
	int err;

	if (fd < 0)
		return -errno;
	err = write(fd, text, strlen(text)) < 0 ? -errno : 0;
	close(fd);
	return err;
}

/* A stack that must grow and cannot is a SIGSEGV: this one has grown before. */
static void grow_stack(void)
{
	volatile char room[STACK_ROOM];

	for (size_t at = sizeof(room); at; at -= 1024)
		room[at - 1] = 0;
}

/* Allocations that may wait, and of single pages, are spared by default. */
static int spare_nothing(void)
{
	static const char *const settings[][2] = {
		{ "failslab/ignore-gfp-wait", "N" },
		{ "failslab/task-filter", "Y" },
		{ "failslab/verbose", "0" },
		{ "failslab/times", "-1" },
		{ "fail_page_alloc/ignore-gfp-wait", "N" },
		{ "fail_page_alloc/min-order", "0" },
		{ "fail_page_alloc/task-filter", "Y" },
		{ "fail_page_alloc/verbose", "0" },
		{ "fail_page_alloc/times", "-1" },
	};
	int err = 0;

	grow_stack();
	for (unsigned int i = 0; !err && i < sizeof(settings) / sizeof(*settings); i++) {
		char file[64];

		snprintf(file, sizeof(file), "/sys/kernel/debug/%s", settings[i][0]);
		err = put(file, settings[i][1]);
	}
	return err;
}

static void __attribute__((constructor)) need_fault_injection(void)
{
	if (!access(NTH, W_OK) && !access("/sys/kernel/debug/failslab", X_OK) &&
	    !access("/sys/kernel/debug/fail_page_alloc", X_OK))
		return;
	puts("TAP version 13\n1..0 # SKIP needs root, and a kernel with fault injection");
	(void)fflush(stdout);
	_exit(SKIPPED);
}

int failing_nth(unsigned int nth)
{
	int err = spare_nothing();
	char text[16];

	if (err)
		return err;
	nth_fd = open(NTH, O_RDWR | O_CLOEXEC);
	if (nth_fd < 0)
		return -errno;
	snprintf(text, sizeof(text), "%u", nth);
	return write(nth_fd, text, strlen(text)) < 0 ? -errno : 0;
}

unsigned int failing_end(void)
{
	char text[16] = "";

	if (read(nth_fd, text, sizeof(text) - 1) <= 0 || write(nth_fd, "0", 1) < 0)
		abort();
	close(nth_fd);
	return (unsigned int)strtoul(text, NULL, 10);
}

/* Ending it needs memory, too, and is tried until there was some. */
static int fail_no_more(void)
{
	int err;

	do
		err = put(TASK, "0");
	while (err == -ENOMEM);
	return err;
}

int failing_often(unsigned int percent)
{
	int err = percent ? spare_nothing() : fail_no_more();
	char text[16];

	if (err || !percent)
		return err;
	snprintf(text, sizeof(text), "%u", percent);
	err = put("/sys/kernel/debug/failslab/probability", text);
	if (!err)
		err = put("/sys/kernel/debug/fail_page_alloc/probability", text);
	return err ? err : put(TASK, "1");
}
